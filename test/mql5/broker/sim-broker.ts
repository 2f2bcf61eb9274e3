import type { Socket } from 'node:net';
import type { Ticket } from '../../../main/protocol/ticket.ts';
import { AccountBook } from './account-book.ts';
import { DEFAULT_OPTIONS, newAccount, type IncomingTick, type SimBrokerOptions } from './broker-options.ts';
import type {
  BrokerAccount,
  BrokerDeal,
  BrokerOrder,
  BrokerPosition,
  BrokerSymbol,
  CheckResult,
  RawTradeRequest,
} from './broker-types.ts';
import { rehearse } from './execution.ts';
import type { BrokerFault } from './faults.ts';
import { closeByHand, openByHand, type HandOrder } from './hand-trading.ts';
import { Market } from './market.ts';
import { expireOrders, match } from './matching.ts';
import { TICK_FLAG } from './mql5-enums.ts';
import { OrderDesk, type SendAnswer, type SendHook, type SentRequest } from './order-desk.ts';
import { TerminalFeed } from './terminal-feed.ts';
import { TerminalServer } from './terminal-server.ts';
import { TerminalSession } from './terminal-session.ts';
import type { SwitchName, Venue } from './venue.ts';

const EXPIRY_CHECK_MS = 100;
const RESULT_FIRST_MS = 20;

/**
 * A broker that follows MetaTrader 5's rules, behind the terminals of the harness. It outlives them, as a real one does: a
 * terminal that connects gets everything that is there. Times are the server's, which is not UTC.
 */
export class SimBroker {
  /** OrderSend returns 20 ms before the terminal hears of orders, deals and positions, as it may on a real server. */
  resultFirst = false;
  readonly #venue: Venue;
  readonly #desk: OrderDesk;
  readonly #feed: TerminalFeed;
  readonly #expiryTimer: NodeJS.Timeout;
  readonly #resultTimers = new Set<NodeJS.Timeout>();
  #server: TerminalServer | null = null;

  private constructor(options: SimBrokerOptions) {
    const nowMsc = (): number => options.nowMs() + options.serverOffsetS * 1_000;
    this.#venue = {
      market: new Market(options.symbols, nowMsc()),
      book: new AccountBook(options.firstTicket, (event) => this.#feed.tell(event)),
      account: newAccount(options),
      switchedOff: new Set(),
      commentsRewritten: false,
      nowMsc,
    };
    this.#feed = new TerminalFeed(this.#venue, options.serverOffsetS);
    this.#desk = new OrderDesk(this.#venue, options.answerDelayMs, options.nowMs);
    this.#expiryTimer = setInterval(() => expireOrders(this.#venue), EXPIRY_CHECK_MS).unref();
  }

  /** Opens the broker. Resolves when it listens. */
  static async start(options: Partial<SimBrokerOptions> = {}): Promise<SimBroker> {
    const all = { ...DEFAULT_OPTIONS, ...options };
    const broker = new SimBroker(all);
    broker.#server = await TerminalServer.listen(all.tcp, (socket) => broker.#greet(socket));
    return broker;
  }

