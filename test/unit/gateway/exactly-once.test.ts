import { describe, expect, it } from 'vitest';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import type { TradeOutcome } from '../../../main/mt5/handler.ts';
import { answered, LOST } from '../../fakes/fake-terminal.ts';
import type { SendScript, TradingTerminal } from '../../fakes/trading-terminal.ts';
import { MAGIC_BASE, ORDER, Rig } from './rig.ts';
import { received } from '../../fakes/received.ts';

/** Makes the next send wait until the test says how it ends. */
function holdSend(terminal: TradingTerminal): (script?: SendScript) => void {
  const end = Promise.withResolvers<SendScript>();
  terminal.sendScripts.push(async (order, fill): Promise<TradeOutcome> => (await end.promise)(order, fill));
  return (script = (_order, fill) => fill()) => end.resolve(script);
}

describe('a command with a req_id that is known', () => {
  it('duplicate while pending: waits for the same outcome, and each asker gets one reply', async () => {
    const rig = new Rig();
    const end = holdSend(rig.terminal);
    const first = await rig.open({ reqId: 'a' });
    const second = await rig.open({ reqId: 'a' });
    expect([first.replies, second.replies]).toEqual([0, 0]);
    end();
    await rig.settle();
    expect(first.answer).toMatchObject({ status: 'SUCCESS' });
    expect(first.answer.duplicate).toBeUndefined();
    expect(second.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
    expect(second.answer.data).toEqual(first.answer.data);
    expect([first.replies, second.replies]).toEqual([1, 1]);
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('duplicate after done: gets the recorded reply', async () => {
    const rig = new Rig();
    const first = await rig.open({ reqId: 'a' });
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: first.answer.data });
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('duplicate after a restart: gets the recorded reply, tickets past 2^53 exact', async () => {
    const before = new Rig();
    const first = await before.open({ reqId: 'a' });
    expect(first.answer.data['ticket']).toBe(9_007_199_254_740_993n);
    const rig = before.restarted();
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: first.answer.data });
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('a late duplicate gets the recorded reply however old it is', async () => {
    const rig = new Rig({ recentCommands: 1 });
    const timestamp = rig.clock.nowMs() / 1000;
    await rig.open({ reqId: 'a', timestamp });
    await rig.open({ reqId: 'b' });
    await rig.clock.advance(3_600_000);
    const again = await rig.open({ reqId: 'a', timestamp });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
  });

  it('a duplicate gets the recorded reply also when trading has been halted since', async () => {
    const rig = new Rig();
    await rig.open({ reqId: 'a' });
    const next = rig.restarted();
    next.safety.become('HALTED');
    const again = await next.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
  });

  it.each([
    ['while it is in memory', (rig: Rig) => rig],
    ['after a restart', (rig: Rig) => rig.restarted()],
  ])('another volume: REQ_ID_REUSED with the state of the first, %s', async (_when, go) => {
    const first = new Rig();
    await first.open({ reqId: 'a' });
    const rig = go(first);
    const other = await rig.open({ reqId: 'a', payload: { ...ORDER, volume: 0.2 } });
    expect(other.answer).toMatchObject({ status: 'ERROR', code: 'REQ_ID_REUSED', data: { state: 'DONE' } });
    expect(rig.terminal.sent).toHaveLength(1);
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
    expect(rig.audit.types()).toContain('REFUSED');
  });

  it('another action with the same payload: REQ_ID_REUSED', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.place();
    await rig.ask('CANCEL_ORDER', { reqId: 'a', payload: { ticket } });
    const other = await rig.ask('CLOSE_POSITION', { reqId: 'a', payload: { ticket } });
    expect(other.answer.code).toBe('REQ_ID_REUSED');
    expect(rig.terminal.closes).toEqual([]);
  });

  it('the same id from another client is another command', async () => {
    const rig = new Rig();
    await rig.open({ reqId: 'a', client: 'one' });
    const other = await rig.open({ reqId: 'a', client: 'two' });
    const nameless = await rig.open({ reqId: 'a' });
    expect([other.answer.status, nameless.answer.status]).toEqual(['SUCCESS', 'SUCCESS']);
    expect([other.answer.duplicate, nameless.answer.duplicate]).toEqual([undefined, undefined]);
    expect(rig.terminal.sent).toHaveLength(3);
  });

  it('keys in another order are the same payload', async () => {
    const rig = new Rig();
    await rig.open({ reqId: 'a' });
    const again = await rig.open({ reqId: 'a', payload: { side: 'BUY', volume: 0.1, symbol: 'EURUSD' } });
    expect(again.answer.duplicate).toBe(true);
  });

  it('100 parallel duplicates give one order and one reply each', async () => {
    const rig = new Rig();
    const all = Array.from({ length: 100 }, () => rig.hand('OPEN_ORDER', { payload: ORDER, reqId: 'a' }));
    await rig.settle();
    expect(rig.terminal.sent).toHaveLength(1);
    expect(all.map((asked) => asked.replies)).toEqual(all.map(() => 1));
    expect(all.filter((asked) => asked.answer.duplicate === true)).toHaveLength(99);
  });

  it('reply lost: the second asking brings the outcome of the first', async () => {
    const rig = new Rig();
    rig.core.dispatcher.receive(
      received(
        Buffer.from(
          JSON.stringify({ action: 'OPEN_ORDER', req_id: 'a', timestamp: rig.clock.nowMs() / 1000, payload: ORDER }),
        ),
      ),
      () => {},
    );
    await rig.settle();
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true });
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('a refused order has used its id up, for INVALID_PAYLOAD as well', async () => {
    const rig = new Rig();
    const bad = { ...ORDER, volume: 'abc' };
    const first = await rig.open({ reqId: 'a', payload: bad });
    expect(first.answer).toMatchObject({ status: 'ERROR', code: 'INVALID_PAYLOAD' });
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    const again = await rig.open({ reqId: 'a', payload: bad });
    expect(again.answer).toMatchObject({ code: 'INVALID_PAYLOAD', duplicate: true });
    const mended = await rig.open({ reqId: 'a' });
    expect(mended.answer.code).toBe('REQ_ID_REUSED');
    expect(rig.terminal.sent).toEqual([]);
  });

  it('an order refused by the halt does not run after a resume', async () => {
    const rig = new Rig();
    rig.safety.become('HALTED');
    const refused = await rig.open({ reqId: 'a' });
    expect(refused.answer.code).toBe('KILL_SWITCH_ENGAGED');
    rig.safety.become('TRADING');
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ code: 'KILL_SWITCH_ENGAGED', duplicate: true });
    expect(rig.terminal.sent).toEqual([]);
  });
});

