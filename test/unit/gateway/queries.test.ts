import { describe, expect, it } from 'vitest';
import { MAX_HISTORY_ROWS } from '../../../main/protocol/payloads.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { Rig } from './rig.ts';

interface HistoryReply {
  readonly deals: readonly Record<string, unknown>[];
  readonly orders: readonly Record<string, unknown>[];
  readonly truncated: boolean;
}

async function historyOf(rig: Rig, payload: object): Promise<HistoryReply> {
  const { answer } = await rig.ask('GET_HISTORY', { payload: { from: 0, ...payload } });
  return answer.data as unknown as HistoryReply;
}

/** A rig on paper with a closed buy of EURUSD, an open one of USDJPY, and a cancelled order. */
async function withHistory() {
  const { rig, paper } = await Rig.onPaper();
  const closed = await paper.send({ magic: 5n });
  const open = await paper.send({ symbol: 'USDJPY', magic: 6n });
  await rig.clock.advance(60_000);
  await paper.close(closed.position, { magic: 5n });
  const { order } = await paper.send({ type: 'LIMIT', price: 1.09, magic: 5n });
  await paper.cancel(order);
  return { rig, paper, closed: Number(closed.position), open: Number(open.position), cancelled: Number(order) };
}

describe('GET_SYMBOL', () => {
  it("is one symbol's specification under MT5's names", async () => {
    const { rig } = await Rig.onPaper();
    const { answer } = await rig.ask('GET_SYMBOL', { payload: { symbol: 'USDJPY' } });
    expect(answer.data).toMatchObject({ symbol: 'USDJPY', digits: 3, volume_min: 0.01, trade_mode: 'FULL' });
    expect((await rig.ask('GET_SYMBOL', { payload: { symbol: 'NOPE' } })).answer.code).toBe('NOT_FOUND');
  });
});

describe('GET_CANDLES', () => {
  it('are the newest bars, oldest first, with their times in seconds', async () => {
    const { rig, paper } = await Rig.onPaper();
    const startS = Math.floor(rig.clock.nowMs() / 60_000) * 60;
    await rig.clock.advance(60_000);
    paper.quote('EURUSD', 1.2, 1.2001);
    const { answer } = await rig.ask('GET_CANDLES', { payload: { symbol: 'EURUSD', timeframe: 'M1', count: 3 } });
    expect(answer.data).toMatchObject([
      { time: startS - 60 },
      { time: startS, close: 1.1 },
      { time: startS + 60, open: 1.2, high: 1.2, low: 1.2, close: 1.2, tick_volume: 1, spread: 10, real_volume: 0 },
    ]);
  });

  it('of an unknown symbol are NOT_FOUND, of an unknown timeframe INVALID_PAYLOAD', async () => {
    const { rig } = await Rig.onPaper();
    const ask = async (payload: object) => (await rig.ask('GET_CANDLES', { payload })).answer.code;
    expect(await ask({ symbol: 'NOPE', timeframe: 'M1', count: 1 })).toBe('NOT_FOUND');
    expect(await ask({ symbol: 'EURUSD', timeframe: 'M2', count: 1 })).toBe('INVALID_PAYLOAD');
  });
});

describe('GET_HISTORY', () => {
  it('has deals and ended orders, oldest first, up to now where nothing else is said', async () => {
    const { rig, closed, cancelled } = await withHistory();
    const { deals, orders, truncated } = await historyOf(rig, {});
    expect(deals.map((deal) => [deal['symbol'], deal['entry'], deal['type']])).toEqual([
      ['EURUSD', 'IN', 'BUY'],
      ['USDJPY', 'IN', 'BUY'],
      ['EURUSD', 'OUT', 'SELL'],
    ]);
    expect(deals[2]).toMatchObject({ position_id: closed, volume: 0.1, price: 1.1, profit: -1, magic: 5 });
    expect(orders.at(-1)).toMatchObject({ ticket: cancelled, state: 'CANCELED', time_done_msc: rig.clock.nowMs() });
    expect(truncated).toBe(false);
  });

  it('keeps to its times, in seconds, both ends included', async () => {
    const { rig } = await withHistory();
    const nowS = rig.clock.nowMs() / 1000;
    expect((await historyOf(rig, { from: nowS - 60, to: nowS - 1 })).deals).toHaveLength(2);
    expect((await historyOf(rig, { from: nowS - 59 })).deals).toHaveLength(1);
    expect((await historyOf(rig, { from: nowS, to: nowS })).deals).toHaveLength(1);
    const backwards = await rig.ask('GET_HISTORY', { payload: { from: nowS, to: nowS - 1 } });
    expect(backwards.answer.code).toBe('INVALID_PAYLOAD');
  });

  it('lets through what the filters name: symbol, magic, and the ticket of a position or an order', async () => {
    const { rig, closed, cancelled } = await withHistory();
    const count = async (payload: object) => {
      const { deals, orders } = await historyOf(rig, payload);
      return [deals.length, orders.length];
    };
    expect(await count({ symbol: 'USDJPY' })).toEqual([1, 1]);
    expect(await count({ magic: 5 })).toEqual([2, 3]);
    expect(await count({ ticket: closed })).toEqual([2, 2]);
    expect(await count({ ticket: cancelled })).toEqual([0, 1]);
    expect(await count({ ticket: closed, symbol: 'USDJPY' })).toEqual([0, 0]);
  });

  it('beyond its bound has the newest, and says so', async () => {
    const rig = new Rig();
    for (let n = 1; n <= MAX_HISTORY_ROWS + 2; n += 1) rig.terminal.deal({ ticket: toTicket(n) });
    const { deals, truncated } = await historyOf(rig, {});
    expect([deals.length, deals[0]?.['ticket'], truncated]).toEqual([MAX_HISTORY_ROWS, 3, true]);
  });
});

describe('the filters of GET_POSITIONS and GET_ORDERS', () => {
  it('must all hold', async () => {
    const { rig, paper, open } = await withHistory();
    await paper.send({ type: 'LIMIT', price: 1.09, magic: 5n });
    const count = async (action: string, payload: object) => (await rig.ask(action, { payload })).answer.data['length'];
    expect(await count('GET_POSITIONS', { symbol: 'USDJPY' })).toBe(1);
    expect(await count('GET_POSITIONS', { magic: 5 })).toBe(0);
    expect(await count('GET_POSITIONS', { ticket: open, magic: 6 })).toBe(1);
    expect(await count('GET_ORDERS', { symbol: 'EURUSD', magic: 5 })).toBe(1);
    expect(await count('GET_ORDERS', { symbol: 'EURUSD', magic: 6 })).toBe(0);
  });
});
