import type { FabricEvent } from '../../protocol/events.ts';
import type { HeartbeatData } from '../reply-types.ts';
import type { TradingMode } from './strategy.ts';

const MODES: readonly TradingMode[] = ['TRADING', 'SUSPENDED', 'REDUCE_ONLY', 'HALTED'];

/** The gateway's trading mode as far as it is known, from answers and events, which overtake each other. */
export class KnownState {
  #mode: TradingMode = 'UNKNOWN';
  /** When the last event about it came, on the monotonic clock. */
  #toldMonoMs = -Infinity;
  /** When the gateway gave its last answer, by its own clock, Unix seconds. */
  #answeredAt = -Infinity;

  get mode(): TradingMode {
    return this.#mode;
  }

  /**
   * Takes an answer to a question asked at `askedMonoMs`; true where it says another mode than was known. One that was
   * asked for before the last event came may be older than the event and says nothing: the next will.
   */
  answered(data: HeartbeatData, askedMonoMs: number): boolean {
    this.#answeredAt = data.time ?? -Infinity;
    return askedMonoMs >= this.#toldMonoMs && this.#become(data.mode);
  }

  /** Takes an event; only TRADING_STATE says something. One from before the last answer is old. */
  happened({ event, timestamp, data }: FabricEvent, monoMs: number): void {
    if (event !== 'TRADING_STATE' || timestamp < this.#answeredAt) return;
    this.#toldMonoMs = monoMs;
    this.#become(data['mode']);
  }

  /** The gateway does not answer: what it said last is no longer known to be so. */
  forget(): void {
    this.#mode = 'UNKNOWN';
  }

  #become(name: unknown): boolean {
    const before = this.#mode;
    this.#mode = MODES.find((mode) => mode === name) ?? 'UNKNOWN';
    return this.#mode !== before;
  }
}
