import type { Clock } from '../clock.ts';
import { type Action, isTradingAction, type TradingAction } from '../protocol/actions.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { DecodedRequest, Envelope, RequestOf } from '../protocol/decode.ts';
import { checkAge, waitedTooLong } from './age.ts';
import type { Command } from './command.ts';
import { recordedPayload } from './recorded-payload.ts';

/** A request that changes the account: it goes through the trading lane. */
export type TradeRequest = { [A in TradingAction]: RequestOf<A> }[TradingAction];

/** Whether a request goes through the trading lane. */
export function isTradeRequest(request: DecodedRequest): request is TradeRequest {
  return isTradingAction(request.action);
}

/** How far a trade has come: its key claimed on disk, its order with the terminal, its outcome known. */
export type TradeStage = 'received' | 'recorded' | 'written' | 'ended';

/** One execution of a trading command, from receipt to outcome. */
export class Trade {
  readonly command: Command;
  readonly envelope: Envelope;
  readonly action: Action;
  /** The payload as it is recorded. */
  readonly payload: string;
  stage: TradeStage = 'received';
  /** Last row on disk when its key was about to be claimed. */
  claimedAfterSeq = 0;
  readonly receivedMonoMs: number;
  /** Monotonic time after which it must not start. */
  readonly validUntilMonoMs: number;
  readonly #ttlMs: number;
  readonly #clock: Clock;
  #claimedMonoMs = 0;
  #recordedMonoMs = 0;
  #writtenMonoMs = 0;
  #outcomeMonoMs = 0;
  #whenEnded: () => void = () => {};

  constructor(command: Command, envelope: Envelope, defaultTtlMs: number, clock: Clock) {
    this.command = command;
    this.envelope = envelope;
    this.action = envelope.action;
    this.payload = recordedPayload(envelope.rawPayload);
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

  /** Until when the next of several writes may start: a command that has begun in time is not cut off by its age. */
  validAnewUntilMonoMs(): number {
    return Math.max(this.validUntilMonoMs, this.#clock.monoMs() + this.#ttlMs);
  }

  /** `listener` is called when its outcome is known, once. */
  onEnded(listener: () => void): void {
    this.#whenEnded = listener;
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
  /** The terminal has answered, or is known not to. */
  markOutcome(): void {
    this.#outcomeMonoMs = this.#clock.monoMs();
    this.stage = 'ended';
  }

  /** Its outcome is known. May be called twice. */
  markEnded(): void {
    this.stage = 'ended';
    this.#whenEnded();
    this.#whenEnded = () => {};
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
