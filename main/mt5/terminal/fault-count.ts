import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';

/** A kind of fault is logged again after so long, in milliseconds. */
const LOG_AGAIN_MS = 60_000;

/** Counts faults of another program by kind, and logs each kind at most once a minute: their number is in its hands. */
export class FaultCount<Kind extends string> {
  readonly #event: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counts = new Map<Kind, number>();
  readonly #loggedMonoMs = new Map<Kind, number>();

  constructor(event: string, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#event = event;
    this.#clock = clock;
    this.#log = log;
  }

  add(kind: Kind, message: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const nowMs = this.#clock.monoMs();
    if (nowMs - (this.#loggedMonoMs.get(kind) ?? -Infinity) < LOG_AGAIN_MS) return;
    this.#loggedMonoMs.set(kind, nowMs);
    this.#log.warn(this.#event, { kind, message, count });
  }

  counts(): Readonly<Partial<Record<Kind, number>>> {
    return Object.fromEntries(this.#counts) as Partial<Record<Kind, number>>;
  }
}