  /** Cuts the terminals off and listens no more. May be called twice. */
  async stop(): Promise<void> {
    clearInterval(this.#expiryTimer);
    for (const timer of this.#resultTimers) clearTimeout(timer);
    this.#desk.stop();
    this.#feed.stop();
    this.dropTerminals();
    await this.#server?.stop();
  }

  /** Value of MT5_BROKER for a terminal. */
  get address(): string {
    return this.#server?.address ?? '';
  }

  /** Terminals that are connected. */
  get terminals(): number {
    return this.#feed.sessions.size;
  }

  get positions(): readonly BrokerPosition[] {
    return [...this.#venue.book.positions.values()];
  }

  /** Pending orders, and market orders that are still being carried out. */
  get orders(): readonly BrokerOrder[] {
    return [...this.#venue.book.orders.values()];
  }

  get historyOrders(): readonly BrokerOrder[] {
    return this.#venue.book.historyOrders;
  }

  get deals(): readonly BrokerDeal[] {
    return this.#venue.book.deals;
  }

  get account(): BrokerAccount {
    return this.#venue.account;
  }

  /** All requests that ever came from programs, in order. */
  get requests(): readonly SentRequest[] {
    return this.#desk.requests;
  }

  /** Awaited when a request has come in and when it is done with, before the answer: a test may kill the program there. */
  get onSend(): SendHook | null {
    return this.#desk.onSend;
  }
  set onSend(hook: SendHook | null) {
    this.#desk.onSend = hook;
  }

  /** The broker writes comments of its own instead of the program's. */
  get commentsRewritten(): boolean {
    return this.#venue.commentsRewritten;
  }
  set commentsRewritten(isOn: boolean) {
    this.#venue.commentsRewritten = isOn;
  }

  /** A tick now: tells it and triggers what waits for it. Throws for a symbol that the broker does not have. */
  quote(symbol: string, bid: number, ask: number, extra: Omit<IncomingTick, 'symbol' | 'bid' | 'ask'> = {}): void {
    this.quoteMany([{ ...extra, symbol, bid, ask }]);
  }

  /** Ticks in one write. */
  quoteMany(ticks: readonly IncomingTick[]): void {
    for (const tick of ticks) this.#takeTick(tick);
  }

  /** A symbol as it is specified now. Throws for one that the broker does not have. */
  symbol(name: string): BrokerSymbol {
    return this.#venue.market.symbol(name);
  }

  /** Changes a specification while everything runs. */
  setSymbol(name: string, change: Partial<Omit<BrokerSymbol, 'name'>>): void {
    const symbol = { ...this.symbol(name), ...change };
    this.#venue.market.setSymbol(symbol);
    this.#feed.tellSymbol(symbol);
  }

  /** From now on requests for the symbol are refused with 10018, and nothing triggers. */
  closeMarket(symbol: string): void {
    this.#venue.market.setOpen(this.symbol(symbol).name, false);
  }

  openMarket(symbol: string): void {
    this.#venue.market.setOpen(this.symbol(symbol).name, true);
  }

  /** Turns a switch of the terminal or of the account. */
  setSwitch(name: SwitchName, isOn: boolean): void {
    if (name === 'ACCOUNT_TRADE_ALLOWED') this.setAccount({ tradeAllowed: isOn });
    else if (name === 'ACCOUNT_TRADE_EXPERT') this.setAccount({ tradeExpert: isOn });
    else this.#feed.setSwitch(name, isOn);
  }

  /** Changes the account: another login, server or mode, other levels. */
  setAccount(change: Partial<BrokerAccount>): void {
    this.#venue.account = { ...this.#venue.account, ...change };
    this.#feed.tellAccount();
  }

  /** While it is on, terminals do not get new history, and know that theirs is not complete. */
  holdHistory(isOn: boolean): void {
    this.#feed.holdHistory(isOn);
  }

  /** What befalls the next calls of OrderSend, in order. */
  next(...faults: readonly BrokerFault[]): void {
    this.#desk.faults.add(faults);
  }

  /** Calls back the faults that no call has met yet. */
  calm(): void {
    this.#desk.faults.clear();
  }

  /** OrderSend as a program's terminal would pass it on; null is no answer, ever. */
  async send(request: RawTradeRequest): Promise<SendAnswer | null> {
    if (this.resultFirst) this.#feed.hold();
    const answer = await this.#desk.send(request);
    if (answer !== null) this.#feed.tellRequestDone();
    if (this.resultFirst) this.#releaseSoon();
    return answer;
  }

  /** OrderCheck. */
  check(request: RawTradeRequest): CheckResult {
    return rehearse(this.#venue, request);
  }

  /** Another person opens a position or places an order; its ticket. Throws when the rules refuse it. */
  openByHand(order: HandOrder): Ticket {
    return openByHand(this.#venue, order);
  }

  /** Another person closes a position or removes a pending order. Throws when the rules refuse it. */
  closeByHand(ticket: bigint): void {
    closeByHand(this.#venue, ticket);
  }

  /** Cuts the sockets to the terminals; they may come back. */
  dropTerminals(): void {
    for (const session of this.#feed.sessions) session.destroy();
  }

  #greet(socket: Socket): void {
    const session = new TerminalSession(socket, {
      venue: this.#venue,
      snapshot: () => this.#feed.snapshot(),
      send: (request) => this.send(request),
      select: (symbol, isSelected) => this.#feed.select(symbol, isSelected),
    });
    this.#feed.add(session);
    socket.once('close', () => this.#feed.sessions.delete(session));
  }

  #releaseSoon(): void {
    const timer = setTimeout(() => {
      this.#resultTimers.delete(timer);
      this.#feed.release();
    }, RESULT_FIRST_MS);
    this.#resultTimers.add(timer);
  }

  #takeTick({ symbol, bid, ask, last = 0, volume = 0, flags, timeMsc }: IncomingTick): void {
    const lastFlags = (last > 0 ? TICK_FLAG.LAST : 0) | (volume > 0 ? TICK_FLAG.VOLUME : 0);
    const all = flags ?? TICK_FLAG.BID | TICK_FLAG.ASK | lastFlags;
    this.symbol(symbol);
    this.#venue.market.setQuote(symbol, {
      bid,
      ask,
      last,
      volume,
      timeMsc: timeMsc ?? this.#venue.nowMsc(),
      flags: all,
    });
    this.#feed.tellTick(symbol);
    match(this.#venue, symbol);
  }
}
