import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { ErrorCode } from '../protocol/codes.ts';
import { canonicalJson } from '../protocol/json.ts';
import type { FabricEvent } from '../protocol/events.ts';

/** What is known of a client that has asked something in this session. */
export interface ClientView {
  readonly name: string;
  /** Wall time, Unix milliseconds. */
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly requests: number;
  readonly rejects: number;
  /** The code that it was refused with most often, null where it never was. */
  readonly topReject: ErrorCode | null;
  readonly lastAction: string | null;
  /** How far its clock is ahead of the gateway's, as the median of its last requests; null before the first. */
  readonly clockOffsetMs: number | null;
}

const OFFSET_SAMPLES = 15;
const COUNT_EVERY_MS = 60_000;
/** So many refusals a minute and client are recorded in full; the rest as a count. */
const REFUSALS_IN_FULL = 20;
/** So many new names a minute are recorded and announced: a peer that invents names must not fill the log. */
const NEW_NAMES_A_MINUTE = 100;
/** Under this, which is no client_id, the names beyond that are recorded together. */
const OTHER_NAMES = '(others)';

interface Ports {
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly announce: (event: FabricEvent) => void;
}

interface Client {
  readonly name: string;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  requests: number;
  lastAction: string | null;
  readonly rejects: Map<ErrorCode, number>;
  readonly offsetsMs: number[];
  readonly tally: Tally;
}

/** Since the last count: queries by action, and refusals that were not recorded in full. */
class Tally {
  readonly actor: string;
  readonly queries = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  refusalsInFull = 0;

  constructor(actor: string) {
    this.actor = actor;
  }
}

/** Who talks to the gateway: bounded, the longest idle goes first. Records and announces who is new; counts what only asks. */
export class ClientRegistry {
  readonly #limit: number;
  readonly #ports: Ports;
  /** By name, the longest idle first. */
  readonly #clients = new Map<string, Client>();
  readonly #others = new Tally(OTHER_NAMES);
  #latest: Client | null = null;
  #newNames = 0;
  #cancelCount: () => void = () => {};

  constructor(limit: number, ports: Ports) {
    this.#limit = limit;
    this.#ports = ports;
  }

  /** Begins to write the counts once a minute. */
  start(): void {
    this.#cancelCount();
    this.#cancelCount = this.#ports.clock.after(COUNT_EVERY_MS, () => {
      this.#writeCounts();
      this.start();
    });
  }

  /** Writes what has been counted. May be called twice. */
  stop(): void {
    this.#cancelCount();
    this.#writeCounts();
  }

  /** A request has come. `sentAtMs` is the client's clock, where it could be read. */
  seen(name: string, action: string | null, sentAtMs: number | null): void {
    const nowMs = this.#ports.clock.nowMs();
    const client = this.#clients.get(name) ?? this.#welcome(name, nowMs);
    this.#moveToEnd(client);
    client.lastSeenMs = nowMs;
    client.requests += 1;
    client.lastAction = action;
    if (sentAtMs === null) return;
    client.offsetsMs.push(sentAtMs - nowMs);
    if (client.offsetsMs.length > OFFSET_SAMPLES) client.offsetsMs.shift();
  }

  /** A query or heartbeat was answered; such cost no row of their own. */
  asked(name: string, action: string): void {
    const client = this.#clients.get(name);
    if (client !== undefined) add(client.tally.queries, action);
  }

  /** A request was refused. */
  rejected(name: string, code: ErrorCode): void {
    const client = this.#clients.get(name);
    if (client !== undefined) add(client.rejects, code);
  }

  /** A client has said that it goes. */
  left(name: string): void {
    this.#announce(name, 'BYE', this.#ports.clock.nowMs());
  }

  /** A refusal that no command's row tells of: recorded in full, up to a bound. */
  refusedQuery(name: string, action: string | null, code: ErrorCode, reason: string): void {
    const tally = this.#clients.get(name)?.tally;
    if (tally === undefined) return;
    tally.refusalsInFull += 1;
    if (tally.refusalsInFull > REFUSALS_IN_FULL) {
      add(tally.refusals, code);
      return;
    }
    this.#record(tally.actor, { type: 'CLIENT_REFUSED', code, reason, ...(action === null ? {} : { action }) });
  }

  /** All clients, the last seen first. */
  clients(): readonly ClientView[] {
    return [...this.#clients.values()].reverse().map(viewOf);
  }

  /** The order of the map is the order of idleness. */
  #moveToEnd(client: Client): void {
    if (client === this.#latest) return;
    this.#clients.delete(client.name);
    this.#clients.set(client.name, client);
    this.#latest = client;
  }

  #welcome(name: string, nowMs: number): Client {
    if (this.#clients.size >= this.#limit) this.#forgetIdlest();
    this.#newNames += 1;
    const isToldOf = this.#newNames <= NEW_NAMES_A_MINUTE;
    if (isToldOf) {
      this.#record(name, { type: 'CLIENT_CONNECTED' });
      this.#announce(name, 'CONNECTED', nowMs);
    }
    return {
      name,
      firstSeenMs: nowMs,
      lastSeenMs: nowMs,
      requests: 0,
      lastAction: null,
      rejects: new Map(),
      offsetsMs: [],
      tally: isToldOf ? new Tally(name) : this.#others,
    };
  }

  #announce(name: string, change: 'CONNECTED' | 'BYE', nowMs: number): void {
    this.#ports.announce({ event: 'CLIENT', timestamp: nowMs / 1000, data: { client_id: name, change } });
  }

  #forgetIdlest(): void {
    const [idlest] = this.#clients.values();
    if (idlest === undefined) return;
    if (idlest.tally !== this.#others) this.#writeCountsOf(idlest.tally);
    this.#clients.delete(idlest.name);
  }

  #writeCounts(): void {
    this.#newNames = 0;
    for (const { tally } of this.#clients.values()) this.#writeCountsOf(tally);
    this.#writeCountsOf(this.#others);
  }

  #writeCountsOf(tally: Tally): void {
    const { actor, queries, refusals } = tally;
    tally.refusalsInFull = 0;
    if (queries.size === 0 && refusals.size === 0) return;
    const counts = { queries: Object.fromEntries(queries), refusals: Object.fromEntries(refusals) };
    this.#record(actor, { type: 'QUERY_COUNT', payload: canonicalJson(counts) });
    queries.clear();
    refusals.clear();
  }

  /** Not awaited, and a failure is not handled here: the log's own fault listener halts, and a query is no trade. */
  #record(actor: string, columns: Pick<AuditEntry, 'type' | 'action' | 'code' | 'reason' | 'payload'>): void {
    const { clock, audit } = this.#ports;
    const tsUtcUs = Math.round(clock.nowMs() * 1000);
    const tsMonoUs = Math.round(clock.monoMs() * 1000);
    void audit.append([{ tsUtcUs, tsMonoUs, actorKind: 'client', actor, ...columns }]);
  }
}

function viewOf(client: Client): ClientView {
  const { name, firstSeenMs, lastSeenMs, requests, lastAction, rejects, offsetsMs } = client;
  const byCount = [...rejects].sort(([, a], [, b]) => b - a);
  return {
    name,
    firstSeenMs,
    lastSeenMs,
    requests,
    rejects: byCount.reduce((total, [, count]) => total + count, 0),
    topReject: byCount[0]?.[0] ?? null,
    lastAction,
    clockOffsetMs: median(offsetsMs),
  };
}

function median(values: readonly number[]): number | null {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return middle === undefined ? null : Math.round(middle * 1000) / 1000;
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
