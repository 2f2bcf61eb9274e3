import type { Clock } from '../../main/clock.ts';
import type {
  BookFilter,
  CloseOrder,
  Fence,
  History,
  Mt5Handler,
  Query,
  TerminalState,
  Traces,
  TradeOutcome,
  TradeResult,
  Transaction,
} from '../../main/mt5/handler.ts';
import type { Account, Candle, Order, Position, SymbolSpec, Tick } from '../../main/mt5/market.ts';
import { RETCODE, retcodeText } from '../../main/mt5/retcodes.ts';
import { addLots } from '../../main/mt5/volume.ts';
import { toTicket, type Ticket } from '../../main/protocol/ticket.ts';

/** What becomes of one call: an outcome, later or now, or `execute` it first and answer as given. */
export type Script<Request> = (request: Request, execute: () => TradeOutcome) => TradeOutcome | Promise<TradeOutcome>;

const NONE = toTicket(0);

/** An answer of the terminal with a retcode. */
export function answered(retcode: number, result: Partial<TradeResult> = {}): TradeOutcome {
  return {
    kind: 'answered',
    result: {
      retcode,
      message: retcodeText(retcode),
      order: NONE,
      deal: NONE,
      position: NONE,
      volumeLots: 0,
      price: 0,
      bid: 0,
      ask: 0,
      ...result,
    },
  };
}

/** A sent call whose answer never came. */
export const LOST: TradeOutcome = { kind: 'lost', message: 'the link broke' };

/**
 * A terminal with a book that tests set and outcomes that they script. A close that finds no position opens the other
 * side, as a netting account would, so that a test can see one close too many.
 */
