import { describe, expect, it } from 'vitest';
import type { TradeOutcome } from '../../../main/mt5/handler.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { answered } from '../../fakes/fake-terminal.ts';
import { ORDER, Rig } from './rig.ts';

/** Lets promises settle without ending the turn: what waits in a socket is read in between. */
async function microtasks(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await Promise.resolve();
}

const FOREVER = (): Promise<TradeOutcome> => new Promise(() => {});

describe('the order of writing', () => {
  it('is that of receipt, and none waits for the answer to the one before', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(FOREVER, FOREVER, FOREVER);
    for (const volume of [0.1, 0.2, 0.3]) rig.hand('OPEN_ORDER', { payload: { ...ORDER, volume } });
    await rig.settle();
    expect(rig.terminal.sent.map(({ order }) => order.volumeLots)).toEqual([0.1, 0.2, 0.3]);
  });

  it('holds when a close has to read its position first', async () => {
    const rig = new Rig();
    rig.terminal.latencyMs = 50;
    const { ticket } = rig.terminal.open();
    rig.hand('CLOSE_POSITION', { payload: { ticket } });
    const order = rig.hand('OPEN_ORDER', { payload: ORDER });
    await rig.settle();
    expect(rig.terminal.sent).toEqual([]);
    await rig.clock.advance(50);
    await rig.settle();
    expect(rig.terminal.calls.filter((call) => /^(close|send)/.test(call))).toEqual(['close 7', 'send']);
    expect(order.answer.status).toBe('SUCCESS');
  });

  it('what exceeds the window waits, recorded as accepted, and goes out when a slot is free', async () => {
    const rig = new Rig({ windowSize: 1 });
    rig.terminal.concurrency = 1;
    const first = Promise.withResolvers<TradeOutcome>();
    rig.terminal.sendScripts.push(() => first.promise);
    rig.hand('OPEN_ORDER', { payload: ORDER, reqId: 'a' });
    const waiting = ['b', 'c'].map((reqId) => rig.hand('OPEN_ORDER', { payload: ORDER, reqId }));
    await rig.settle();
    expect(rig.statuses('b')).toEqual(['ACCEPTED']);
    expect(rig.core.lane.waiting).toBe(2);
    first.resolve(answered(RETCODE.DONE));
    await rig.settle();
    expect(rig.statuses('b')).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE']);
    expect(waiting.map((asked) => asked.answer.status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('beyond the queue an order is BUSY, and uses its id up', async () => {
    const rig = new Rig({ windowSize: 1, queueLimit: 2 });
    rig.terminal.concurrency = 1;
    rig.terminal.sendScripts.push(FOREVER);
    for (let n = 0; n < 3; n += 1) await rig.open();
    const refused = await rig.open({ reqId: 'over' });
    expect(refused.answer).toMatchObject({ status: 'ERROR', code: 'BUSY' });
    expect(rig.statuses('over')).toEqual(['REFUSED']);
  });
});

describe('a halt and an order', () => {
  it('an order that comes after the halt is refused', async () => {
    const rig = new Rig();
    await rig.ask('KILL_SWITCH');
    const refused = await rig.open();
    expect(refused.answer).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect(rig.terminal.sent).toEqual([]);
  });

  it('an order that was handed in before the KILL of the same turn is not sent', async () => {
    const rig = new Rig();
    const order = rig.hand('OPEN_ORDER', { payload: ORDER, reqId: 'a' });
    await microtasks();
    rig.hand('KILL_SWITCH');
    await rig.settle();
    expect(order.answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    expect(rig.terminal.sent).toEqual([]);
  });

  it('a KILL while the intent is being committed fences the order, and the row says so', async () => {
    const rig = new Rig();
    rig.audit.hold();
    const order = await rig.open({ reqId: 'a' });
    await rig.ask('KILL_SWITCH');
    rig.audit.release();
    await rig.settle();
    expect(order.answer).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'FENCED']);
    expect(rig.terminal.sent).toEqual([]);
  });

  it('a KILL in the turn in which the commit comes back is acted on before the write', async () => {
    const rig = new Rig();
    rig.audit.hold();
    const order = await rig.open({ reqId: 'a' });
    rig.audit.release();
    // As when the answer of the writer and the KILL wait in the same turn, the answer first.
    await microtasks();
    rig.hand('KILL_SWITCH');
    await rig.settle();
    expect(order.answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect(rig.terminal.sent).toEqual([]);
  });

  it('what waits for a slot is refused at once', async () => {
    const rig = new Rig({ windowSize: 1 });
    rig.terminal.concurrency = 1;
    rig.terminal.sendScripts.push(FOREVER);
    await rig.open({ reqId: 'under way' });
    const waiting = await rig.open({ reqId: 'waiting' });
    await rig.ask('KILL_SWITCH');
    expect(waiting.answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect(rig.statuses('waiting')).toEqual(['ACCEPTED', 'FENCED']);
    expect(rig.core.lane.inFlight).toBe(1);
  });

  it('a close that waits for a slot stays when trading is only suspended', async () => {
    const rig = new Rig({ windowSize: 1 });
    rig.terminal.concurrency = 1;
    const first = Promise.withResolvers<TradeOutcome>();
    rig.terminal.sendScripts.push(() => first.promise);
    await rig.open();
    const { ticket } = rig.terminal.open();
    const close = await rig.ask('CLOSE_POSITION', { payload: { ticket } });
    rig.safety.become('SUSPENDED');
    first.resolve(answered(RETCODE.DONE));
    await rig.settle();
    expect(close.answer.status).toBe('SUCCESS');
    expect(rig.terminal.closes[0]?.epoch).toBe(8);
  });

  it('the fence of the terminal ends as FENCED', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => ({ kind: 'fenced', message: 'epoch 7 is over' }));
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect(rig.statuses('a').at(-1)).toBe('FENCED');
  });
});

describe("the terminal's answer", () => {
  it.each([
    [RETCODE.NO_MONEY, 'REJECTED', 'NO_MONEY'],
    [RETCODE.TOO_MANY_REQUESTS, 'BUSY', 'TOO_MANY_REQUESTS'],
    [RETCODE.CLIENT_DISABLES_AT, 'TRADING_DISABLED', 'TERMINAL_TRADE_ALLOWED'],
    [RETCODE.MARKET_CLOSED, 'REJECTED', 'Market is closed'],
    [RETCODE.POSITION_CLOSED, 'REJECTED', 'POSITION_CLOSED'],
  ])('%s is %s and names why', async (retcode, code, words) => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => answered(retcode));
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code, retcode });
    expect(asked.answer.error).toContain(words);
    expect(rig.statuses('a').at(-1)).toBe('REJECTED');
  });

  it.each([0, 10011, 10012, 10031, 10005])('%s may have happened: PENDING, never sent again', async (retcode) => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => answered(retcode));
    const asked = await rig.open();
    expect(asked.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    await rig.clock.advance(60_000);
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('a fill of a part is SUCCESS with what was filled', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push((order) => rig.terminal.fill(order, 0.04));
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'SUCCESS', retcode: 10010, data: { volume: 0.04 } });
    expect(rig.statuses('a').at(-1)).toBe('PARTIAL');
  });

  it('what never left the gateway is TERMINAL_DISCONNECTED', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => ({ kind: 'unsent', message: 'the terminal is away' }));
    const asked = await rig.open();
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'TERMINAL_DISCONNECTED' });
  });

  it('what came too late at the terminal is STALE', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => ({ kind: 'expired', message: 'too late' }));
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'STALE' });
    expect(rig.statuses('a').at(-1)).toBe('EXPIRED');
  });
});

