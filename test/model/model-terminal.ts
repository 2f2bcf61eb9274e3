import type { CloseOrder, Fence, TradeOutcome } from '../../main/mt5/handler.ts';
import type { NewOrder } from '../../main/mt5/market.ts';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import type { Ticket } from '../../main/protocol/ticket.ts';
import { answered } from '../fakes/fake-terminal.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { Broker } from './broker.ts';
import type { ModelOptions } from './steps.ts';

/** What becomes of a trading call instead of being done as asked. */
export const FATES = [
  'requote',
  'reject',
  'throttle',
  'partial',
  /** The answer is lost: nothing happens, it happened, or it happens late. */
  'lost',
  'lost-done',
  'lost-late',
  /** Accepted, and dealt late. */
  'placed',
  /** `OrderSend` blocks for three seconds. */
  'slow',
] as const;
export type Fate = (typeof FATES)[number];

/** A trading call as it came to the terminal. */
export type Call =
  | { readonly kind: 'open'; readonly order: NewOrder; readonly fence: Fence }
  | { readonly kind: 'close'; readonly close: CloseOrder; readonly fence: Fence }
  | { readonly kind: 'cancel'; readonly ticket: Ticket; readonly fence: Fence };

interface Waiting {
  readonly call: Call;
  readonly answer: (outcome: TradeOutcome) => void;
}

const SLOW_MS = 3_000;
const LATE_MS = 1_500;
/** A truthful settling time: what waits (5 s at most), what `OrderSend` takes and what comes late, together. */
export const SETTLE_MS = 10_000;

/** The terminal and its broker: a process of its own, which lives on when the gateway dies. */
export class ModelTerminal {
  readonly broker: Broker;
  readonly options: ModelOptions;
  /** Fates of the next calls, the first for the first that starts. */
  readonly fates: Fate[] = [];
  linked = true;
  autoTrading = true;
  /** The latch and the smallest epoch that is let through. */
  latched = false;
  epoch = 0;
  readonly #clock: SimulatedClock;
  #waiting: Waiting[] = [];
  #atWork = new Set<Call>();
  /** Accepted or lost, and still to be dealt. */
  readonly #late = new Set<Call>();
  #unread: (() => void)[] = [];

  constructor(options: ModelOptions, clock: SimulatedClock) {
    this.options = options;
    this.#clock = clock;
    this.broker = new Broker(options.marginMode, () => clock.nowMs());
  }

  /** Trading calls inside `OrderSend`. */
  get atWork(): readonly Call[] {
    return [...this.#atWork];
  }

  get waiting(): readonly Call[] {
    return this.#waiting.map(({ call }) => call);
  }

  get late(): readonly Call[] {
    return [...this.#late];
  }

  /** Whether this call may still be dealt. */
  mayStillHappen(call: Call): boolean {
    if (this.#atWork.has(call) || this.#late.has(call)) return true;
    return this.waiting.includes(call) && this.#refusal(call) === null;
  }

  submit(call: Call): Promise<TradeOutcome> {
    return new Promise((answer) => {
      this.#waiting.push({ call, answer });
      this.#startNext();
    });
  }

  /** Ahead of the queue. */
  halt(epoch: number): Promise<void> {
    return this.#whenItReads(() => {
      this.latched = true;
      this.epoch = Math.max(this.epoch, epoch);
    });
  }

  /** False for an epoch smaller than the latch's own. */
  release(epoch: number): Promise<boolean> {
    return this.#whenItReads(() => {
      if (epoch < this.epoch) return false;
      this.epoch = epoch;
      this.latched = false;
      return true;
    });
  }

  /** The program starts anew: it has lost its latch, its epoch and its queue; what is at the broker goes on. */
  restart(): void {
    this.latched = false;
    this.epoch = 0;
    this.#waiting = [];
    this.#unread = [];
    this.#atWork = new Set();
  }

  /** The program's one thread reads nothing while `OrderSend` blocks it. */
  #whenItReads<T>(act: () => T): Promise<T> {
    return new Promise((resolve) => {
      const read = () => resolve(act());
      if (this.options.concurrency === 1 && this.#atWork.size > 0) this.#unread.push(read);
      else read();
    });
  }

  #startNext(): void {
    while (this.#atWork.size < this.options.concurrency) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#start(next);
    }
  }

  #start({ call, answer }: Waiting): void {
    const refusal = this.#refusal(call);
    if (refusal !== null) {
      answer(refusal);
      return;
    }
    const fate = this.fates.shift() ?? null;
    this.#atWork.add(call);
    const lastsMs = fate === 'slow' ? SLOW_MS : this.options.latencyMs;
    const end = () => {
      answer(this.#end(call, fate));
      this.#atWork.delete(call);
      for (const read of this.#unread.splice(0)) read();
      this.#startNext();
    };
    if (lastsMs === 0) end();
    else this.#clock.after(lastsMs, end);
  }

  #refusal({ kind, fence }: Call): TradeOutcome | null {
    if (fence.epoch < this.epoch) return { kind: 'fenced', message: `epoch ${fence.epoch} is over` };
    if (this.latched && kind === 'open') return { kind: 'fenced', message: 'latched' };
    if (this.#clock.monoMs() > fence.validUntilMonoMs) return { kind: 'expired', message: 'too late' };
    return null;
  }

  #end(call: Call, fate: Fate | null): TradeOutcome {
    if (!this.autoTrading) return answered(RETCODE.CLIENT_DISABLES_AT);
    switch (fate) {
      case 'requote':
        return answered(RETCODE.REQUOTE);
      case 'reject':
        return answered(RETCODE.REJECT);
      case 'throttle':
        return answered(RETCODE.TOO_MANY_REQUESTS);
      case 'partial':
        return this.#execute(call, 0.05);
      case 'lost':
        return LOST;
      case 'lost-done':
        this.#execute(call);
        return LOST;
      case 'lost-late':
        this.#later(call, () => this.#execute(call));
        return LOST;
      case 'placed':
        return this.#place(call);
      case 'slow':
      case null:
        return this.#execute(call);
    }
  }

  #execute(call: Call, mostLots?: number): TradeOutcome {
    switch (call.kind) {
      case 'open':
        return this.broker.enter(call.order, mostLots);
      case 'close':
        return this.broker.exit(call.close, mostLots);
      case 'cancel':
        return this.broker.cancel(call.ticket);
    }
  }

  #place(call: Call): TradeOutcome {
    if (call.kind === 'cancel' || (call.kind === 'open' && call.order.type !== 'MARKET')) return this.#execute(call);
    if (call.kind === 'close') {
      this.#later(call, () => this.#execute(call));
      return answered(RETCODE.PLACED);
    }
    const { ticket, outcome } = this.broker.place(call.order);
    this.#later(call, () => this.broker.dealPlaced(ticket));
    return outcome;
  }

  #later(call: Call, deal: () => void): void {
    this.#late.add(call);
    this.#clock.after(LATE_MS, () => {
      this.#late.delete(call);
      deal();
    });
  }
}

const LOST: TradeOutcome = { kind: 'lost', message: 'no answer' };
