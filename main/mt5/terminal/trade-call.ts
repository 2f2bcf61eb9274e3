import type { Clock } from '../../clock.ts';
import type { Fence, TradeOutcome } from '../handler.ts';
import type { Fields } from './fields.ts';
import { buildLine } from './line-codec.ts';
import { LineFault } from './line-fault.ts';
import { refusedResult } from './questions.ts';
import type { OpenRequest } from './request-table.ts';
import { readResult } from './rows.ts';
import type { TradeLink } from './trade-calls.ts';
import type { TradeBody } from './trade-lines.ts';

/** A call without its end by then is given up, in milliseconds after it was written. */
const END_WITHIN_MS = 60_000;
/** How long a call waits for its program to come back, in milliseconds. */
const COME_BACK_WITHIN_MS = 10_000;
const REFUSALS = ['NOT_FOUND', 'MALFORMED', 'UNKNOWN', 'BUSY'] as const;

export interface TradeRequest {
  readonly id: number;
  /** Its name in the program's record; never used for another call. */
  readonly command: string;
  readonly body: TradeBody;
  readonly fence: Fence;
}

type TradeState =
  /** Not written yet: nothing can have happened. */
  | { readonly kind: 'queued' }
  /** With the program that keeps the record `instance`. */
  | { readonly kind: 'written'; readonly instance: string }
  /** Written, and the link is gone: the same program may come back and tell. */
  | { readonly kind: 'orphaned'; readonly instance: string }
  | { readonly kind: 'ended' };

/** One trading call on its way: from the queue over the wire to its end, which it has exactly once. */
export class TradeCall implements OpenRequest {
  readonly #request: TradeRequest;
  readonly #clock: Clock;
  readonly #onEnd: (outcome: TradeOutcome) => void;
  #state: TradeState = { kind: 'queued' };
  #deadlineMonoMs = Infinity;
  #cancelTimer = () => {};

  constructor(request: TradeRequest, clock: Clock, onEnd: (outcome: TradeOutcome) => void) {
    this.#request = request;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get state(): TradeState {
    return this.#state;
  }

  get fence(): Fence {
    return this.#request.fence;
  }

  /** Names the record of the program that it was written to; null before that. */
  get instance(): string | null {
    return 'instance' in this.#state ? this.#state.instance : null;
  }

  /** Puts it into the queue of a link, which is mostly empty. */
  sendOver(link: TradeLink): void {
    if (!link.send(() => this.#lineFor(link)))
      this.#end({ kind: 'unsent', message: 'the terminal takes nothing more in' });
    if (this.#state.kind !== 'queued') return;
    const leftMs = this.#request.fence.validUntilMonoMs - this.#clock.monoMs();
    this.#setTimer(Math.min(END_WITHIN_MS, leftMs + 1), () => this.#end(expired()));
  }

  /** Writes it again after its program came back, for what became of it: the record knows whether it was carried out. */
  resendOver(link: TradeLink): void {
    if (this.#state.kind !== 'orphaned') return;
    link.send(() => (this.#state.kind === 'orphaned' ? this.#write(link) : null));
  }

  take(kind: string, fields: Fields): void {
    switch (kind) {
      case 'done':
        this.#end({ kind: 'answered', result: readResult(fields) });
        return;
      case 'fenced':
      case 'expired':
        this.#end({ kind, message: fields.text('message') });
        return;
      case 'unknown':
        this.#end({ kind: 'lost', message: fields.text('message') });
        return;
      case 'refused': {
        const code = fields.oneOf('code', REFUSALS);
        this.#end({ kind: 'answered', result: refusedResult(code, fields.text('message')) });
        return;
      }
      default:
        throw new LineFault('UNKNOWN_KIND', `"${kind.slice(0, 40)}" is no end of a trading call`);
    }
  }

  // Whatever it was to say, the call is over, and what it did is not known.
  unreadable(why: string): void {
    this.#end({ kind: 'lost', message: `the terminal's answer cannot be read: ${why}` });
  }

  linkLost(why: string): void {
    if (this.#state.kind === 'queued') this.#end({ kind: 'unsent', message: why });
    if (this.#state.kind !== 'written') return;
    this.#state = { kind: 'orphaned', instance: this.#state.instance };
    const leftMs = Math.min(COME_BACK_WITHIN_MS, this.#deadlineMonoMs - this.#clock.monoMs());
    this.#setTimer(leftMs, () => this.giveUp(`${why}, and the program did not come back in time`));
  }

  /** It waits for its program to come back: that is in vain. Does nothing to a call that does not wait. */
  abandon(why: string): void {
    if (this.#state.kind === 'orphaned') this.giveUp(why);
  }

  /** No answer is waited for any more. */
  giveUp(why: string): void {
    this.#end(this.#state.kind === 'queued' ? { kind: 'unsent', message: why } : { kind: 'lost', message: why });
  }

  /** The line of a call that has not been written, at the moment of its writing; null where it may not be written now. */
  #lineFor(link: TradeLink): string | null {
    if (this.#state.kind !== 'queued') return null;
    if (this.#clock.monoMs() > this.#request.fence.validUntilMonoMs) {
      this.#end(expired());
      return null;
    }
    return this.#write(link);
  }

  #write(link: TradeLink): string | null {
    const { id, command, body, fence } = this.#request;
    const validUntil = link.counterAt(fence.validUntilMonoMs);
    if (validUntil === null) {
      this.giveUp("the terminal's counter is not known");
      return null;
    }
    this.#state = { kind: 'written', instance: link.instance };
    // The limit runs from the first writing: coming back again and again must not keep a call open for ever.
    if (this.#deadlineMonoMs === Infinity) this.#deadlineMonoMs = this.#clock.monoMs() + END_WITHIN_MS;
    this.#setTimer(this.#deadlineMonoMs - this.#clock.monoMs(), () => {
      this.giveUp(`the terminal did not answer within ${END_WITHIN_MS / 1_000} s`);
    });
    return buildLine([String(id), body.kind, command, String(fence.epoch), String(validUntil), ...body.fields]);
  }

  #setTimer(delayMs: number, onDue: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(delayMs, onDue);
  }

  #end(outcome: TradeOutcome): void {
    if (this.#state.kind === 'ended') return;
    this.#state = { kind: 'ended' };
    this.#cancelTimer();
    this.#onEnd(outcome);
  }
}

function expired(): TradeOutcome {
  return { kind: 'expired', message: 'it waited for the terminal until it was too old to start' };
}