describe('a requote', () => {
  const requote = () => answered(RETCODE.REQUOTE);

  it('is tried once more inside the deviation, with what is left of it', async () => {
    const rig = new Rig();
    rig.terminal.quotes = [
      { bid: 1.1, ask: 1.10002 },
      { bid: 1.10003, ask: 1.10005 },
    ];
    rig.terminal.sendScripts.push(requote);
    const asked = await rig.open({ payload: { ...ORDER, deviation: 5 } });
    expect(asked.answer.status).toBe('SUCCESS');
    expect(rig.terminal.sent.map(({ order }) => order.deviationPoints)).toEqual([5, 2]);
  });

  it('outside the deviation is REQUOTE, and the order is not sent again', async () => {
    const rig = new Rig();
    rig.terminal.quotes = [
      { bid: 1.1, ask: 1.10002 },
      { bid: 1.10007, ask: 1.10009 },
    ];
    rig.terminal.sendScripts.push(requote);
    const asked = await rig.open({ payload: { ...ORDER, deviation: 5 } });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'REQUOTE', retcode: 10004 });
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('counts from the price that the client named', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(requote);
    const asked = await rig.open({ payload: { ...ORDER, price: 1.0999, deviation: 5 } });
    expect(asked.answer.code).toBe('REQUOTE');
  });

  it('in our favour is always inside', async () => {
    const rig = new Rig();
    rig.terminal.quotes = [
      { bid: 1.1, ask: 1.10002 },
      { bid: 1.09, ask: 1.09002 },
    ];
    rig.terminal.sendScripts.push(requote);
    expect((await rig.open({ payload: { ...ORDER, deviation: 5 } })).answer.status).toBe('SUCCESS');
  });

  it('twice is REQUOTE', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(requote, requote);
    const asked = await rig.open();
    expect(asked.answer.code).toBe('REQUOTE');
    expect(rig.terminal.sent).toHaveLength(2);
  });

  it('with a halt meanwhile is not tried again', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => {
      rig.safety.become('HALTED');
      return requote();
    });
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect(rig.statuses('a').at(-1)).toBe('FENCED');
    expect(rig.terminal.sent).toHaveLength(1);
  });
});

