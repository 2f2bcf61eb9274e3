import type { BookFilter, CloseOrder, Fence, History, Mt5Handler, Query } from '../../main/mt5/handler.ts';
import type { TerminalState, Traces, TradeOutcome, Transaction } from '../../main/mt5/handler.ts';
import type { Account, Candle, NewOrder, Order, Position, SymbolSpec, Tick } from '../../main/mt5/market.ts';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import type { Ticket } from '../../main/protocol/ticket.ts';
import { answered } from '../fakes/fake-terminal.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { PRICE } from './broker.ts';
import { type Call, type ModelTerminal, SETTLE_MS } from './model-terminal.ts';

/** What is told of a gateway's dealings with its terminal, in the turn in which it happens. */
export interface HandleListener {
  /** A trading call was written to the terminal. */
  wrote(call: Call): void;
  /** Its answer came, or is lost. */
  answered(call: Call, outcome: TradeOutcome): void;
  /** The terminal told all positions, or one. */
  told(positions: readonly Position[]): void;
  /** Orders and then positions were read, all of them; `startedMs` is when reading began. */
  looked(look: Look): void;
}

/** One look at the whole book. */
export interface Look {
  readonly startedMs: number;
  /** The same as wall time. */
  readonly startedAtMs: number;
  readonly items: readonly (Order | Position)[];
}

/** One gateway's end of the link to the terminal. It ends with its process: then nothing goes through it any more. */
export class TerminalHandle implements Mt5Handler {
  readonly concurrency: number;
  readonly settleMs = SETTLE_MS;
  readonly #terminal: ModelTerminal;
  readonly #clock: SimulatedClock;
  readonly #listener: HandleListener;
  readonly #outstanding = new Set<(outcome: TradeOutcome) => void>();
  readonly #stateListeners = new Set<(state: TerminalState) => void>();
  readonly #transactionListeners = new Set<(transaction: Transaction) => void>();
  #isDead = false;
  #ordersRead: Look | null = null;

