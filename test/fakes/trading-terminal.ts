import type { Fence, History, Query, Traces, TradeOutcome } from '../../main/mt5/handler.ts';
import type { Account, Deal, NewOrder, Order, Position, SymbolSpec, Tick } from '../../main/mt5/market.ts';
import { RETCODE } from '../../main/mt5/retcodes.ts';
import { toTicket } from '../../main/protocol/ticket.ts';
import { answered, FakeTerminal } from './fake-terminal.ts';

/** An order as it was written to the terminal. */
export interface Sent {
  readonly order: NewOrder;
  readonly fence: Fence;
}

/** How a send ends, when the script decides; `fill` does what was asked and answers DONE. */
export type SendScript = (order: NewOrder, fill: () => TradeOutcome) => TradeOutcome | Promise<TradeOutcome>;

const NONE = toTicket(0);

/** A FakeTerminal that also fills orders, streams ticks and has a history to find tags in. */
export class TradingTerminal extends FakeTerminal {
  readonly sent: Sent[] = [];
  /** Scripts of the next sends, before the default of filling. */
  readonly sendScripts: SendScript[] = [];
  /** Every deal and ended order. */
  readonly deals: Deal[] = [];
  readonly ended: Order[] = [];
  /** The last prices, a fresh pair for each reading when there are several. */
  quotes: { readonly bid: number; readonly ask: number }[] = [{ bid: 1.1, ask: 1.10002 }];
  /** Answers of find, before the default of looking into the book. */
  readonly findAnswers: Query<Traces>[] = [];
  isHistoryComplete = true;
  subscribed: ReadonlySet<string> = new Set();
  #tickListener: ((ticks: readonly Tick[]) => void) | null = null;
  #nextOrder = 9_007_199_254_740_993n;

  override send(order?: NewOrder, fence?: Fence): Promise<TradeOutcome> {
    if (order === undefined || fence === undefined) throw new Error('send takes an order and a fence');
    this.calls.push('send');
    this.sent.push({ order, fence });
    const script = this.sendScripts.shift();
    const fill = () => this.fill(order);
    return Promise.resolve(script === undefined ? fill() : script(order, fill));
  }

  /** Executes a market order: a position and a deal that carry its magic and comment. */
  fill(order: NewOrder, volumeLots = order.volumeLots): TradeOutcome {
    const ticket = toTicket(this.#nextOrder);
    this.#nextOrder += 2n;
    const price = order.side === 'BUY' ? 1.10002 : 1.1;
    const { symbol, side, magic, comment } = order;
    if (order.type !== 'MARKET') {
      this.place({ ticket, symbol, type: `${side}_${order.type}`, openPrice: order.price ?? 0, magic, comment });
      return answered(RETCODE.DONE, { order: ticket, volumeLots, price: order.price ?? 0 });
    }
    this.open({ ticket, symbol, side, volumeLots, openPrice: price, magic, comment });
    this.deal({ ticket, order: ticket, position: ticket, symbol, side, volumeLots, price, magic, comment });
    const retcode = volumeLots < order.volumeLots ? RETCODE.DONE_PARTIAL : RETCODE.DONE;
    return answered(retcode, { order: ticket, deal: ticket, position: ticket, volumeLots, price });
  }

  /** Puts a deal into the history. */
  deal(deal: Partial<Deal>): void {
    this.deals.push({
      ticket: NONE,
      order: NONE,
      position: NONE,
      symbol: 'EURUSD',
      side: 'BUY',
      entry: 'IN',
      reason: 'EXPERT',
      volumeLots: 0.1,
      price: 1.1,
      profit: 0,
      commission: 0,
      swap: 0,
      magic: 0n,
      comment: '',
      atMs: Date.UTC(2026, 0, 5, 12),
      ...deal,
    });
  }

  /** Streams ticks to the gateway, as of one turn. */
  stream(...ticks: readonly Partial<Tick>[]): void {
    this.#tickListener?.(ticks.map((tick) => ({ ...TICK, ...tick })));
  }

  override find(tag = ''): Promise<Query<Traces>> {
    this.calls.push('find');
    const prepared = this.findAnswers.shift();
    if (prepared !== undefined) return Promise.resolve(prepared);
    const carries = (trade: { readonly comment: string }) => trade.comment.endsWith(`~${tag}`);
    const value = {
      complete: this.isHistoryComplete,
      positions: [...this.book.values()].filter(carries),
      pending: [...this.pending.values()].filter(carries),
      orders: this.ended.filter(carries),
      deals: this.deals.filter(carries),
      recorded: this.traces.recorded,
    };
    return Promise.resolve({ ok: true, value });
  }

  override history(): Promise<Query<History>> {
    return Promise.resolve({ ok: true, value: { orders: this.ended, deals: this.deals } });
  }

  override account(): Promise<Query<Account>> {
    return Promise.resolve({ ok: true, value: ACCOUNT });
  }

  override async symbols(): Promise<Query<readonly SymbolSpec[]>> {
    const eurusd = await this.symbol('EURUSD');
    return eurusd.ok ? { ok: true, value: [eurusd.value, { ...eurusd.value, name: 'USDJPY', digits: 3 }] } : eurusd;
  }

  override tick(symbol = 'EURUSD'): Promise<Query<Tick>> {
    if (symbol !== 'EURUSD') {
      return Promise.resolve({ ok: false, code: 'NOT_FOUND', message: `no symbol ${symbol}` });
    }
    const quote = (this.quotes.length > 1 ? this.quotes.shift() : this.quotes[0]) ?? TICK;
    return Promise.resolve({ ok: true, value: { ...TICK, ...quote } });
  }

  override subscribe(symbols: ReadonlySet<string> = new Set()): void {
    this.subscribed = symbols;
  }

  override onTicks(listener: (ticks: readonly Tick[]) => void = () => {}): () => void {
    this.#tickListener = listener;
    return () => {
      this.#tickListener = null;
    };
  }

  /** The only position, for tests that expect exactly one. */
  onlyPosition(): Position {
    const [position, ...others] = this.book.values();
    if (position === undefined || others.length > 0) throw new Error(`${this.book.size} positions`);
    return position;
  }
}

const TICK: Tick = {
  symbol: 'EURUSD',
  bid: 1.1,
  ask: 1.10002,
  last: 0,
  volume: 0,
  timeMsc: 1_766_800_000_125,
  flags: 6,
};

const ACCOUNT: Account = {
  login: 9_007_199_254_740_993n,
  server: 'Paper',
  name: 'Somebody',
  company: 'Nobody',
  currency: 'USD',
  leverage: 100,
  mode: 'PAPER',
  marginMode: 'HEDGING',
  balance: 10_000,
  credit: 0,
  profit: 0,
  equity: 10_000,
  margin: 0,
  marginFree: 10_000,
  marginLevel: 0,
  marginCallLevel: 50,
  marginStopOutLevel: 30,
  tradeAllowed: true,
  tradeExpert: true,
  limitOrders: 200,
};
