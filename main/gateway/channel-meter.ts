import type { Clock } from '../clock.ts';
import type { ErrorCode } from '../protocol/codes.ts';
import { LatencyHistogram } from './latency-histogram.ts';

/** What went through the channels in one second. Latencies are from receipt to reply; null where nothing was replied. */
export interface PaceSecond {
  /** When the second began, whole Unix seconds in milliseconds. */
  readonly atMs: number;
  readonly requests: number;
  readonly rejects: number;
  readonly ticks: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** The command channel since the start, its latencies over the last five minutes. */
export interface CommandFigures {
  readonly requests: number;
  readonly rejects: number;
  /** Of those, refused because trading was not on. */
  readonly refusedByState: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Monotonic; null before the first. */
  readonly lastRequestMonoMs: number | null;
}

const SECOND_MS = 1_000;
const SECONDS_KEPT = 300;
/** The five minutes are kept in slices, so that what is old can be let go. */
const SLICE_SECONDS = 5;
const SLICES = SECONDS_KEPT / SLICE_SECONDS;

const OF_THE_STATE: ReadonlySet<ErrorCode> = new Set(['KILL_SWITCH_ENGAGED', 'TRADING_SUSPENDED', 'REDUCE_ONLY']);

/**
 * Counts what goes through the channels. A request costs two additions; ticks are not counted here but read once a
 * second. Memory is the same after a minute and after a year.
 */
export class ChannelMeter {
  readonly #clock: Clock;
  readonly #second = new LatencyHistogram();
  readonly #slices = Array.from({ length: SLICES }, () => new LatencyHistogram());
  readonly #sinceStart = new LatencyHistogram();
  readonly #rejectsByCode = new Map<ErrorCode, number>();
  #pace: readonly PaceSecond[] = [];
  #requests = 0;
  #rejects = 0;
  #refusedByState = 0;
  #lastRequestMonoMs: number | null = null;
  #lastTickMonoMs: number | null = null;
  /** What had been counted when the second that runs began. */
  #before = { requests: 0, rejects: 0, ticks: 0 };
  #secondsSoFar = 0;
  #cancel = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins to cut time into seconds. `ticksPublished` counts up. */
  start(ticksPublished: () => number): void {
    this.#cancel();
    const nowMs = this.#clock.nowMs();
    // Whole seconds: a timer may come a little early, so the nearest is meant.
    const endMs = Math.round(nowMs / SECOND_MS) * SECOND_MS + SECOND_MS;
    this.#cancel = this.#clock.after(endMs - nowMs, () => {
      this.#endSecond(Math.round(this.#clock.nowMs() / SECOND_MS) * SECOND_MS - SECOND_MS, ticksPublished());
      this.start(ticksPublished);
    });
  }

  /** May be called twice. */
  stop(): void {
    this.#cancel();
  }

  /** A request has come. Returns when, for `replied`. */
  received(): number {
    this.#requests += 1;
    return (this.#lastRequestMonoMs = this.#clock.monoMs());
  }

  /** Its reply has been given. */
  replied(receivedMonoMs: number): void {
    this.#second.add(this.#clock.monoMs() - receivedMonoMs);
  }

  /** A request was answered with an error. */
  rejected(code: ErrorCode): void {
    this.#rejects += 1;
    this.#rejectsByCode.set(code, (this.#rejectsByCode.get(code) ?? 0) + 1);
    if (OF_THE_STATE.has(code)) this.#refusedByState += 1;
  }

  command(): CommandFigures {
    const fiveMinutes = new LatencyHistogram();
    for (const slice of this.#slices) fiveMinutes.merge(slice);
    fiveMinutes.merge(this.#second);
    return {
      requests: this.#requests,
      rejects: this.#rejects,
      refusedByState: this.#refusedByState,
      p50Ms: fiveMinutes.quantileMs(0.5),
      p99Ms: fiveMinutes.quantileMs(0.99),
      lastRequestMonoMs: this.#lastRequestMonoMs,
    };
  }

  /** From receipt to reply, of every request since the start. */
  latencies(): LatencyHistogram {
    const all = new LatencyHistogram();
    all.merge(this.#sinceStart);
    all.merge(this.#second);
    return all;
  }

  /** Answers that were errors since the start, by code. */
  rejectsByCode(): ReadonlyMap<ErrorCode, number> {
    return this.#rejectsByCode;
  }

  /** Requests that were refused because trading was not on, since the start. */
  get refusedByState(): number {
    return this.#refusedByState;
  }

  /** When a tick was last published, to the second; monotonic, null before the first. */
  get lastTickMonoMs(): number | null {
    return this.#lastTickMonoMs;
  }

  /** The last five minutes, second by second, oldest first. A second in which the gateway did not run is not there. */
  pace(): readonly PaceSecond[] {
    return this.#pace;
  }

  #endSecond(atMs: number, ticks: number): void {
    const { requests, rejects } = { requests: this.#requests, rejects: this.#rejects };
    const before = this.#before;
    if (ticks !== before.ticks) this.#lastTickMonoMs = this.#clock.monoMs();
    const second = {
      atMs,
      requests: requests - before.requests,
      rejects: rejects - before.rejects,
      ticks: Math.max(0, ticks - before.ticks),
      p50Ms: this.#second.quantileMs(0.5),
      p99Ms: this.#second.quantileMs(0.99),
    };
    // Where the wall clock was set back, what lies after now has not happened yet; where it was set on, the rest is old.
    const oldestMs = atMs - SECONDS_KEPT * SECOND_MS;
    const kept = this.#pace.filter((past) => past.atMs < atMs && past.atMs > oldestMs);
    this.#pace = [...kept, second];
    this.#before = { requests, rejects, ticks };
    this.#intoSlice();
  }

  #intoSlice(): void {
    const slice = this.#slices[Math.floor(this.#secondsSoFar / SLICE_SECONDS) % SLICES];
    if (this.#secondsSoFar % SLICE_SECONDS === 0) slice?.clear();
    slice?.merge(this.#second);
    this.#sinceStart.merge(this.#second);
    this.#second.clear();
    this.#secondsSoFar += 1;
  }
}
