import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../main/log.ts';
import type { CloseOrder, Query, TradeResult, Transaction } from '../../main/mt5/handler.ts';
import type { NewOrder, Order, Position } from '../../main/mt5/market.ts';
import { PAPER_DEFAULTS, type PaperOptions } from '../../main/mt5/paper/paper-options.ts';
import { PaperTerminal } from '../../main/mt5/paper/paper-terminal.ts';
import type { Ticket } from '../../main/protocol/ticket.ts';
import { anOrder, answer, OPEN_FENCE } from './paper-orders.ts';
import { settle, SimulatedClock } from './simulated-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Round prices to reckon with: bid and ask of each symbol. */
export const PRICES = {
  EURUSD: [1.1, 1.1001],
  GBPUSD: [1.3, 1.3002],
  USDJPY: [150, 150.01],
  XAUUSD: [4000, 4000.5],
  BTCUSD: [90_000, 90_010],
} as const;

/** A paper terminal on a simulated clock, with prices that move only when the test says so. */
export class PaperRig {
  readonly clock: SimulatedClock;
  readonly terminal: PaperTerminal;
  readonly folder: string;
  readonly transactions: Transaction[] = [];
  readonly warnings: { readonly event: string; readonly fields: unknown }[];

  private constructor(
    options: Partial<PaperOptions>,
    folder: string,
    clock: SimulatedClock,
    warnings: { readonly event: string; readonly fields: unknown }[],
  ) {
    this.folder = folder;
    this.clock = clock;
    this.warnings = warnings;
    const note = (event: string, fields: unknown) => void warnings.push({ event, fields });
    const log: Log = { info: note, warn: note, error: note };
    const still = { ...PAPER_DEFAULTS, ticksPerSecond: 0, ...options };
    this.terminal = new PaperTerminal(still, { clock, log, journalDir: folder });
    this.terminal.onTransaction((transaction) => this.transactions.push(transaction));
  }

  /** A started terminal in a new folder, or in the one of an earlier rig. */
  static async start(
    options: Partial<PaperOptions> = {},
    folder = temporaryFolder(),
    clock = new SimulatedClock(),
  ): Promise<PaperRig> {
    const rig = new PaperRig(options, folder, clock, []);
    await rig.terminal.start();
    if (options.ticksPerSecond === undefined && options.ticksFile === undefined) rig.quoteAll(options.suffix ?? '');
    return rig;
  }

  /** The same terminal after the death of its process: nothing was stopped, the journal is all there is. */
  revive(options: Partial<PaperOptions> = {}): Promise<PaperRig> {
    return PaperRig.start(options, this.folder, this.clock);
  }

  quoteAll(suffix = ''): void {
    for (const [symbol, [bid, ask]] of Object.entries(PRICES)) this.quote(symbol + suffix, bid, ask);
  }

  quote(symbol: string, bid: number, ask: number): void {
    this.terminal.pushTick(symbol, bid, ask);
  }

  /** Sends an order that is executed at once; a market buy of 0.1 EURUSD where nothing else is said. */
  send(order: Partial<NewOrder> = {}, fence = OPEN_FENCE): Promise<TradeResult> {
    return answer(this.terminal.send(anOrder(order), fence));
  }

  close(ticket: Ticket, close: Partial<CloseOrder> = {}, fence = OPEN_FENCE): Promise<TradeResult> {
    const whole = { ticket, symbol: 'EURUSD', deviationPoints: 20, magic: 0n, comment: '' };
    return answer(this.terminal.close({ ...whole, ...close }, fence));
  }

  cancel(ticket: Ticket, fence = OPEN_FENCE): Promise<TradeResult> {
    return answer(this.terminal.cancel(ticket, fence));
  }

  async positions(): Promise<readonly Position[]> {
    return value(await this.terminal.positions());
  }

  async orders(): Promise<readonly Order[]> {
    return value(await this.terminal.orders());
  }

  async history() {
    return value(await this.terminal.history(0, Infinity));
  }

  async account() {
    return value(await this.terminal.account());
  }

  /** All that can be asked about the account, for comparing two terminals. */
  async everything() {
    const [account, positions, orders, history] = [
      await this.account(),
      await this.positions(),
      await this.orders(),
      await this.history(),
    ];
    return { account, positions, orders, history };
  }

  journal(): string {
    return readFileSync(this.journalPath(), 'utf8');
  }

  journalPath(): string {
    return join(this.folder, 'paper.journal');
  }
}

/** The value of a question that has an answer. */
export function value<T>(query: Query<T>): T {
  if (!query.ok) throw new Error(`${query.code}: ${query.message}`);
  return query.value;
}

/** Whether a promise is settled already, once everything that can run has run. */
export async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await settle();
  return settled;
}
