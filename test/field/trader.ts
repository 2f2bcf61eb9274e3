import { LineProcess, type Line } from './line-process.ts';
import { TickRecord } from './tick-record.ts';

const ASK_EVERY_MS = 25;
const ASK_TIMEOUT_MS = 1_000;
const ORDER_EVERY_MS = 1_000;
const ORDER_TIMEOUT_MS = 1_500;

/** What became of an order: known to be executed or not, on its way, or in doubt until the gateway answers again. */
type OrderState = 'under way' | 'in doubt' | 'executed' | 'not executed';

/** A brain that hears ticks, asks 40 times a second whether the gateway lives, and buys once a second. */
export class Trader implements AsyncDisposable {
  readonly ticks = new TickRecord();
  readonly #brain: LineProcess;
  readonly #orders = new Map<string, OrderState>();
  readonly #timers: NodeJS.Timeout[] = [];
  #lastReplyAtMs = -Infinity;
  #wereInDoubt = 0;
  #asked = 0;
  #positions: ((count: number) => void) | null = null;

  constructor(words: readonly [string, ...string[]], environment: NodeJS.ProcessEnv, symbols: readonly string[]) {
    this.#brain = new LineProcess(words, environment, (line, atMs) => this.#take(line, atMs));
    this.#brain.say({ subscribe: symbols });
    this.#timers.push(
      setInterval(() => this.#ask(), ASK_EVERY_MS),
      setInterval(() => this.#order(), ORDER_EVERY_MS),
    );
  }

  /** When the newest answer came. */
  get lastReplyAtMs(): number {
    return this.#lastReplyAtMs;
  }

  /** Orders that went unanswered after they had been sent. */
  get wereInDoubt(): number {
    return this.#wereInDoubt;
  }

  /** How many orders are in that state. */
  count(state: OrderState): number {
    return [...this.#orders.values()].filter((one) => one === state).length;
  }

  get errors(): string {
    return this.#brain.errors;
  }

  get isRunning(): boolean {
    return this.#brain.isRunning;
  }

  /** Buys no more, and resolves when it is known of every order what became of it. */
  async settle(): Promise<void> {
    clearInterval(this.#timers[1]);
    const untilMs = performance.now() + 20_000;
    while (this.count('under way') + this.count('in doubt') > 0) {
      if (performance.now() > untilMs) throw new Error('orders stay in doubt');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** How many positions the gateway says are open. */
  positions(): Promise<number> {
    return new Promise((resolve) => {
      this.#positions = resolve;
      this.#brain.say({ id: 'positions', action: 'GET_POSITIONS', timeout_ms: 5_000 });
    });
  }

  #ask(): void {
    this.#brain.say({ id: `ask ${++this.#asked}`, action: 'HEARTBEAT', timeout_ms: ASK_TIMEOUT_MS });
  }

  #order(): void {
    const reqId = `field-${this.#orders.size + 1}`;
    const payload = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };
    this.#orders.set(reqId, 'under way');
    this.#brain.say({ id: reqId, req_id: reqId, action: 'OPEN_ORDER', payload, timeout_ms: ORDER_TIMEOUT_MS });
  }

  #take({ tick, id, reply, error }: Line, atMs: number): void {
    if (isTick(tick)) {
      this.ticks.take(tick.symbol, tick.seq, atMs);
      return;
    }
    if (reply !== undefined) this.#lastReplyAtMs = atMs;
    if (id === 'positions') this.#positions?.((reply as { data: readonly unknown[] }).data.length);
    else if (typeof id === 'string' && this.#orders.has(id)) this.#settleOrder(id, reply as Reply, error as Fault);
  }

  /** An order that was sent and not answered is sent again under its name, until the gateway says what became of it. */
  #settleOrder(reqId: string, reply: Reply | undefined, error: Fault | undefined): void {
    if (reply !== undefined) {
      const isOver = reply.status !== 'PENDING';
      const state = reply.status === 'SUCCESS' ? 'executed' : 'not executed';
      this.#orders.set(reqId, isOver ? state : 'in doubt');
      if (!isOver) this.#resendLater(reqId);
    } else if (error?.sent === true) {
      if (this.#orders.get(reqId) !== 'in doubt') this.#wereInDoubt += 1;
      this.#orders.set(reqId, 'in doubt');
      this.#resendLater(reqId);
    } else if (this.#orders.get(reqId) === 'in doubt') this.#resendLater(reqId);
    else this.#orders.set(reqId, 'not executed');
  }

  #resendLater(reqId: string): void {
    this.#timers.push(setTimeout(() => this.#brain.say({ id: reqId, resend: reqId }), 200));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#brain[Symbol.asyncDispose]();
  }
}

type Reply = { readonly status: string };
type Fault = { readonly sent?: boolean };

function isTick(value: unknown): value is { readonly symbol: string; readonly seq: number } {
  return typeof value === 'object' && value !== null;
}
