import { describe, expect, it } from 'vitest';
import { Book } from '../../../../main/mt5/paper/book.ts';
import type { Desk } from '../../../../main/mt5/paper/desk.ts';
import { Ledger } from '../../../../main/mt5/paper/ledger.ts';
import { MarketWatch } from '../../../../main/mt5/paper/market-watch.ts';
import { sendOrder } from '../../../../main/mt5/paper/order-entry.ts';
import { closePosition } from '../../../../main/mt5/paper/position-exit.ts';
import { paperSymbols } from '../../../../main/mt5/paper/paper-symbols.ts';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { anOrder } from '../../../fakes/paper-orders.ts';

const FULL_DISK = 'ENOSPC: no space left on device';
const CHANCE = { askedPrice: 1.1, share: 1 };

/** A ledger on a disk that may be full, with one open position. */
function ledgerOnDisk() {
  const book = new Book(1001n);
  book.balance = 10_000;
  let tick = { symbol: 'EURUSD', bid: 1.1, ask: 1.1001, last: 0, volume: 0, timeMsc: 0, flags: 6 };
  const desk: Desk = {
    ...{ book, symbols: paperSymbols(''), marginMode: 'HEDGING', leverage: 100 },
    tick: () => tick,
    isOpen: () => true,
    tradeMode: () => 'FULL',
    nowMs: () => 0,
  };
  const disk = { fault: null as string | null, told: [] as string[] };
  const ledger = new Ledger(desk, { record: () => disk.fault, tell: ({ kind }) => disk.told.push(kind) });
  const { position } = sendOrder(ledger, anOrder({ sl: 1.09 }), 'IOC', CHANCE);
  disk.told.length = 0;
  const moveTo = (bid: number, ask: number) => new MarketWatch(ledger).onTicks([(tick = { ...tick, bid, ask })]);
  return { ledger, book, disk, position, moveTo };
}

describe('a change that cannot be recorded', () => {
  it('did not happen: the order is rejected with the reason, and neither book nor followers know of it', () => {
    const { ledger, book, disk } = ledgerOnDisk();
    const before = { positions: [...book.positions.values()], next: book.nextTicket, balance: book.balance };
    disk.fault = FULL_DISK;
    const result = sendOrder(ledger, anOrder(), 'IOC', CHANCE);
    expect(result).toMatchObject({ retcode: RETCODE.REJECT, order: 0n, deal: 0n });
    expect(result.message).toContain(FULL_DISK);
    expect({ positions: [...book.positions.values()], next: book.nextTicket, balance: book.balance }).toEqual(before);
    expect(disk.told).toEqual([]);
  });

  it('leaves a position open that was to be closed, and it can be closed later', () => {
    const { ledger, book, disk, position } = ledgerOnDisk();
    const close = { ticket: position, symbol: 'EURUSD', deviationPoints: 0, magic: 0n, comment: '' };
    disk.fault = FULL_DISK;
    expect(closePosition(ledger, close, CHANCE).retcode).toBe(RETCODE.REJECT);
    expect(book.positions.size).toBe(1);
    disk.fault = null;
    expect(closePosition(ledger, close, CHANCE).retcode).toBe(RETCODE.DONE);
    expect(book.positions.size).toBe(0);
  });

  it('by a stop loss is tried again with the next price', () => {
    const { book, disk, moveTo } = ledgerOnDisk();
    disk.fault = FULL_DISK;
    moveTo(1.089, 1.0891);
    expect(book.positions.size).toBe(1);
    disk.fault = null;
    moveTo(1.0889, 1.089);
    expect(book.positions.size).toBe(0);
  });

  it('by the stop-out ends the attempt instead of repeating it for ever', () => {
    const { ledger, book, disk, moveTo } = ledgerOnDisk();
    sendOrder(ledger, anOrder({ volumeLots: 8 }), 'IOC', CHANCE);
    disk.fault = FULL_DISK;
    moveTo(1.085, 1.0851);
    expect(book.positions.size).toBe(2);
  });
});