describe('before anything is recorded', () => {
  it('an unknown symbol is NOT_FOUND, and nothing is sent', async () => {
    const rig = new Rig();
    rig.terminal.symbol = () => Promise.resolve({ ok: false, code: 'NOT_FOUND', message: 'no symbol NOPE' });
    const asked = await rig.open({ reqId: 'a', payload: { ...ORDER, symbol: 'NOPE' } });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    expect(rig.terminal.sent).toEqual([]);
  });

  it('a refusal that cannot be recorded is AUDIT_UNAVAILABLE, since the id may be known to the log', async () => {
    const rig = new Rig();
    rig.audit.breakDown();
    rig.safety.become('REDUCE_ONLY');
    const asked = await rig.open();
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'AUDIT_UNAVAILABLE' });
    expect(rig.safety.state().mode).toBe('HALTED');
  });

  it('while the disk hangs no more than a bound is taken in, and the rest is BUSY at once', () => {
    const rig = new Rig();
    rig.audit.hold();
    for (let n = 0; n < 5_000; n += 1) rig.hand('OPEN_ORDER', { payload: ORDER });
    const over = rig.hand('OPEN_ORDER', { payload: ORDER });
    expect(over.answer).toMatchObject({ status: 'ERROR', code: 'BUSY' });
    expect(rig.hand('HEARTBEAT').answer.status).toBe('SUCCESS');
  }, 90_000);

  it('a fault of the log itself is INTERNAL, sends nothing and halts', async () => {
    const rig = new Rig();
    rig.audit.claim = () => Promise.reject(new Error('a bug'));
    const asked = await rig.open();
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'INTERNAL' });
    expect(rig.terminal.sent).toEqual([]);
    expect(rig.safety.triggers).toMatchObject([{ kind: 'EXCEPTION', mode: 'HALTED' }]);
  });
});

