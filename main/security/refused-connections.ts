import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

/** Why a connection was not let in. */
export type RefusedWhy = 'not-paired' | 'expired' | 'not-in-list' | 'no-key';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Pick<AuditLog, 'append'>;
}

const WINDOW_MS = 60_000;
/** So many sources a window are recorded one by one; the others are only counted. */
const SOURCES_A_WINDOW = 100;

/** Connections that were not let in: each source recorded once a window, never once an attempt. */
export class RefusedConnections {
  readonly #ports: Ports;
  readonly #totals = new Map<RefusedWhy, number>();
  /** Attempts of this window, by source and why. */
  readonly #window = new Map<string, number>();
  #uncounted = 0;
  #endsMonoMs = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** `source` is the peer's address; `key` the fingerprint of what it showed, empty for none. */
  add(why: RefusedWhy, source: string, key: string, channel: string): void {
    this.#totals.set(why, (this.#totals.get(why) ?? 0) + 1);
    if (this.#ports.clock.monoMs() >= this.#endsMonoMs) this.#beginWindow();
    const id = `${why} ${source} ${key}`;
    const count = this.#window.get(id) ?? 0;
    if (count === 0 && this.#window.size >= SOURCES_A_WINDOW) {
      this.#uncounted += 1;
      if (this.#uncounted === 1) this.#record(why, 'and others', '', channel);
      return;
    }
    this.#window.set(id, count + 1);
    if (count === 0) this.#record(why, source, key, channel);
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#totals);
  }

  #beginWindow(): void {
    this.#window.clear();
    this.#uncounted = 0;
    this.#endsMonoMs = this.#ports.clock.monoMs() + WINDOW_MS;
  }

  #record(why: RefusedWhy, source: string, key: string, channel: string): void {
    const { clock, log, audit } = this.#ports;
    log.warn('connection-refused', { why, source, channel, ...(key === '' ? {} : { key }) });
    const entry: AuditEntry = {
      ...{ tsUtcUs: Math.round(clock.nowMs() * 1000), tsMonoUs: Math.round(clock.monoMs() * 1000) },
      ...{ actorKind: 'client', actor: 'unproven', type: 'CONNECTION_REFUSED', code: 'NOT_AUTHORISED' },
      reason: `${SENTENCES[why]}: ${source}, ${channel} channel${key === '' ? '' : `, key ${key}`}`,
    };
    void audit.append([entry]);
  }
}

const SENTENCES: Readonly<Record<RefusedWhy, string>> = {
  'not-paired': 'a key that is not paired',
  expired: 'a pairing that has expired',
  'not-in-list': 'an address that is not in allow_from',
  'no-key': 'a connection without a key',
};
