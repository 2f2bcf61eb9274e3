import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Timeframe } from '../../protocol/payloads.ts';
import type { Ticket } from '../../protocol/ticket.ts';
import type {
  BookFilter,
  CloseOrder,
  Fence,
  History,
  Mt5Handler,
  OrderChange,
  PositionChange,
  Query,
  TerminalState,
  Traces,
  TradeOutcome,
  Transaction,
} from '../handler.ts';
import type { Account, Candle, NewOrder, Order, Position, SymbolSpec, Tick } from '../market.ts';
import { Listeners } from '../listeners.ts';
import type { Listener } from './listener.ts';
import {
  askAccount,
  askCandles,
  askCheck,
  askFind,
  askHistory,
  askOrders,
  askPositions,
  askSymbol,
  askSymbols,
  askTick,
} from './questions.ts';
import type { TerminalOptions } from './terminal-options.ts';
import { TerminalLink, type LinkStats } from './terminal-link.ts';
import { changeBody, closeBody, modifyBody, removeBody, sendBody, type TradeBody } from './trade-lines.ts';

/** The program does one thing at a time: OrderSend holds its only thread. */
const CONCURRENCY = 1;

export interface TerminalPorts {
  readonly clock: Clock;
  readonly log: Log;
}

/** A real terminal, through the program that runs in it: docs/BRIDGE.md from the gateway's side. */
export class TerminalHandler implements Mt5Handler {
  readonly concurrency = CONCURRENCY;
  readonly settleMs: number;
  readonly #link: TerminalLink;
  readonly #tickListeners = new Listeners<readonly Tick[]>();
  readonly #transactionListeners = new Listeners<Transaction>();
  readonly #stateListeners = new Listeners<TerminalState>();

  constructor(options: TerminalOptions, ports: TerminalPorts) {
    this.settleMs = options.settleMs;
    this.#link = new TerminalLink(options, {
      ...ports,
      onTicks: (ticks) => this.#tickListeners.tell(ticks),
      onTransaction: (transaction) => this.#transactionListeners.tell(transaction),
      onState: (state) => this.#stateListeners.tell(state),
    });
  }

  /**
   * Listens for a program, and waits a moment for one that runs already. Rejects with TerminalSetupError where neither
   * pipe nor port can be had.
   */
  start(): Promise<void> {
    return this.#link.start();
  }

  /** Closes the link and frees pipe and port. What the terminal works on goes on there, and is lost to this gateway. */
  stop(): Promise<void> {
    return this.#link.stop();
  }

  state(): TerminalState {
    return this.#link.state();
  }

  /** Where a program finds the gateway, null for what is not listened on; for tests and the doctor. */
  endpoints(): Pick<Listener, 'pipePath' | 'tcpPort'> {
    return this.#link.endpoints();
  }

  /** What has been refused and dropped since the start. */
  stats(): LinkStats {
    return this.#link.stats();
  }

  account(): Promise<Query<Account>> {
    return this.#link.ask(askAccount());
  }

  positions(filter: BookFilter = {}): Promise<Query<readonly Position[]>> {
    return this.#link.ask(askPositions(filter));
  }

  toldPosition(ticket: Ticket): Position | null {
    return this.#link.toldPosition(ticket);
  }

  orders(filter: BookFilter = {}): Promise<Query<readonly Order[]>> {
    return this.#link.ask(askOrders(filter));
  }

  history(fromMs: number, toMs: number): Promise<Query<History>> {
    return this.#link.ask(askHistory(fromMs, toMs));
  }

  symbols(): Promise<Query<readonly SymbolSpec[]>> {
    return this.#link.ask(askSymbols());
  }

  symbol(name: string): Promise<Query<SymbolSpec>> {
    return this.#link.ask(askSymbol(name));
  }

  tick(symbol: string): Promise<Query<Tick>> {
    return this.#link.ask(askTick(symbol));
  }

  candles(symbol: string, timeframe: Timeframe, count: number): Promise<Query<readonly Candle[]>> {
    return this.#link.ask(askCandles(symbol, timeframe, count));
  }

  find(tag: string): Promise<Query<Traces>> {
    return this.#link.ask(askFind(tag));
  }

  async check(order: NewOrder): Promise<TradeOutcome> {
    const answer = await this.#link.ask(askCheck(order));
    // A check changes nothing, so without an answer nothing has happened either.
    return answer.ok ? { kind: 'answered', result: answer.value } : { kind: 'unsent', message: answer.message };
  }

  send(order: NewOrder, fence: Fence): Promise<TradeOutcome> {
    return this.#trade(sendBody(order), fence);
  }

  close(position: CloseOrder, fence: Fence): Promise<TradeOutcome> {
    return this.#trade(closeBody(position), fence);
  }

  modifyPosition(change: PositionChange, fence: Fence): Promise<TradeOutcome> {
    return this.#trade(modifyBody(change), fence);
  }

  modifyOrder(change: OrderChange, fence: Fence): Promise<TradeOutcome> {
    return this.#trade(changeBody(change), fence);
  }

  cancel(ticket: Ticket, fence: Fence): Promise<TradeOutcome> {
    return this.#trade(removeBody(ticket), fence);
  }

  halt(epoch: number): Promise<boolean> {
    return this.#link.halt(epoch);
  }

  release(epoch: number): Promise<boolean> {
    return this.#link.release(epoch);
  }

  subscribe(symbols: ReadonlySet<string>): void {
    this.#link.subscribe(symbols);
  }

  onTicks(listener: (ticks: readonly Tick[]) => void): () => void {
    return this.#tickListeners.add(listener);
  }

  onTransaction(listener: (transaction: Transaction) => void): () => void {
    return this.#transactionListeners.add(listener);
  }

  onState(listener: (state: TerminalState) => void): () => void {
    return this.#stateListeners.add(listener);
  }

  #trade(body: TradeBody, fence: Fence): Promise<TradeOutcome> {
    return this.#link.trade(body, fence);
  }
}
