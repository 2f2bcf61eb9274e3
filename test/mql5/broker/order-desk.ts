import { setTimeout as wait } from 'node:timers/promises';
import { assertNever } from '../../../main/assert-never.ts';
import type { RawTradeRequest, TradeResult } from './broker-types.ts';
import { completeOrder, execute, resultOf, type Manner } from './execution.ts';
import { FaultScript, type BrokerFault } from './faults.ts';
import { LAST_ERROR } from './mql5-enums.ts';
import { isAccepted, RETCODE } from './retcodes.ts';
import type { Venue } from './venue.ts';

/** A request as it came, and what was answered: 0 while no answer has been given, and for OrderSend's own failure. */
export interface SentRequest {
  readonly request: RawTradeRequest;
  readonly retcode: number;
  /** Unix milliseconds in UTC. */
  readonly atMs: number;
}

/** What OrderSend leaves behind. */
export interface SendAnswer {
  readonly isTrue: boolean;
  readonly result: TradeResult;
  readonly lastError: number;
}

/** Awaited when a request has come in and when the server is done with it, before the answer: a test may kill the program there. */
export type SendHook = (request: RawTradeRequest, phase: 'received' | 'executed') => void | Promise<void>;

const PLACED_FIRST_MS = 200;
const WHOLE: Manner = { reason: 'EXPERT', share: 1, isPlacedFirst: false };

/** Takes the programs' requests: records each, lets its fault befall it, and answers. */
export class OrderDesk {
  readonly requests: SentRequest[] = [];
  readonly faults = new FaultScript();
  onSend: SendHook | null = null;
  readonly #venue: Venue;
  readonly #answerDelayMs: number;
  readonly #utcNowMs: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(venue: Venue, answerDelayMs: number, utcNowMs: () => number) {
    this.#venue = venue;
    this.#answerDelayMs = answerDelayMs;
    this.#utcNowMs = utcNowMs;
  }

  /** OrderSend. What was received is carried out even when the program that asked has gone; null is no answer, ever. */
  async send(request: RawTradeRequest): Promise<SendAnswer | null> {
    const fault = this.faults.take();
    const index = this.requests.push({ request, retcode: 0, atMs: this.#utcNowMs() }) - 1;
    await this.onSend?.(request, 'received');
    if (this.#answerDelayMs > 0) await pause(this.#answerDelayMs);
    const answer = await this.#befall(request, fault);
    if (answer !== null) this.requests[index] = { ...this.requests[index]!, retcode: answer.result.retcode };
    await this.onSend?.(request, 'executed');
    return answer;
  }

  /** Lets go of orders that were placed and wait for their deal. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  async #befall(request: RawTradeRequest, fault: BrokerFault): Promise<SendAnswer | null> {
    switch (fault.kind) {
      case 'none':
        return toAnswer(execute(this.#venue, request, WHOLE));
      case 'refuse':
        return toAnswer(resultOf(this.#venue, fault.retcode, request.symbol));
      case 'misreport':
        return this.#misreport(request, fault.retcode);
      case 'fill-part':
        return toAnswer(execute(this.#venue, request, { ...WHOLE, share: fault.share }));
      case 'place-first':
        return this.#placeFirst(request);
      case 'delay':
        await pause(fault.delayMs);
        return this.#befall(request, fault.then ?? { kind: 'none' });
      case 'fail':
        return { ...toAnswer(resultOf(this.#venue, 0, '')), lastError: fault.lastError };
      case 'silent':
        if (fault.executed) execute(this.#venue, request, WHOLE);
        return null;
      default:
        return assertNever(fault, 'fault of the broker');
    }
  }

  // An accepted code keeps the order's ticket; any other tells nothing of what was done.
  #misreport(request: RawTradeRequest, retcode: number): SendAnswer {
    const { order, volumeLots } = execute(this.#venue, request, WHOLE);
    const told = isAccepted(retcode) ? { order, volumeLots } : {};
    return toAnswer(resultOf(this.#venue, retcode, request.symbol, told));
  }

  #placeFirst(request: RawTradeRequest): SendAnswer {
    const result = execute(this.#venue, request, { ...WHOLE, isPlacedFirst: true });
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const order = this.#venue.book.orders.get(result.order);
      if (order !== undefined && result.retcode === RETCODE.PLACED) completeOrder(this.#venue, order);
    }, PLACED_FIRST_MS);
    this.#timers.add(timer);
    return toAnswer(result);
  }
}

// A stopped broker keeps no process alive with what it still waits for.
async function pause(delayMs: number): Promise<void> {
  await wait(delayMs, undefined, { ref: false });
}

// OrderSend returns true when something came of the request, else false with one error for every refusal.
function toAnswer(result: TradeResult): SendAnswer {
  const isTrue = isAccepted(result.retcode);
  return { isTrue, result, lastError: isTrue ? LAST_ERROR.NONE : lastErrorOf(result.retcode) };
}

function lastErrorOf(retcode: number): number {
  return retcode === RETCODE.CLIENT_DISABLES_AT ? LAST_ERROR.TRADE_DISABLED : LAST_ERROR.TRADE_SEND_FAILED;
}