describe('closing and cancelling', () => {
  it("a close names the position's symbol and its own magic, and the reply keeps the ticket", async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.open({ magic: 77n, volumeLots: 0.3 });
    const asked = await rig.ask('CLOSE_POSITION', { reqId: 'a', payload: { ticket, volume: 0.1, deviation: 3 } });
    expect(asked.answer).toMatchObject({
      status: 'SUCCESS',
      data: { status: 'SUCCESS', ticket: Number(ticket), volume: 0.1, symbol: 'EURUSD', side: 'SELL' },
    });
    expect(rig.terminal.closes).toMatchObject([
      { ticket, symbol: 'EURUSD', volumeLots: 0.1, deviationPoints: 3, magic: 77n },
    ]);
    expect(rig.terminal.closes[0]?.comment).toMatch(/^~[a-z2-7]{12}$/);
  });

  it('a ticket past 2^53 is closed exactly', async () => {
    const rig = new Rig();
    await rig.open();
    const { ticket } = rig.terminal.onlyPosition();
    const asked = await rig.ask('CLOSE_POSITION', { payload: { ticket } });
    expect(asked.answer.data['ticket']).toBe(9_007_199_254_740_993n);
    expect(rig.terminal.book.size).toBe(0);
  });

  it('a position that is not there is NOT_FOUND, recorded, and nothing is sent', async () => {
    const rig = new Rig();
    const asked = await rig.ask('CLOSE_POSITION', { reqId: 'a', payload: { ticket: 5 } });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    expect(rig.terminal.closes).toEqual([]);
  });

  it('a position that goes while it is being closed is closed', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.open();
    rig.terminal.closeScripts.push(() => answered(RETCODE.POSITION_CLOSED));
    const asked = await rig.ask('CLOSE_POSITION', { payload: { ticket } });
    expect(asked.answer).toMatchObject({ status: 'SUCCESS', retcode: 10036, data: { volume: 0 } });
  });

  it('a position that the terminal has told of by itself is not asked for', async () => {
    const rig = new Rig();
    const position = rig.terminal.open();
    rig.terminal.told.set(position.ticket, position);
    const asked = await rig.ask('CLOSE_POSITION', { payload: { ticket: position.ticket } });
    expect(asked.answer).toMatchObject({
      status: 'SUCCESS',
      data: { ticket: 1_001, symbol: position.symbol },
    });
    expect(rig.terminal.count('positions')).toBe(0);
    expect(rig.terminal.book.size).toBe(0);
  });

  it('a position that it has told of and that is gone is NOT_FOUND: this close did nothing', async () => {
    const rig = new Rig();
    const position = rig.terminal.open();
    rig.terminal.told.set(position.ticket, position);
    const message = `Position ${position.ticket} is not open`;
    rig.terminal.closeScripts.push(() => answered(RETCODE.POSITION_CLOSED, { message }));
    const asked = await rig.ask('CLOSE_POSITION', { payload: { ticket: position.ticket }, reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND', retcode: 10036 });
    expect(rig.statuses('a').at(-1)).toBe('REJECTED');
  });

  it('a terminal that does not tell the position in time: nothing is sent', async () => {
    const rig = new Rig();
    rig.terminal.latencyMs = 10_000;
    const { ticket } = rig.terminal.open();
    const asked = rig.hand('CLOSE_POSITION', { reqId: 'a', payload: { ticket } });
    await rig.clock.advance(1_600);
    await rig.settle();
    expect(asked.answer.status).toBe('PENDING');
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    await rig.clock.advance(20_000);
    expect(rig.terminal.closes).toEqual([]);
  });

  it('a changed order is read again and tried once more', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.place();
    rig.terminal.cancelScripts.push(() => answered(10023));
    const asked = await rig.ask('CANCEL_ORDER', { payload: { ticket } });
    expect(asked.answer.status).toBe('SUCCESS');
    expect(rig.terminal.cancels).toEqual([ticket, ticket]);
  });

  it('in REDUCE_ONLY a close goes through and an order does not', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.open();
    rig.safety.become('REDUCE_ONLY');
    expect((await rig.ask('CLOSE_POSITION', { payload: { ticket } })).answer.status).toBe('SUCCESS');
    expect((await rig.open()).answer.code).toBe('REDUCE_ONLY');
  });
});

describe('the forms of an order', () => {
  it.each([
    [{ side: 'SELL' }, { side: 'SELL', type: 'MARKET' }, 'DONE'],
    [{ type: 'BUY' }, { side: 'BUY', type: 'MARKET' }, 'DONE'],
    [{ type: 'SELL_LIMIT', price: 1.2 }, { side: 'SELL', type: 'LIMIT', price: 1.2 }, 'PLACED'],
    [{ side: 'BUY', type: 'STOP', price: 1.2 }, { side: 'BUY', type: 'STOP', price: 1.2 }, 'PLACED'],
  ])('%j reaches the terminal as %j', async (form, order, state) => {
    const rig = new Rig();
    const asked = await rig.open({ reqId: 'a', payload: { symbol: 'EURUSD', volume: 0.1, ...form } });
    expect(asked.answer.status).toBe('SUCCESS');
    expect(rig.terminal.sent[0]?.order).toMatchObject(order);
    expect(rig.statuses('a').at(-1)).toBe(state);
  });

  it('stops, deviation, magic, comment and expiration reach the terminal', async () => {
    const rig = new Rig();
    const extras = { sl: 1.05, tp: 1.2, deviation: 7, magic: 99, comment: 'x', expiration: 1_800_000_000 };
    await rig.open({ payload: { ...ORDER, ...extras } });
    expect(rig.terminal.sent[0]?.order).toMatchObject({
      sl: 1.05,
      tp: 1.2,
      deviationPoints: 7,
      magic: 99n,
      expirationMs: 1_800_000_000_000,
    });
    expect(rig.terminal.sent[0]?.order.comment).toMatch(/^x~/);
  });
});