  constructor(terminal: ModelTerminal, clock: SimulatedClock, listener: HandleListener) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#listener = listener;
    this.concurrency = terminal.options.concurrency;
  }

  /** The process is dead: the terminal hears nothing of it any more, and it nothing of the terminal. */
  die(): void {
    this.#isDead = true;
  }

  /** Tells the gateway that something about the terminal has changed. Without a link, what has no answer is lost. */
  changed(): void {
    if (!this.#terminal.linked) {
      for (const lose of this.#outstanding) lose({ kind: 'lost', message: 'the link broke' });
      this.#outstanding.clear();
      this.#ordersRead = null;
    }
    if (!this.#isDead) for (const listener of this.#stateListeners) listener(this.state());
  }

  /** Tells the gateway that a position has changed. */
  transact(position: Position): void {
    if (this.#isDead || !this.#terminal.linked) return;
    for (const listener of this.#transactionListeners) listener({ kind: 'POSITION_CHANGED', position });
  }

  state(): TerminalState {
    const { linked, autoTrading, options } = this.#terminal;
    return {
      linked,
      linkFault: linked ? null : 'the terminal does not answer',
      connected: linked,
      tradingBlockedBy: autoTrading ? [] : ['TERMINAL_TRADE_ALLOWED'],
      account: { login: '7001', server: 'Paper', mode: 'PAPER' },
      marginMode: options.marginMode,
      bridgeVersion: 'model',
      lastHeardMonoMs: null,
      latch: null,
      transport: null,
      listensOn: [],
    };
  }

  send(order: NewOrder, fence: Fence): Promise<TradeOutcome> {
    return this.#trade({ kind: 'open', order, fence });
  }

  close(close: CloseOrder, fence: Fence): Promise<TradeOutcome> {
    return this.#trade({ kind: 'close', close, fence });
  }

  cancel(ticket: Ticket, fence: Fence): Promise<TradeOutcome> {
    return this.#trade({ kind: 'cancel', ticket, fence });
  }

  async halt(epoch: number): Promise<boolean> {
    if (this.#isCutOff()) return false;
    await this.#terminal.halt(epoch);
    return !this.#isCutOff();
  }

  async release(epoch: number): Promise<boolean> {
    if (this.#isCutOff()) return false;
    const isReleased = await this.#terminal.release(epoch);
    return isReleased && !this.#isCutOff();
  }

  toldPosition(): null {
    return null;
  }

  positions(filter: BookFilter = {}): Promise<Query<readonly Position[]>> {
    const all = [...this.#terminal.broker.positions.values()];
    return this.#query(all.filter(fits(filter)), (positions) => {
      this.#listener.told(positions);
      if (filter.ticket === undefined) this.#finishLook(positions);
    });
  }

  orders(filter: BookFilter = {}): Promise<Query<readonly Order[]>> {
    const [startedMs, startedAtMs] = [this.#clock.monoMs(), this.#clock.nowMs()];
    const all = [...this.#terminal.broker.orders.values()];
    return this.#query(all.filter(fits(filter)), (items) => {
      if (isWhole(filter)) this.#ordersRead = { startedMs, startedAtMs, items };
    });
  }

  find(tag: string): Promise<Query<Traces>> {
    const { positions, orders, deals, endedOrders } = this.#terminal.broker;
    const carries = ({ comment }: { readonly comment: string }) => comment.endsWith(`~${tag}`);
    return this.#query({
      complete: true,
      positions: [...positions.values()].filter(carries),
      pending: [...orders.values()].filter(carries),
      orders: endedOrders.filter(carries),
      deals: deals.filter(carries),
      recorded: [],
    });
  }

  history(fromMs: number, toMs: number): Promise<Query<History>> {
    const { deals, endedOrders } = this.#terminal.broker;
    const between = deals.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    return this.#query({ deals: between, orders: [...endedOrders] });
  }

  symbol(name: string): Promise<Query<SymbolSpec>> {
    return this.#query({ ...SPEC, name });
  }

  tick(symbol: string): Promise<Query<Tick>> {
    const timeMsc = this.#clock.nowMs();
    return this.#query({ symbol, bid: PRICE, ask: PRICE, last: 0, volume: 0, timeMsc, flags: 6 });
  }

  symbols(): Promise<Query<readonly SymbolSpec[]>> {
    return this.#query([SPEC]);
  }

  account(): Promise<Query<Account>> {
    return Promise.reject(new Error('the model does not ask for the account'));
  }

  candles(): Promise<Query<readonly Candle[]>> {
    return this.#query([]);
  }

  check(): Promise<TradeOutcome> {
    return Promise.resolve(answered(RETCODE.DONE));
  }

  modifyPosition(): Promise<TradeOutcome> {
    return Promise.resolve(answered(RETCODE.NO_CHANGES));
  }

  modifyOrder(): Promise<TradeOutcome> {
    return Promise.resolve(answered(RETCODE.NO_CHANGES));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
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

  #isCutOff(): boolean {
    return this.#isDead || !this.#terminal.linked;
  }

  #trade(call: Call): Promise<TradeOutcome> {
    if (this.#isDead) return NEVER;
    if (!this.#terminal.linked) return Promise.resolve({ kind: 'unsent', message: 'the terminal is away' });
    this.#listener.wrote(call);
    return new Promise((resolve) => {
      const settle = (outcome: TradeOutcome) => {
        if (!this.#outstanding.delete(settle) || this.#isDead) return;
        this.#listener.answered(call, outcome);
        resolve(outcome);
      };
      this.#outstanding.add(settle);
      void this.#terminal.submit(call).then(settle);
    });
  }

  /** What was true when it was asked, told when it comes. */
  async #query<T>(value: T, onTold: (value: T) => void = () => {}): Promise<Query<T>> {
    const { queryMs } = this.#terminal.options;
    if (!this.#isCutOff() && queryMs > 0) await new Promise<void>((resolve) => this.#clock.after(queryMs, resolve));
    if (this.#isCutOff()) return this.#isDead ? NEVER : AWAY;
    onTold(value);
    return { ok: true, value };
  }

  #finishLook(positions: readonly Position[]): void {
    const read = this.#ordersRead;
    this.#ordersRead = null;
    if (read !== null) this.#listener.looked({ ...read, items: [...read.items, ...positions] });
  }
}

const NEVER = new Promise<never>(() => {});
const AWAY = { ok: false, code: 'TERMINAL_DISCONNECTED', message: 'the terminal is away' } as const;

function fits(filter: BookFilter): (item: Order | Position) => boolean {
  return ({ ticket, symbol, magic }) =>
    (filter.ticket === undefined || filter.ticket === ticket) &&
    (filter.symbol === undefined || filter.symbol === symbol) &&
    (filter.magic === undefined || filter.magic === magic);
}

function isWhole({ ticket, symbol, magic }: BookFilter): boolean {
  return ticket === undefined && symbol === undefined && magic === undefined;
}

const SPEC: SymbolSpec = {
  name: 'EURUSD',
  description: 'Euro vs US Dollar',
  ...{ digits: 5, point: 0.00001, tickSize: 0.00001, tickValue: 1, contractSize: 100_000 },
  ...{ volumeMin: 0.01, volumeMax: 50, volumeStep: 0.01, stopsLevelPoints: 0, freezeLevelPoints: 0 },
  ...{ currencyBase: 'EUR', currencyProfit: 'USD', currencyMargin: 'EUR' },
  ...{ execution: 'MARKET', fillingFlags: ['FOK', 'IOC'], tradeMode: 'FULL', inMarketWatch: true },
};