describe('what is recorded', () => {
  it('intent and dispatch share a commit before the order goes out, the outcome follows before the reply', async () => {
    const rig = new Rig();
    rig.audit.hold();
    const asked = await rig.open({ reqId: 'a', client: 'alpha', payload: { ...ORDER, sl: 1.05, comment: 'my idea' } });
    expect(rig.terminal.sent).toEqual([]);
    const end = holdSend(rig.terminal);
    rig.audit.release();
    await rig.settle();
    expect(rig.terminal.sent).toHaveLength(1);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING']);
    rig.audit.hold();
    end();
    await rig.settle();
    expect(asked.replies).toBe(0);
    rig.audit.release();
    await rig.settle();
    expect(asked.answer.status).toBe('SUCCESS');
    const [intent, , outcome] = rig.audit.rows.filter((row) => row.reqId === 'a');
    expect(intent).toMatchObject({
      type: 'INTENT',
      actor: 'alpha',
      symbol: 'EURUSD',
      side: 'BUY',
      volume: '0.1',
      sl: '1.05',
      mode: 'TRADING',
      epoch: 7,
      account: '7001@Paper',
    });
    expect(intent?.payload).toBe('{"comment":"my idea","side":"BUY","sl":1.05,"symbol":"EURUSD","volume":0.1}');
    expect(outcome).toMatchObject({
      type: 'OUTCOME',
      status: 'DONE',
      ticket: '9007199254740993',
      retcode: RETCODE.DONE,
      price: '1.10002',
    });
    expect(rig.terminal.sent[0]?.order.comment).toBe(`my idea~${intent?.tag}`);
    expect(String(rig.terminal.sent[0]?.order.magic)).toBe(intent?.magic);
  });

  it('intents and dispatches of one turn share a commit', async () => {
    const rig = new Rig();
    await rig.ask('HEARTBEAT');
    const commits = rig.audit.commits;
    for (const reqId of ['a', 'b', 'c']) {
      holdSend(rig.terminal);
      rig.hand('OPEN_ORDER', { payload: ORDER, reqId });
    }
    await rig.settle();
    expect(rig.terminal.sent).toHaveLength(3);
    expect(rig.audit.commits - commits).toBe(1);
  });

  it('fsync error on the intent: nothing is sent, AUDIT_UNAVAILABLE, and trading halts', async () => {
    const rig = new Rig();
    rig.hand('HEARTBEAT');
    await rig.settle();
    rig.audit.failNext({ ambiguous: true, written: true });
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'AUDIT_UNAVAILABLE' });
    expect(rig.terminal.sent).toEqual([]);
    expect(rig.safety.triggers).toMatchObject([{ kind: 'AUDIT', mode: 'HALTED', flatten: 'none' }]);
    const next = rig.restarted();
    expect(await rigRecovery(next)).toEqual({ expired: 0, executed: 0, notExecuted: 1, unknown: 0 });
  });

  it('a failed record of the outcome is answered PENDING, never ERROR, and halts', async () => {
    const rig = new Rig();
    const end = holdSend(rig.terminal);
    const asked = await rig.open({ reqId: 'a' });
    rig.audit.breakDown();
    end();
    await rig.settle();
    expect(asked.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(rig.safety.state().mode).toBe('HALTED');
  });
});

