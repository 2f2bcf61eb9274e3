import { REQUEST_TRANSACTION, type BookEvent } from './book-events.ts';
import type { BrokerSymbol } from './broker-types.ts';
import { accountRow, bookRow, positionRow, symbolRow, tickRow } from './rows.ts';
import type { TerminalSession } from './terminal-session.ts';
import type { SwitchName, Venue } from './venue.ts';
import { encodeLine } from './wire-line.ts';

/** Switches that belong to the terminal, not to the account. */
export type TerminalSwitch = Exclude<SwitchName, 'ACCOUNT_TRADE_ALLOWED' | 'ACCOUNT_TRADE_EXPERT'>;

const TERMINAL_SWITCHES = ['TERMINAL_CONNECTED', 'TERMINAL_TRADE_ALLOWED', 'MQL_TRADE_ALLOWED'] as const;
const PRICE_PUSH_MS = 50;

/** Keeps the terminals up to date: what they get at first, and every change from then on. */
export class TerminalFeed {
  readonly sessions = new Set<TerminalSession>();
  readonly #venue: Venue;
  readonly #offsetS: number;
  /** How much of the history terminals have; null while they have all of it. */
  #heldHistory: { readonly orders: number; readonly deals: number } | null = null;
  readonly #movedSymbols = new Set<string>();
  #priceTimer: NodeJS.Timeout | null = null;
  #isAccountDue = false;

  constructor(venue: Venue, offsetS: number) {
    this.#venue = venue;
    this.#offsetS = offsetS;
  }

