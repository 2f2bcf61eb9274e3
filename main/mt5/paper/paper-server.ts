import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Transaction } from '../handler.ts';
import type { Candle, SymbolSpec, Tick } from '../market.ts';
import type { Timeframe } from '../../protocol/payloads.ts';
import type { Book } from './book.ts';
import { CandleStore } from './candles.ts';
import type { Desk } from './desk.ts';
import { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { MarketWatch } from './market-watch.ts';
import { OrderExpiry } from './order-expiry.ts';
import { PaperSetupError, type Faults, type PaperOptions } from './paper-options.ts';
import { paperSymbols, specAt, type PaperSymbol } from './paper-symbols.ts';
import { PriceFeed } from './price-feed.ts';
import { RandomWalk } from './random-walk.ts';
import { endOfWeekend, isWeekend } from './sessions.ts';
import { TickReplay } from './tick-replay.ts';

/** What the paper terminal needs from outside. */
export interface PaperPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of `paper.journal`; it exists. */
  readonly journalDir: string;
}

/** Who hears of what the server does. */
export interface ServerListeners {
  readonly onTicks: (ticks: readonly Tick[]) => void;
  readonly onTransaction: (transaction: Transaction) => void;
}

/** The broker's side of the paper terminal, from one start to one stop: book with journal, prices with bars, and the watch over both. */
export class PaperServer {
  readonly desk: Desk;
  readonly ledger: Ledger;
  readonly watch: MarketWatch;
  readonly #symbols: ReadonlyMap<string, PaperSymbol>;
  readonly #journal: Journal;
  readonly #feed: PriceFeed;
  readonly #expiry: OrderExpiry;
  readonly #candles = new Map<string, CandleStore>();
  readonly #listeners: ServerListeners;
  /** Whether the weekend's pause is on for a symbol. */
  readonly #pauses: (name: string) => boolean;

  /** Opens the journal and the tick file, and gives every symbol its first price. Throws PaperSetupError where it cannot. */
  constructor(options: PaperOptions, ports: PaperPorts, faults: () => Faults, listeners: ServerListeners) {
    const { clock, log } = ports;
    const { seed, marginMode, leverage, ticksPerSecond, ticksSpeed: replaySpeed } = options;
    this.#listeners = listeners;
    this.#symbols = paperSymbols(options.suffix);
    this.#pauses = (name) =>
      options.weekends && this.#symbols.get(name)?.aroundTheClock !== true && isWeekend(clock.nowMs());
    const isOpen = (name: string) => !faults().closedMarkets.includes(name) && !this.#pauses(name);
    const replay = openReplay(options, this.#symbols, log);
    const feed = { seed, symbols: this.#symbols, ticksPerSecond, replay, replaySpeed, isOpen };
    this.#feed = new PriceFeed(feed, clock, log, (ticks) => this.#take(ticks));
    const { journal, book } = openJournal(options, ports, this.#symbols, replay);
    this.#journal = journal;
    this.desk = {
      ...{ book, symbols: this.#symbols, marginMode, leverage, isOpen },
      tick: (name) => this.#feed.last(name),
      tradeMode: (name) => faults().tradeModes[name] ?? 'FULL',
      nowMs: () => Math.floor(clock.nowMs()),
    };
    this.ledger = new Ledger(this.desk, {
      record: (entry) => journal.append(entry),
      tell: (change) => this.#tell(change),
    });
    this.watch = new MarketWatch(this.ledger);
    this.#expiry = new OrderExpiry({ clock, desk: this.desk, expire: () => this.watch.expireOrders() });
    this.#expiry.arm();
    this.#feed.start();
    for (const [name, symbol] of this.#symbols) {
      this.#candles.set(name, new CandleStore(symbol.spec, new RandomWalk(seed, symbol), this.#feed.last(name)));
    }
  }

  /** Lets go of the files; the book stays in the journal. */
  stop(): void {
    this.#feed.stop();
    this.#expiry.stop();
    this.#journal.close();
  }

  /** Specification of a symbol at its price now, or null. */
  spec(name: string): SymbolSpec | null {
    const symbol = this.#symbols.get(name);
    return symbol === undefined
      ? null
      : { ...specAt(symbol, this.desk.tick(name).bid), tradeMode: this.desk.tradeMode(name), ...this.#opening(name) };
  }

  specs(): readonly SymbolSpec[] {
    return [...this.#symbols.keys()].flatMap((name) => this.spec(name) ?? []);
  }

  /** The newest bars of a symbol, or null for one that there is not. */
  candles(name: string, timeframe: Timeframe, count: number): readonly Candle[] | null {
    return this.#candles.get(name)?.newest(timeframe, count) ?? null;
  }

  /** Sets a price now. */
  pushTick(symbol: string, bid: number, ask: number): void {
    this.#feed.push(symbol, bid, ask);
  }

  #take(ticks: readonly Tick[]): void {
    for (const tick of ticks) this.#candles.get(tick.symbol)?.add(tick);
    this.watch.onTicks(ticks);
    this.#listeners.onTicks(ticks);
  }

  #tell(transaction: Transaction): void {
    if ('order' in transaction) this.#expiry.arm();
    this.#listeners.onTransaction(transaction);
  }

  #opening(name: string): Pick<SymbolSpec, 'opensAtMs'> {
    return this.#pauses(name) ? { opensAtMs: endOfWeekend(this.desk.nowMs()) } : {};
  }
}

function openReplay(options: PaperOptions, symbols: ReadonlyMap<string, PaperSymbol>, log: Log): TickReplay | null {
  const { ticksFile: file, ticksAtEnd: atEnd, suffix } = options;
  if (file === undefined) return null;
  const symbolNamed = (name: string) => [name, name + suffix].find((known) => symbols.has(known)) ?? null;
  return new TickReplay({ file, atEnd, symbolNamed }, log);
}

function openJournal(
  options: PaperOptions,
  { journalDir, log }: PaperPorts,
  symbols: ReadonlyMap<string, PaperSymbol>,
  replay: TickReplay | null,
): { journal: Journal; book: Book } {
  try {
    return Journal.open(journalDir, options, log, (book) => refuseUnknownSymbols(book, symbols, journalDir));
  } catch (error) {
    replay?.close();
    throw error;
  }
}

function refuseUnknownSymbols(book: Book, symbols: ReadonlyMap<string, PaperSymbol>, folder: string): void {
  for (const { symbol } of [...book.positions.values(), ...book.pending.values()]) {
    if (symbols.has(symbol)) continue;
    throw new PaperSetupError(
      `the paper account in ${folder} holds ${symbol}, which this terminal does not have: ` +
        `start with the --paper-suffix it was made with, or with --paper-reset`,
    );
  }
}
