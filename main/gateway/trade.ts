import type { Clock } from '../clock.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { DecodedRequest, Envelope, RequestOf } from '../protocol/decode.ts';
import { canonicalJson } from '../protocol/json.ts';
import { checkAge, waitedTooLong } from './age.ts';
import type { Command } from './command.ts';

/** A trading command that this gateway performs. */
export type TradeRequest = RequestOf<'OPEN_ORDER'> | RequestOf<'CLOSE_POSITION'> | RequestOf<'CANCEL_ORDER'>;

/** Whether a request goes through the trading lane. */
export function isTradeRequest(request: DecodedRequest): request is TradeRequest {
  return request.action === 'OPEN_ORDER' || request.action === 'CLOSE_POSITION' || request.action === 'CANCEL_ORDER';
}

/** How far a trade has come: its key claimed on disk, its order with the terminal, its outcome known. */
export type TradeStage = 'received' | 'recorded' | 'written' | 'ended';

/** One execution of a trading command, from receipt to outcome. */
export class Trade {
  readonly command: Command;
  readonly envelope: Envelope;
  /** Canonical JSON of the payload as it was sent. */
  readonly payload: string;
  stage: TradeStage = 'received';
  readonly receivedMonoMs: number;
  /** Monotonic time after which it must not start. */
  readonly validUntilMonoMs: number;
  readonly #ttlMs: number;
  readonly #clock: Clock;
  #claimedMonoMs = 0;
  #recordedMonoMs = 0;
  #writtenMonoMs = 0;
  #outcomeMonoMs = 0;

  constructor(command: Command, envelope: Envelope, defaultTtlMs: number, clock: Clock) {
    this.command = command;
    this.envelope = envelope;
    this.payload = canonicalJson(envelope.rawPayload);
    this.#clock = clock;
    this.#ttlMs = envelope.ttlMs ?? defaultTtlMs;
    this.receivedMonoMs = clock.monoMs();
    const ageMs = command.receivedAtMs - envelope.sentAtMs;
    // A client whose clock is ahead gains nothing by it.
    this.validUntilMonoMs = this.receivedMonoMs + Math.min(this.#ttlMs, this.#ttlMs - ageMs);
  }

  /** Why it is too old to start now, or null: by the client's timestamp on receipt, by the gateway's own clock from then on. */
  tooOld(): Refusal | null {
    const onReceipt = checkAge(this.envelope.sentAtMs, this.#ttlMs, this.command.receivedAtMs);
    if (onReceipt !== null) return onReceipt;
    const nowMonoMs = this.#clock.monoMs();
    return nowMonoMs > this.validUntilMonoMs ? waitedTooLong(nowMonoMs - this.receivedMonoMs, this.#ttlMs) : null;
  }

  markClaimed(): void {
    this.#claimedMonoMs = this.#clock.monoMs();
  }
  markRecorded(): void {
    this.#recordedMonoMs = this.#clock.monoMs();
    this.stage = 'recorded';
  }
  markWritten(): void {
    this.#writtenMonoMs = this.#clock.monoMs();
    this.stage = 'written';
  }
  markOutcome(): void {
    this.#outcomeMonoMs = this.#clock.monoMs();
    this.stage = 'ended';
  }

  /** What took how long, in whole microseconds; 0 for what did not take place. */
  latencyUs(): { queue: number; commit: number; terminal: number; total: number } {
    return {
      queue: spanUs(this.receivedMonoMs, this.#claimedMonoMs),
      commit: spanUs(this.#claimedMonoMs, this.#recordedMonoMs),
      terminal: spanUs(this.#writtenMonoMs, this.#outcomeMonoMs),
      total: spanUs(this.receivedMonoMs, this.#clock.monoMs()),
    };
  }
}

function spanUs(fromMs: number, toMs: number): number {
  return fromMs === 0 || toMs === 0 ? 0 : Math.max(0, Math.round((toMs - fromMs) * 1000));
}