describe('age', () => {
  it.each([
    ['stale', -5.5, 'behind'],
    ['from the future', 5.5, 'ahead'],
    ['skewed by 3 h', -10_800, '10800.0 s'],
  ])('%s: STALE, never sent, and the message names the difference of the clocks', async (_name, byS, words) => {
    const rig = new Rig();
    const asked = await rig.open({ reqId: 'a', timestamp: rig.clock.nowMs() / 1000 + byS });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'STALE' });
    expect(asked.answer.error).toContain(words);
    expect(rig.terminal.sent).toEqual([]);
    expect(rig.statuses('a')).toEqual(['REFUSED']);
  });

  it('a timestamp in milliseconds is STALE and says that seconds are meant', async () => {
    const rig = new Rig();
    const asked = await rig.open({ timestamp: rig.clock.nowMs() });
    expect(asked.answer.code).toBe('STALE');
    expect(asked.answer.error).toContain('seconds');
  });

  it('the command says itself how long it may start', async () => {
    const rig = new Rig();
    const timestamp = rig.clock.nowMs() / 1000 - 2;
    expect((await rig.open({ timestamp, ttlMs: 1_000 })).answer.code).toBe('STALE');
    expect((await rig.open({ timestamp, ttlMs: 3_000 })).answer.status).toBe('SUCCESS');
  });

  it("what the terminal gets is valid until the ttl after the timestamp, by the gateway's monotonic clock", async () => {
    const rig = new Rig();
    await rig.clock.advance(10_000);
    await rig.open({ timestamp: rig.clock.nowMs() / 1000 - 2 });
    await rig.open({ timestamp: rig.clock.nowMs() / 1000 + 2 });
    expect(rig.terminal.sent.map(({ fence }) => Math.round(fence.validUntilMonoMs))).toEqual([13_000, 15_000]);
    expect(rig.terminal.sent[0]?.fence.epoch).toBe(7);
  });

  it('queued longer than its ttl: EXPIRED, never sent', async () => {
    const rig = new Rig({ windowSize: 1 });
    rig.terminal.concurrency = 1;
    const end = holdSend(rig.terminal);
    await rig.open({ reqId: 'slow' });
    const queued = await rig.open({ reqId: 'queued' });
    await rig.clock.advance(6_000);
    end();
    await rig.settle();
    expect(rig.terminal.sent).toHaveLength(1);
    expect(rig.statuses('queued')).toEqual(['ACCEPTED', 'UNKNOWN', 'EXPIRED']);
    expect(queued.answer.status).toBe('PENDING');
    const later = await rig.ask('GET_COMMAND', { payload: { req_id: 'queued' } });
    expect(later.answer.data).toMatchObject({ state: 'EXPIRED', status: 'ERROR', code: 'STALE' });
    const announced = rig.events.filter(({ event }) => event === 'COMMAND').map(({ data }) => data['req_id']);
    expect(new Set(announced)).toEqual(new Set(['slow', 'queued']));
  });
});

