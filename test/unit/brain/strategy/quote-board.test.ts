import { beforeEach, describe, expect, it } from 'vitest';
import { QuoteBoard } from '../../../../main/brain/strategy/quote-board.ts';
import type { RunnerEvent } from '../../../../main/brain/strategy/strategy.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

let clock: SimulatedClock;
let told: RunnerEvent[];
let board: QuoteBoard;
beforeEach(() => {
  clock = new SimulatedClock();
  told = [];
  board = new QuoteBoard(5_000, { clock, tell: (event) => told.push(event), settled: () => Promise.resolve() });
});

const tick = (seq: number, symbol = 'EURUSD') => ({
  ...{ symbol, bid: 1 + seq / 1_000, ask: 2, timestamp: 0, time_msc: 0, last: 0, volume: 0, flags: 6, seq },
});
const said = () => told.map(({ event, data }) => [event, data]);

describe('the quotes of a strategy', () => {
  it('are the last tick of each symbol, with an age that grows', async () => {
    board.accept(tick(1));
    board.accept(tick(2));
    board.accept(tick(1, 'XAUUSD'));
    await clock.advance(1_200);
    expect(board.quotes.get('EURUSD')).toMatchObject({ bid: 1.002, ageMs: 1_200, stale: false });
    expect([...board.quotes.keys()]).toEqual(['EURUSD', 'XAUUSD']);
    expect(board.received).toBe(3);
  });

  it('tell how many ticks are missing between two', () => {
    for (const seq of [4, 5, 9, 10]) board.accept(tick(seq));
    expect(said()).toEqual([['GAP', { symbol: 'EURUSD', missed: 3 }]]);
  });

  it('take lower numbers for another run of the gateway, and no gap over one that is known', () => {
    board.accept(tick(50));
    board.accept(tick(1));
    board.startSequences();
    board.accept(tick(77));
    expect(said()).toEqual([]);
    board.accept(tick(79));
    expect(said()).toEqual([['GAP', { symbol: 'EURUSD', missed: 1 }]]);
  });

  it('become stale once after 5 s without a tick, and fresh with the next', async () => {
    board.accept(tick(1));
    await clock.advance(4_000);
    board.accept(tick(2));
    await clock.advance(5_000);
    expect(said()).toEqual([]);
    await clock.advance(10);
    expect(said()).toEqual([['STALE', { symbol: 'EURUSD', age_ms: expect.closeTo(5_002, -1) as number }]]);
    expect(board.quotes.get('EURUSD')?.stale).toBe(true);
    await clock.advance(60_000);
    expect(told).toHaveLength(1);
    board.accept(tick(3));
    expect(said()[1]).toEqual(['FRESH', { symbol: 'EURUSD', stale_ms: 65_010 }]);
    await clock.advance(5_010);
    expect(said()[2]?.[0]).toBe('STALE');
  });

  it('are watched each for itself', async () => {
    board.accept(tick(1));
    for (let at = 0; at < 10; at += 1) {
      await clock.advance(1_000);
      board.accept(tick(at + 1, 'XAUUSD'));
    }
    expect(said()).toEqual([['STALE', { symbol: 'EURUSD', age_ms: expect.any(Number) as number }]]);
  });

  it('are old after a sleep of the machine, in which its monotonic clock stood still', () => {
    board.accept(tick(1));
    clock.sleep(3_600_000);
    expect(board.quotes.get('EURUSD')).toMatchObject({ ageMs: 3_600_000, stale: true });
  });

  it('are no younger for a wall clock that is set back', async () => {
    board.accept(tick(1));
    clock.stepWall(-3_600_000);
    await clock.advance(6_000);
    expect(board.quotes.get('EURUSD')).toMatchObject({ ageMs: 6_000, stale: true });
  });

  it('do not count as stale while ticks that have arrived are still unread', async () => {
    let read: () => void = () => {};
    board = new QuoteBoard(5_000, {
      ...{ clock, tell: (event) => told.push(event) },
      settled: () => new Promise((resolve) => (read = resolve)),
    });
    board.accept(tick(1));
    await clock.advance(6_000);
    board.accept(tick(2));
    read();
    await clock.advance(1);
    expect(said()).toEqual([]);
  });

  it('say nothing more once they are stopped', async () => {
    board.accept(tick(1));
    board.stop();
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });
});