export class FakeTerminal implements Mt5Handler {
  concurrency = 4;
  settleMs = 0;
  /** Delay of every trading call and question, on the clock; 0 answers in a microtask. */
  latencyMs = 0;
  /** False: halt and release are heard but never acked. */
  acks = true;
  /** Scripted outcomes, one a call, before the default of doing what was asked. */
  readonly closeScripts: Script<CloseOrder>[] = [];
  readonly cancelScripts: Script<Ticket>[] = [];
  /** Replaces the default outcome of every close that no script is left for. */
  everyClose: Script<CloseOrder> = (_close, execute) => execute();
  readonly closes: (CloseOrder & { readonly epoch: number })[] = [];
  readonly cancels: Ticket[] = [];
  /** Calls by name, in order, with the epoch where one was given. */
  readonly calls: string[] = [];
  readonly book = new Map<Ticket, Position>();
  readonly pending = new Map<Ticket, Order>();
  /** What it has told of positions by itself. */
  readonly told = new Map<Ticket, Position>();
  traces: Omit<Traces, 'positions' | 'pending' | 'deals'> = { orders: [], recorded: [], complete: true };
  /** Epoch of the latch, null when it is not latched. */
  latchedAt: number | null = null;
  #epoch = 0;
  #nextTicket = 1_001;
  readonly #clock: Clock;
  readonly #stateListeners = new Set<(state: TerminalState) => void>();
  readonly #transactionListeners = new Set<(transaction: Transaction) => void>();
  #state: TerminalState = {
    linked: true,
    linkFault: null,
    connected: true,
    tradingBlockedBy: [],
    account: { login: '7001', server: 'Paper', mode: 'PAPER' },
    marginMode: 'HEDGING',
    bridgeVersion: 'fake',
    lastHeardMonoMs: null,
    latch: null,
    transport: null,
    listensOn: [],
  };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts a position into the book. */
  open(position: Partial<Position> = {}): Position {
    const ticket = position.ticket ?? this.#ticket();
    const opened: Position = {
      ticket,
      identifier: ticket,
      symbol: 'EURUSD',
      side: 'BUY',
      volumeLots: 0.1,
      openPrice: 1.1,
      currentPrice: 1.1,
      sl: 0,
      tp: 0,
      profit: 0,
      swap: 0,
      magic: 0n,
      comment: '',
      openedAtMs: this.#clock.nowMs(),
      updatedAtMs: this.#clock.nowMs(),
      ...position,
    };
    this.book.set(ticket, opened);
    return opened;
  }

  /** Puts a pending order into the book. */
  place(order: Partial<Order> = {}): Order {
    const ticket = order.ticket ?? this.#ticket();
    const placed: Order = {
      ticket,
      symbol: 'EURUSD',
      type: 'BUY_LIMIT',
      state: 'PLACED',
      volumeInitialLots: 0.1,
      volumeCurrentLots: 0.1,
      openPrice: 1.05,
      currentPrice: 1.1,
      sl: 0,
      tp: 0,
      filling: 'RETURN',
      magic: 0n,
      comment: '',
      position: NONE,
      setupAtMs: this.#clock.nowMs(),
      doneAtMs: 0,
      expirationMs: 0,
      ...order,
    };
    this.pending.set(ticket, placed);
    return placed;
  }

  /** Changes what is known of the terminal and tells the listeners. */
  become(change: Partial<TerminalState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#stateListeners) listener(this.#state);
  }

  /** Tells the listeners of a transaction. */
  transact(transaction: Transaction): void {
    for (const listener of this.#transactionListeners) listener(transaction);
  }

  /** How often a method was called. */
  count(name: string): number {
    return this.calls.filter((call) => call.split(' ')[0] === name).length;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  state(): TerminalState {
    return this.#state;
  }

  account(): Promise<Query<Account>> {
    return this.#unsupported();
  }

  toldPosition(ticket: Ticket): Position | null {
    return this.told.get(ticket) ?? null;
  }

  positions(filter: BookFilter = {}): Promise<Query<readonly Position[]>> {
    this.calls.push('positions');
    return this.#answer(() =>
      [...this.book.values()].filter(({ ticket }) => filter.ticket === undefined || filter.ticket === ticket),
    );
  }

  orders(): Promise<Query<readonly Order[]>> {
    this.calls.push('orders');
    return this.#answer(() => [...this.pending.values()]);
  }

  history(): Promise<Query<History>> {
    return this.#unsupported();
  }

  symbols(): Promise<Query<readonly SymbolSpec[]>> {
    return this.#unsupported();
  }

  symbol(name: string): Promise<Query<SymbolSpec>> {
    return this.#answer(() => ({ ...SPEC, name }));
  }

  tick(): Promise<Query<Tick>> {
    return this.#unsupported();
  }

  candles(): Promise<Query<readonly Candle[]>> {
    return this.#unsupported();
  }

  find(): Promise<Query<Traces>> {
    this.calls.push('find');
    return this.#answer(() => ({ positions: [], pending: [], deals: [], ...this.traces }));
  }

  check(): Promise<TradeOutcome> {
    return Promise.resolve(answered(RETCODE.DONE));
  }

  send(): Promise<TradeOutcome> {
    this.calls.push('send');
    return Promise.resolve(answered(RETCODE.DONE));
  }

  async close(close: CloseOrder, fence: Fence): Promise<TradeOutcome> {
    this.calls.push(`close ${fence.epoch}`);
    this.closes.push({ ...close, epoch: fence.epoch });
    await this.#delay();
    if (fence.epoch < this.#epoch) return { kind: 'fenced', message: `epoch ${fence.epoch} is over` };
    const script = this.closeScripts.shift() ?? this.everyClose;
    return script(close, () => this.#execute(close));
  }

  modifyPosition(): Promise<TradeOutcome> {
    return Promise.resolve(answered(RETCODE.DONE));
  }

  modifyOrder(): Promise<TradeOutcome> {
    return Promise.resolve(answered(RETCODE.DONE));
  }

  async cancel(ticket: Ticket, fence: Fence): Promise<TradeOutcome> {
    this.calls.push(`cancel ${fence.epoch}`);
    this.cancels.push(ticket);
    await this.#delay();
    const execute = () => answered(this.pending.delete(ticket) ? RETCODE.DONE : RETCODE.INVALID);
    const script = this.cancelScripts.shift();
    return script === undefined ? execute() : script(ticket, execute);
  }

  halt(epoch: number): Promise<boolean> {
    this.calls.push(`halt ${epoch}`);
    if (!this.#state.linked || !this.acks) return Promise.resolve(false);
    this.#epoch = Math.max(this.#epoch, epoch);
    this.latchedAt = this.#epoch;
    return Promise.resolve(true);
  }

  release(epoch: number): Promise<boolean> {
    this.calls.push(`release ${epoch}`);
    if (!this.#state.linked || !this.acks || epoch < this.#epoch) return Promise.resolve(false);
    this.#epoch = epoch;
    this.latchedAt = null;
    return Promise.resolve(true);
  }

  subscribe(): void {}

  onTicks(): () => void {
    return () => {};
  }

  onTransaction(listener: (transaction: Transaction) => void): () => void {
    this.#transactionListeners.add(listener);
    return () => this.#transactionListeners.delete(listener);
  }

  onState(listener: (state: TerminalState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  #execute(close: CloseOrder): TradeOutcome {
    const live = this.book.get(close.ticket);
    if (live === undefined) {
      this.open({ symbol: close.symbol, side: 'SELL', comment: 'opened by a close' });
      return answered(RETCODE.DONE);
    }
    const volumeLots = close.volumeLots ?? live.volumeLots;
    if (volumeLots > live.volumeLots) return answered(RETCODE.INVALID_CLOSE_VOLUME);
    const restLots = addLots(live.volumeLots, -volumeLots);
    if (restLots === 0) this.book.delete(close.ticket);
    else this.book.set(close.ticket, { ...live, volumeLots: restLots });
    return answered(RETCODE.DONE, { position: close.ticket, volumeLots });
  }

  async #answer<T>(value: () => T): Promise<Query<T>> {
    await this.#delay();
    if (!this.#state.linked) return { ok: false, code: 'TERMINAL_DISCONNECTED', message: 'the terminal is away' };
    return { ok: true, value: value() };
  }

  #delay(): Promise<void> {
    if (this.latencyMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#clock.after(this.latencyMs, resolve);
    });
  }

  #ticket(): Ticket {
    return toTicket(this.#nextTicket++);
  }

  #unsupported(): Promise<never> {
    return Promise.reject(new Error('this fake does not answer that'));
  }
}

const SPEC: SymbolSpec = {
  name: 'EURUSD',
  description: 'Euro vs US Dollar',
  digits: 5,
  point: 0.00001,
  tickSize: 0.00001,
  tickValue: 1,
  contractSize: 100_000,
  volumeMin: 0.01,
  volumeMax: 50,
  volumeStep: 0.01,
  stopsLevelPoints: 0,
  freezeLevelPoints: 0,
  currencyBase: 'EUR',
  currencyProfit: 'USD',
  currencyMargin: 'EUR',
  execution: 'MARKET',
  fillingFlags: ['FOK', 'IOC'],
  tradeMode: 'FULL',
  inMarketWatch: true,
};