describe('an outcome that is not known', () => {
  it('late reply after 90 s: PENDING at the deadline, then the outcome as an event and in GET_COMMAND', async () => {
    const rig = new Rig();
    const end = holdSend(rig.terminal);
    const asked = await rig.open({ reqId: 'a' });
    await rig.clock.advance(1_499);
    expect(asked.replies).toBe(0);
    await rig.clock.advance(1);
    expect(asked.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN', data: { state: 'UNKNOWN' } });
    const duplicate = await rig.open({ reqId: 'a' });
    expect(duplicate.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN', duplicate: true });
    expect(rig.core.lane.inFlight).toBe(1);
    await rig.clock.advance(88_500);
    end();
    await rig.settle();
    expect(rig.core.lane.inFlight).toBe(0);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'UNKNOWN', 'DONE']);
    expect(rig.events.filter(({ event }) => event === 'COMMAND')).toMatchObject([
      { data: { req_id: 'a', client_id: 'anonymous', state: 'DONE', status: 'SUCCESS' } },
    ]);
    const known = await rig.ask('GET_COMMAND', { payload: { req_id: 'a' } });
    expect(known.answer.data).toMatchObject({ action: 'OPEN_ORDER', state: 'DONE', status: 'SUCCESS' });
    expect(rig.terminal.sent).toHaveLength(1);
    expect(asked.replies).toBe(1);
  });

  it('TIMEOUT but filled: PENDING, then found by its tag', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push((order) => {
      rig.terminal.fill(order);
      return answered(RETCODE.TIMEOUT);
    });
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    await rig.clock.advance(1);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'UNKNOWN', 'DONE', undefined]);
    expect(rig.audit.types().at(-1)).toBe('RECONCILED');
    const known = await rig.ask('GET_COMMAND', { payload: { req_id: 'a' } });
    expect(known.answer.data).toMatchObject({
      state: 'DONE',
      data: { ticket: 9_007_199_254_740_993n, volume: 0.1, price: 1.10002, symbol: 'EURUSD', side: 'BUY' },
    });
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('TIMEOUT and not filled: it did not happen, after three complete looks', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => answered(RETCODE.TIMEOUT));
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(300);
    expect(rig.statuses('a').at(-1)).toBe('UNKNOWN');
    await rig.clock.advance(1_000);
    expect(rig.terminal.count('find')).toBe(3);
    const known = await rig.ask('GET_COMMAND', { payload: { req_id: 'a' } });
    expect(known.answer.data).toMatchObject({ state: 'EXPIRED', status: 'ERROR', code: 'TERMINAL_TIMEOUT' });
    expect(rig.core.lane.inFlight).toBe(0);
  });

  it('finding nothing counts only after the settling time of the terminal', async () => {
    const rig = new Rig();
    rig.terminal.settleMs = 60_000;
    rig.terminal.sendScripts.push(() => LOST);
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(59_000);
    expect(rig.core.lane.inFlight).toBe(1);
    await rig.clock.advance(180_000);
    expect(rig.core.lane.inFlight).toBe(0);
    expect(rig.statuses('a')).toContain('EXPIRED');
  });

  it('finding nothing in a history that is not complete proves nothing', async () => {
    const rig = new Rig();
    rig.terminal.isHistoryComplete = false;
    rig.terminal.sendScripts.push(() => LOST);
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(3_600_000);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'UNKNOWN']);
    expect(rig.core.lane.inFlight).toBe(1);
  });

  it('comment rewritten by the broker: stays UNKNOWN, a person decides', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push((order) => {
      rig.terminal.fill({ ...order, comment: 'broker says' });
      return LOST;
    });
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(3_600_000);
    expect(rig.statuses('a').at(-1)).toBe('UNKNOWN');
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('the tag alone, under another magic number, is no proof', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push((order) => {
      rig.terminal.fill({ ...order, magic: 42n });
      return LOST;
    });
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(10_000);
    expect(rig.statuses('a')).not.toContain('DONE');
  });

  it('partial, then the answer is lost: PARTIAL with what was filled', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push((order) => {
      rig.terminal.fill(order, 0.04);
      return LOST;
    });
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(1);
    const known = await rig.ask('GET_COMMAND', { payload: { req_id: 'a' } });
    expect(known.answer.data).toMatchObject({ state: 'PARTIAL', data: { volume: 0.04 } });
  });

  it('a pending order whose answer was lost is found as PLACED', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push((order) => {
      rig.terminal.fill(order);
      return LOST;
    });
    await rig.open({ reqId: 'a', payload: { ...ORDER, type: 'LIMIT', price: 1.05 } });
    await rig.clock.advance(1);
    const known = await rig.ask('GET_COMMAND', { payload: { req_id: 'a' } });
    expect(known.answer.data).toMatchObject({ state: 'PLACED', data: { price: 1.05 } });
  });

  it('a terminal that throws inside the send leaves the order UNKNOWN and halts', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => Promise.reject(new Error('the link broke')));
    const asked = await rig.open({ reqId: 'a' });
    expect(asked.answer.status).toBe('PENDING');
    expect(rig.safety.triggers).toMatchObject([{ kind: 'EXCEPTION', mode: 'HALTED' }]);
  });

  it('a close whose answer was lost is found by the deal that carries its tag', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.open({ magic: BigInt(MAGIC_BASE) });
    rig.terminal.closeScripts.push((close, execute) => {
      execute();
      rig.terminal.deal({ position: ticket, side: 'SELL', entry: 'OUT', magic: close.magic, comment: close.comment });
      return LOST;
    });
    const asked = await rig.ask('CLOSE_POSITION', { reqId: 'c', payload: { ticket } });
    expect(asked.answer.status).toBe('PENDING');
    await rig.clock.advance(1);
    const known = await rig.ask('GET_COMMAND', { payload: { req_id: 'c' } });
    expect(known.answer.data).toMatchObject({ state: 'DONE', data: { ticket: Number(ticket), volume: 0.1 } });
    expect(rig.terminal.closes).toHaveLength(1);
  });

  it('a close with a rewritten comment: stays UNKNOWN, but a stop loss of the position is not taken for it', async () => {
    const rig = new Rig();
    const { terminal } = rig;
    const [rewritten, stopped] = [terminal.open(), terminal.open()];
    terminal.closeScripts.push(
      () => {
        terminal.deal({ position: rewritten.ticket, entry: 'OUT', comment: 'broker says' });
        return LOST;
      },
      () => {
        terminal.deal({ position: stopped.ticket, entry: 'OUT', reason: 'SL', comment: '[sl 1.05]' });
        return LOST;
      },
    );
    await rig.ask('CLOSE_POSITION', { reqId: 'rewritten', payload: { ticket: rewritten.ticket } });
    await rig.ask('CLOSE_POSITION', { reqId: 'stopped', payload: { ticket: stopped.ticket } });
    await rig.clock.advance(600_000);
    expect(rig.statuses('rewritten').at(-1)).toBe('UNKNOWN');
    expect(rig.statuses('stopped')).toContain('EXPIRED');
  });

  it('a cancel whose answer was lost: an order that is still pending after three looks was not removed', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.place();
    rig.terminal.cancelScripts.push(() => LOST);
    await rig.ask('CANCEL_ORDER', { reqId: 'c', payload: { ticket } });
    await rig.clock.advance(2_000);
    expect(rig.statuses('c')).toContain('EXPIRED');
  });

  it('a cancel whose answer was lost: the history tells that the order is gone', async () => {
    const rig = new Rig();
    const order = rig.terminal.place();
    rig.terminal.cancelScripts.push((ticket) => {
      rig.terminal.pending.delete(ticket);
      rig.terminal.ended.push({ ...order, state: 'CANCELED' });
      return LOST;
    });
    await rig.ask('CANCEL_ORDER', { reqId: 'c', payload: { ticket: order.ticket } });
    await rig.clock.advance(1);
    expect(rig.statuses('c')).toContain('DONE');
  });
});