  /** A terminal has connected. While there is no connection to the server it hears nothing either. */
  add(session: TerminalSession): void {
    this.sessions.add(session);
    if (!this.#isConnected()) session.hold();
  }

  stop(): void {
    if (this.#priceTimer !== null) clearTimeout(this.#priceTimer);
  }

  /** Everything that a terminal must know, but the end of it. */
  snapshot(): readonly string[] {
    const { book, market } = this.#venue;
    const { orders, deals } = this.#heldHistory ?? { orders: book.historyOrders.length, deals: book.deals.length };
    const selected = [...market.symbols].filter((symbol) => symbol.selected);
    return [
      encodeLine(['clock', this.#offsetS]),
      ...TERMINAL_SWITCHES.map((name) => this.#switchRow(name)),
      accountRow(this.#venue),
      ...[...market.symbols].map((symbol) => symbolRow(this.#venue, symbol)),
      ...[...book.positions.values()].map((position) => bookRow(this.#venue, { kind: 'position', position })),
      ...[...book.orders.values()].map((order) => bookRow(this.#venue, { kind: 'order', order })),
      ...book.historyOrders.slice(0, orders).map((order) => bookRow(this.#venue, { kind: 'history-order', order })),
      ...book.deals.slice(0, deals).map((deal) => bookRow(this.#venue, { kind: 'history-deal', deal })),
      encodeLine(['history-ready', this.#heldHistory === null]),
      ...selected.map(({ name }) => tickRow(name, market.quote(name))),
    ];
  }

  /** A change in the book. */
  tell(event: BookEvent): void {
    if (event.kind === 'position') this.#watch(event.position.symbol);
    if (event.kind === 'order') this.#watch(event.order.symbol);
    if (this.#isKeptBack(event)) return;
    this.#push(bookRow(this.#venue, event));
    if (event.kind === 'position' || event.kind === 'position-gone') this.#tellAccountSoon();
  }

  /** The last tick of a symbol; a terminal gets only those of its Market Watch, and none while it is not connected. */
  tellTick(name: string): void {
    const symbol = this.#venue.market.symbol(name);
    if (this.#venue.book.positions.size > 0) this.#tellPricesSoon(name);
    if (!symbol.selected || this.sessions.size === 0 || !this.#isConnected()) return;
    const row = tickRow(name, this.#venue.market.quote(name));
    for (const session of this.sessions) session.pushAtOnce(row);
  }

  tellAccount(): void {
    this.#push(accountRow(this.#venue));
  }

  tellSymbol(symbol: BrokerSymbol): void {
    const row = symbolRow(this.#venue, symbol);
    for (const session of this.sessions) session.pushAtOnce(row);
  }

  /** The server has worked off a request. */
  tellRequestDone(): void {
    this.tell({ kind: 'transaction', transaction: REQUEST_TRANSACTION });
  }

  /** Market Watch. What the account has positions or orders of stays in it. */
  select(symbol: BrokerSymbol, isSelected: boolean): void {
    if (symbol.selected === isSelected) return;
    if (!isSelected && this.#venue.book.hasInterestIn(symbol.name)) return;
    const changed = { ...symbol, selected: isSelected };
    this.#venue.market.setSymbol(changed);
    this.tellSymbol(changed);
    if (isSelected) this.tellTick(symbol.name);
  }

  /** Without TERMINAL_CONNECTED a terminal misses ticks and transactions; the rest it gets when it is back. */
  setSwitch(name: TerminalSwitch, isOn: boolean): void {
    if (isOn) this.#venue.switchedOff.delete(name);
    else this.#venue.switchedOff.add(name);
    for (const session of this.sessions) session.pushAtOnce(this.#switchRow(name));
    if (name !== 'TERMINAL_CONNECTED') return;
    if (isOn) this.#reconnect();
    else this.hold();
  }

  /** Keeps everything but ticks and switches from the terminals until `release`. */
  hold(): void {
    for (const session of this.sessions) session.hold();
  }

  /** Tells what was held, unless there is no connection to the server. */
  release(): void {
    if (!this.#isConnected()) return;
    for (const session of this.sessions) session.release();
  }

  /** While it is on, terminals do not get new history, and know that theirs is not complete. */
  holdHistory(isOn: boolean): void {
    const { historyOrders, deals } = this.#venue.book;
    const missed = this.#heldHistory;
    if (isOn) this.#heldHistory ??= { orders: historyOrders.length, deals: deals.length };
    else if (missed !== null) {
      this.#heldHistory = null;
      for (const order of historyOrders.slice(missed.orders)) this.tell({ kind: 'history-order', order });
      for (const deal of deals.slice(missed.deals)) this.tell({ kind: 'history-deal', deal });
    }
    this.#push(encodeLine(['history-ready', !isOn]));
  }

  #reconnect(): void {
    this.release();
    for (const { name } of this.#venue.market.symbols) this.tellTick(name);
  }

  #isKeptBack({ kind }: BookEvent): boolean {
    if (kind === 'transaction') return !this.#isConnected();
    return this.#heldHistory !== null && (kind === 'history-order' || kind === 'history-deal');
  }

  #isConnected(): boolean {
    return !this.#venue.switchedOff.has('TERMINAL_CONNECTED');
  }

  #watch(name: string): void {
    this.select(this.#venue.market.symbol(name), true);
  }

  #switchRow(name: TerminalSwitch): string {
    return encodeLine(['switch', name, !this.#venue.switchedOff.has(name)]);
  }

  #push(row: string): void {
    for (const session of this.sessions) session.push(row);
  }

  // Once for all that a request changes, and before its answer.
  #tellAccountSoon(): void {
    if (this.#isAccountDue) return;
    this.#isAccountDue = true;
    queueMicrotask(() => {
      this.#isAccountDue = false;
      this.tellAccount();
    });
  }

  // Prices of positions follow the ticks a little later, so that ticks stay cheap.
  #tellPricesSoon(name: string): void {
    this.#movedSymbols.add(name);
    this.#priceTimer ??= setTimeout(() => this.#tellPrices(), PRICE_PUSH_MS).unref();
  }

  #tellPrices(): void {
    this.#priceTimer = null;
    for (const position of this.#venue.book.positions.values()) {
      if (this.#movedSymbols.has(position.symbol)) this.#push(positionRow(this.#venue, position));
    }
    this.#movedSymbols.clear();
    this.tellAccount();
  }
}
