import { describe, expect, it } from 'vitest';
import { EVENT_CAPACITY, Inbox } from '../../../../main/brain/strategy/inbox.ts';
import type { StrategyEvent } from '../../../../main/brain/strategy/strategy.ts';

const tick = (symbol: string, seq: number) => ({
  ...{ symbol, bid: 1, ask: 2, timestamp: 0, time_msc: 0, last: 0, volume: 0, flags: 6, seq },
});
const trade = (n: number): StrategyEvent => ({ event: 'TRADE', timestamp: n, data: { n } });
const gap = (symbol: string, missed: number): StrategyEvent => ({
  event: 'GAP',
  timestamp: 0,
  data: { symbol, missed },
});

describe('what waits for a strategy', () => {
  it('is the newest tick of each symbol, with how many were skipped for it', async () => {
    const inbox = new Inbox(() => 0);
    for (const seq of [1, 2, 3]) inbox.addTick(tick('EURUSD', seq));
    inbox.addTick(tick('XAUUSD', 9));
    expect(await inbox.next()).toMatchObject({ kind: 'tick', tick: { symbol: 'EURUSD', seq: 3, missed: 2 } });
    inbox.addTick(tick('EURUSD', 4));
    expect(await inbox.next()).toMatchObject({ tick: { symbol: 'XAUUSD', seq: 9, missed: 0 } });
    expect(await inbox.next()).toMatchObject({ tick: { symbol: 'EURUSD', seq: 4, missed: 0 } });
    expect(inbox.missedTicks).toBe(2);
  });

  it('gives events in order, and before ticks that came earlier', async () => {
    const inbox = new Inbox(() => 0);
    inbox.addTick(tick('EURUSD', 1));
    inbox.addEvent(trade(1));
    inbox.addEvent(trade(2));
    expect(await inbox.next()).toEqual({ kind: 'event', event: trade(1) });
    expect(await inbox.next()).toEqual({ kind: 'event', event: trade(2) });
    expect(await inbox.next()).toMatchObject({ kind: 'tick' });
  });

  it('adds gaps of one symbol that follow each other, and no others', async () => {
    const inbox = new Inbox(() => 0);
    for (const one of [gap('A', 1), gap('A', 2), gap('B', 5), gap('A', 1)]) inbox.addEvent(one);
    expect(await inbox.next()).toEqual({ kind: 'event', event: gap('A', 3) });
    expect(await inbox.next()).toEqual({ kind: 'event', event: gap('B', 5) });
    expect(await inbox.next()).toEqual({ kind: 'event', event: gap('A', 1) });
  });

  it('tells first how many events found no room, then gives the newest', async () => {
    const inbox = new Inbox(() => 7_000);
    for (let n = 0; n < EVENT_CAPACITY + 3; n += 1) inbox.addEvent(trade(n));
    expect(await inbox.next()).toEqual({ kind: 'event', event: { event: 'LOST', timestamp: 7, data: { missed: 3 } } });
    expect(await inbox.next()).toEqual({ kind: 'event', event: trade(3) });
  });

  it('waits for what comes, and ends when it is closed, whatever waits', async () => {
    const inbox = new Inbox(() => 0);
    const waiting = inbox.next();
    setTimeout(() => inbox.addTick(tick('EURUSD', 1)), 5);
    expect(await waiting).toMatchObject({ kind: 'tick' });
    const ending = inbox.next();
    inbox.close();
    expect(await ending).toBeNull();
    inbox.addEvent(trade(1));
    expect(await inbox.next()).toBeNull();
  });
});