describe('recovery after a crash', () => {
  it('a crash after the intent, before the dispatch: EXPIRED, certainly not sent, never sent late', async () => {
    const before = new Rig({ windowSize: 1 });
    before.terminal.concurrency = 1;
    holdSend(before.terminal);
    await before.open({ reqId: 'slow' });
    await before.open({ reqId: 'waiting' });
    const rig = before.restarted();
    expect(await rigRecovery(rig)).toMatchObject({ expired: 1 });
    const again = await rig.open({ reqId: 'waiting' });
    expect(again.answer).toMatchObject({ status: 'ERROR', code: 'STALE', duplicate: true });
    expect(again.answer.error).toContain('certainly not sent');
    expect(rig.terminal.sent.filter(({ order }) => order.comment.length > 0)).toHaveLength(1);
  });

  it('a crash after the fill, before the reply: found, closed as executed', async () => {
    const before = new Rig();
    before.terminal.sendScripts.push((order) => {
      before.terminal.fill(order);
      return new Promise(() => {});
    });
    await before.open({ reqId: 'a' });
    const rig = before.restarted();
    expect(await rigRecovery(rig)).toEqual({ expired: 0, executed: 1, notExecuted: 0, unknown: 0 });
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: { volume: 0.1 } });
    expect(rig.terminal.sent).toHaveLength(1);
    expect(rig.audit.types()).toContain('RECONCILED');
  });

  it('a crash after the dispatch, before the write: nothing found, closed as not executed', async () => {
    const before = new Rig();
    before.terminal.sendScripts.push(() => new Promise(() => {}));
    await before.open({ reqId: 'a' });
    const rig = before.restarted();
    expect(await rigRecovery(rig)).toEqual({ expired: 0, executed: 0, notExecuted: 1, unknown: 0 });
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'ERROR', code: 'TERMINAL_TIMEOUT', duplicate: true });
    expect(rig.terminal.sent).toHaveLength(1);
  });

  it('a close and a cancel that were under way are told by what the terminal has', async () => {
    const before = new Rig();
    const { terminal } = before;
    const position = terminal.open({ magic: 77n });
    const order = terminal.place();
    terminal.closeScripts.push((close, execute) => {
      execute();
      terminal.deal({ position: close.ticket, side: 'SELL', entry: 'OUT', magic: 77n, comment: close.comment });
      return new Promise(() => {});
    });
    terminal.cancelScripts.push(() => new Promise(() => {}));
    await before.ask('CLOSE_POSITION', { reqId: 'close', payload: { ticket: position.ticket } });
    await before.ask('CANCEL_ORDER', { reqId: 'cancel', payload: { ticket: order.ticket } });
    const rig = before.restarted();
    expect(await rigRecovery(rig)).toEqual({ expired: 0, executed: 1, notExecuted: 1, unknown: 0 });
    const close = await rig.ask('CLOSE_POSITION', { reqId: 'close', payload: { ticket: position.ticket } });
    expect(close.answer).toMatchObject({ status: 'SUCCESS', duplicate: true, data: { volume: 0.1, side: 'SELL' } });
    const cancel = await rig.ask('CANCEL_ORDER', { reqId: 'cancel', payload: { ticket: order.ticket } });
    expect(cancel.answer).toMatchObject({ status: 'ERROR', duplicate: true });
    expect([terminal.closes.length, terminal.cancels.length]).toEqual([1, 1]);
  });

  it('what cannot be told stays unknown, is answered PENDING, and is settled when the terminal can tell', async () => {
    const before = new Rig();
    before.terminal.sendScripts.push(() => new Promise(() => {}));
    await before.open({ reqId: 'a' });
    const rig = before.restarted();
    rig.terminal.become({ linked: false });
    rig.terminal.isHistoryComplete = false;
    expect(await rigRecovery(rig)).toMatchObject({ unknown: 1 });
    expect(rig.core.lane.inFlight).toBe(1);
    const again = await rig.open({ reqId: 'a' });
    expect(again.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN', duplicate: true });
    rig.terminal.isHistoryComplete = true;
    rig.terminal.become({ linked: true });
    await rig.clock.advance(300_000);
    expect(rig.core.lane.inFlight).toBe(0);
    expect((await rig.open({ reqId: 'a' })).answer.code).toBe('TERMINAL_TIMEOUT');
    expect(rig.events.some(({ event }) => event === 'COMMAND')).toBe(true);
  });
});

/** Recovers while time passes. */
async function rigRecovery(rig: Rig) {
  const recovery = rig.core.recover();
  await rig.clock.advance(10_000);
  return recovery;
}
