import type { Ticket } from '../../protocol/ticket.ts';
import type {
  AccountPin,
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
import type { Timeframe } from '../../protocol/payloads.ts';
import { accountNow, PAPER_LOGIN, PAPER_SERVER } from './account-view.ts';
import { historyOf, ordersOf, positionsOf, tracesOf } from './book-queries.ts';
import { cancelOrder, modifyOrder, modifyPosition } from './changes.ts';
import { FaultScript } from './fault-script.ts';
import { Latch, type CallKind } from './latch.ts';
import { Listeners } from '../listeners.ts';
import { beginChange, beginClose, beginSend, check, lost, type Answer } from './order-send.ts';
import type { Faults, PaperOptions } from './paper-options.ts';
import { PaperServer, type PaperPorts } from './paper-server.ts';
import { TradeQueue } from './trade-queue.ts';
import { switchedOff } from './trading-switches.ts';

/** OrderSend calls at work at once. */
const CONCURRENCY = 4;
const VERSION = 'paper-1';
const ACCOUNT: AccountPin = { login: PAPER_LOGIN.toString(), server: PAPER_SERVER, mode: 'PAPER' };
const AWAY = 'the paper terminal is away';

/**
 * A terminal with a broker behind it, inside this process: MetaTrader's rules without MetaTrader, and without money.
 * What happened is in `paper.journal` before it is answered.
 */
export class PaperTerminal implements Mt5Handler {
  readonly concurrency = CONCURRENCY;
  /** The journal is complete: what it does not have did not happen. */
  readonly settleMs = 0;
  readonly #options: PaperOptions;
  readonly #ports: PaperPorts;
  readonly #latch = new Latch();
  readonly #faults: FaultScript;
  readonly #queue: TradeQueue;
  readonly #tickListeners = new Listeners<readonly Tick[]>();
  readonly #transactionListeners = new Listeners<Transaction>();
  readonly #stateListeners = new Listeners<TerminalState>();
  #subscribed: ReadonlySet<string> = new Set();
  #server: PaperServer | null = null;
  #wasStarted = false;

  constructor(options: PaperOptions, ports: PaperPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#faults = new FaultScript(options.seed, options.rejectRate, options.requoteRate);
    this.#faults.set(options.faults);
    this.#queue = new TradeQueue({ concurrency: CONCURRENCY, latencyMs: options.latencyMs }, this.#latch, ports.clock);
  }

  /** Reads the journal and gives prices. Rejects with PaperSetupError where journal or tick file cannot be used. */
  start(): Promise<void> {
    return promised(() => {
      if (this.#server !== null) return;
      // Only the first start forgets the account; one after a stop goes on with it.
      const options = this.#wasStarted ? { ...this.#options, reset: false } : this.#options;
      this.#server = new PaperServer(options, this.#ports, () => this.#faults.now, {
        onTicks: (ticks) => this.#stream(ticks),
        onTransaction: (transaction) => this.#transactionListeners.tell(transaction),
      });
      this.#wasStarted = true;
      this.#stateListeners.tell(this.state());
    });
  }

  /** Finishes what the broker is working on, and lets go of the files. */
  stop(): Promise<void> {
    return promised(() => {
      if (this.#server === null) return;
      this.#queue.stop();
      this.#server.stop();
      this.#server = null;
      this.#stateListeners.tell(this.state());
    });
  }

  state(): TerminalState {
    const linked = this.#linkedServer() !== null;
    return {
      linked,
      linkFault: linked ? null : AWAY,
      connected: linked,
      tradingBlockedBy: this.#faults.now.switchesOff,
      account: ACCOUNT,
      marginMode: this.#options.marginMode,
      bridgeVersion: VERSION,
      lastHeardMonoMs: linked ? this.#ports.clock.monoMs() : null,
      latch: this.#latch.state,
      transport: null,
      listensOn: [],
    };
  }

  account(): Promise<Query<Account>> {
    return this.#ask(({ desk }) => accountNow(desk, this.#faults.now.switchesOff));
  }

  positions(filter: BookFilter = {}): Promise<Query<readonly Position[]>> {
    return this.#ask(({ desk }) => positionsOf(desk, filter));
  }

  /** Asking costs nothing here. */
  toldPosition(): null {
    return null;
  }

  orders(filter: BookFilter = {}): Promise<Query<readonly Order[]>> {
    return this.#ask(({ desk }) => ordersOf(desk, filter));
  }

  history(fromMs: number, toMs: number): Promise<Query<History>> {
    return this.#ask(({ desk }) => historyOf(desk, fromMs, toMs));
  }

  symbols(): Promise<Query<readonly SymbolSpec[]>> {
    return this.#ask((server) => server.specs());
  }

  symbol(name: string): Promise<Query<SymbolSpec>> {
    return this.#ask((server) => server.spec(name), name);
  }

  tick(symbol: string): Promise<Query<Tick>> {
    return this.#ask(({ desk }) => (desk.symbols.has(symbol) ? desk.tick(symbol) : null), symbol);
  }

  candles(symbol: string, timeframe: Timeframe, count: number): Promise<Query<readonly Candle[]>> {
    return this.#ask((server) => server.candles(symbol, timeframe, count), symbol);
  }

  find(tag: string): Promise<Query<Traces>> {
    return this.#ask(({ desk }) => tracesOf(desk, tag));
  }

  check(order: NewOrder): Promise<TradeOutcome> {
    const server = this.#linkedServer();
    if (server === null) return Promise.resolve(unsent());
    return Promise.resolve(switchedOff(this.#faults.now.switchesOff) ?? check(server, order));
  }

  send(order: NewOrder, fence: Fence): Promise<TradeOutcome> {
    return this.#submit('entry', fence, (server) => beginSend(server, this.#faults, order));
  }

  close(position: CloseOrder, fence: Fence): Promise<TradeOutcome> {
    return this.#submit('reduce', fence, (server) => beginClose(server, this.#faults, position));
  }

  modifyPosition(change: PositionChange, fence: Fence): Promise<TradeOutcome> {
    return this.#submit('reduce', fence, (server) =>
      beginChange(server, this.#faults, (ledger) => modifyPosition(ledger, change)),
    );
  }

  modifyOrder(change: OrderChange, fence: Fence): Promise<TradeOutcome> {
    return this.#submit('entry', fence, (server) =>
      beginChange(server, this.#faults, (ledger) => modifyOrder(ledger, change)),
    );
  }

  cancel(ticket: Ticket, fence: Fence): Promise<TradeOutcome> {
    return this.#submit('reduce', fence, (server) =>
      beginChange(server, this.#faults, (ledger) => cancelOrder(ledger, ticket)),
    );
  }

  /** Latches in this call, before anything that waits; what the broker works on already still fills. False while the link is down. */
  halt(epoch: number): Promise<boolean> {
    this.#latch.halt(epoch);
    this.#queue.sweep();
    return Promise.resolve(this.#linkedServer() !== null);
  }

  /** False for an epoch smaller than the latch's own, and while the link is down. */
  release(epoch: number): Promise<boolean> {
    return Promise.resolve(this.#linkedServer() !== null && this.#latch.release(epoch));
  }

  subscribe(symbols: ReadonlySet<string>): void {
    this.#subscribed = new Set(symbols);
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

  /** Orders trouble, or lifts it: what is named is set, the rest stays. For tests and rehearsals. */
  inject(faults: Partial<Faults>): void {
    this.#faults.set(faults);
    this.#stateListeners.tell(this.state());
  }

  /** Requests that have reached the broker, refused ones included. For tests and rehearsals. */
  get requests(): number {
    return this.#faults.taken;
  }

  /** Sets a price now, as if the market had moved there. For tests and rehearsals; throws for an unknown symbol or before the start. */
  pushTick(symbol: string, bid: number, ask: number): void {
    if (this.#server === null) throw new Error(AWAY);
    this.#server.pushTick(symbol, bid, ask);
  }

  #linkedServer(): PaperServer | null {
    return this.#faults.now.linkDown ? null : this.#server;
  }

  #submit(kind: CallKind, fence: Fence, begin: (server: PaperServer) => Answer): Promise<TradeOutcome> {
    if (this.#linkedServer() === null) return Promise.resolve(unsent());
    return this.#queue.submit({ kind, fence, begin: () => this.#begin(begin) });
  }

  #begin(begin: (server: PaperServer) => Answer): Answer {
    const server = this.#linkedServer();
    if (server === null) return unsent;
    const refused = switchedOff(this.#faults.now.switchesOff);
    if (refused !== null) return () => refused;
    const answer = begin(server);
    return () => {
      const outcome = answer();
      return this.#linkedServer() === null ? lost() : outcome;
    };
  }

  #ask<T>(answer: (server: PaperServer) => T | null, name = ''): Promise<Query<T>> {
    const server = this.#linkedServer();
    if (server === null) return Promise.resolve({ ok: false, code: 'TERMINAL_DISCONNECTED', message: AWAY });
    const value = answer(server);
    if (value !== null) return Promise.resolve({ ok: true, value });
    return Promise.resolve({ ok: false, code: 'NOT_FOUND', message: `the terminal has no symbol ${name}` });
  }

  #stream(ticks: readonly Tick[]): void {
    if (this.#faults.now.linkDown) return;
    const wanted = ticks.filter(({ symbol }) => this.#subscribed.has(symbol));
    if (wanted.length > 0) this.#tickListeners.tell(wanted);
  }
}

function unsent(): TradeOutcome {
  return { kind: 'unsent', message: AWAY };
}

/** Does the work now; what it throws rejects the promise. */
function promised(work: () => void): Promise<void> {
  return new Promise((resolve) => {
    work();
    resolve();
  });
}
