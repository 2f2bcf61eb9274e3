import { describe, expect, it } from 'vitest';
import { refusal } from '../../../main/protocol/codes.ts';
import type { KillReport } from '../../../main/safety/safety-port.ts';
import { MAX_BODY_BYTES } from '../../../main/protocol/constants.ts';
import { ORDER, Rig } from './rig.ts';

describe('HEARTBEAT', () => {
  it('is answered in the turn in which it comes, with the state of gateway and terminal', async () => {
    const rig = new Rig();
    await rig.clock.advance(61_000);
    const asked = rig.hand('HEARTBEAT', { reqId: 'h' });
    expect(asked.answer).toEqual({
      req_id: 'h',
      status: 'SUCCESS',
      timestamp: rig.clock.nowMs() / 1000,
      error: null,
      code: null,
      data: {
        status: 'alive',
        service: 'MT5 Gateway',
        version: '1.2.3',
        protocol: '1.1',
        time: rig.clock.nowMs() / 1000,
        terminal_connected: true,
        mode: 'TRADING',
        account_mode: 'PAPER',
        epoch: 7,
        session: 'a-session',
        uptime_s: 61,
      },
    });
  });

  it('waits for nothing: not for an order, not for the disk', async () => {
    const rig = new Rig();
    rig.audit.hold();
    rig.terminal.sendScripts.push(() => new Promise(() => {}));
    await rig.open();
    expect(rig.hand('HEARTBEAT').answer.status).toBe('SUCCESS');
  });

  it('with lease_s is UNSUPPORTED, so that nobody believes in a lease that is not there', () => {
    const asked = new Rig().hand('HEARTBEAT', { payload: { lease_s: 60 }, client: 'alpha' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'UNSUPPORTED' });
    expect(asked.answer.error).toContain('lease_s');
  });
});

describe('KILL_SWITCH', () => {
  it('halts in the turn in which it comes, and answers with the report', async () => {
    const rig = new Rig();
    const asked = rig.hand('KILL_SWITCH', { client: 'alpha', payload: { reason: 'enough' } });
    expect(rig.safety.state().mode).toBe('HALTED');
    expect(rig.safety.triggers).toEqual([
      { kind: 'WIRE', mode: 'HALTED', flatten: 'account', actor: 'alpha', reason: 'enough' },
    ]);
    await rig.settle();
    expect(asked.answer).toMatchObject({
      status: 'SUCCESS',
      data: {
        positions_closed: 0,
        total_positions: 0,
        orders_cancelled: 0,
        flatten: 'EMPTY',
        tickets: [],
        timestamp: rig.clock.nowMs() / 1000,
        mode: 'HALTED',
        epoch: 8,
        recorded: true,
      },
    });
  });

  it('is answered while the disk hangs', async () => {
    const rig = new Rig();
    rig.audit.hold();
    await rig.open();
    const asked = await rig.ask('KILL_SWITCH');
    expect(asked.answer.status).toBe('SUCCESS');
  });

  it('is never deduplicated and never ages', async () => {
    const rig = new Rig();
    await rig.ask('KILL_SWITCH', { reqId: 'k', timestamp: 1 });
    const again = await rig.ask('KILL_SWITCH', { reqId: 'k', timestamp: 9e9 });
    expect(rig.safety.triggers).toHaveLength(2);
    expect(again.answer.duplicate).toBeUndefined();
  });

  it.each([
    ['no fields but the action', '{"action":"KILL_SWITCH"}'],
    ['duplicate keys', '{"action":"KILL_SWITCH","action":"KILL_SWITCH","payload":[]}'],
    ['an unreadable payload', '{"action":"KILL_SWITCH","req_id":7,"payload":"now!","client_id":"no spaces allowed"}'],
  ])('halts with %s', async (_what, text) => {
    const rig = new Rig();
    const asked = rig.handBytes(Buffer.from(text));
    expect(rig.safety.triggers).toMatchObject([{ mode: 'HALTED', flatten: 'account' }]);
    await rig.settle();
    expect(asked.answer.status).toBe('SUCCESS');
  });

  it('halts in a message with more frames than a request has', () => {
    const rig = new Rig();
    rig.handBytes(Buffer.from('{"action":"KILL_SWITCH"}'), 1);
    expect(rig.safety.state().mode).toBe('HALTED');
  });

  it('answers SUCCESS with an unknown flatten when the report fails or never comes', async () => {
    const rig = new Rig();
    rig.safety.report = () => Promise.reject(new Error('no report'));
    const failed = await rig.ask('KILL_SWITCH');
    expect(failed.answer).toMatchObject({ status: 'SUCCESS', data: { flatten: 'UNKNOWN', mode: 'HALTED' } });
    rig.safety.report = () => new Promise<KillReport>(() => {});
    const silent = await rig.ask('KILL_SWITCH');
    await rig.clock.advance(1_400);
    expect(silent.answer).toMatchObject({ status: 'SUCCESS', data: { flatten: 'UNKNOWN' } });
  });

  it('of a client that may not: is refused and changes nothing', async () => {
    const authorise = () => refusal('NOT_AUTHORISED', 'alpha may only read');
    const rig = new Rig({}, { authorise });
    const asked = await rig.ask('KILL_SWITCH', { client: 'alpha' });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'NOT_AUTHORISED' });
    expect(rig.safety.state().mode).toBe('TRADING');
    expect(rig.audit.rows.at(-1)).toMatchObject({ type: 'CLIENT_REFUSED', action: 'KILL_SWITCH', actor: 'alpha' });
  });
});

describe('authorisation', () => {
  it('is asked with client and action, and a refused order uses no id up', async () => {
    const seen: unknown[] = [];
    const authorise = (who: unknown) => {
      seen.push(who);
      return seen.length === 1 ? refusal('NOT_AUTHORISED', 'no') : null;
    };
    const rig = new Rig({}, { authorise });
    expect((await rig.open({ reqId: 'a', client: 'alpha' })).answer.code).toBe('NOT_AUTHORISED');
    expect((await rig.open({ reqId: 'a', client: 'alpha' })).answer.status).toBe('SUCCESS');
    expect(seen[0]).toEqual({ client: 'alpha', action: 'OPEN_ORDER' });
  });
});

describe('what is no request', () => {
  it.each([
    ['not JSON', 'hello', 'MALFORMED'],
    ['empty', '', 'MALFORMED'],
    ['a list', '[]', 'MALFORMED'],
    ['an empty object', '{}', 'INVALID_REQUEST'],
    ['a lower-case action', '{"action":"open_order","req_id":"a","timestamp":1,"payload":{}}', 'UNKNOWN_ACTION'],
    ['deep nesting', '['.repeat(50_000), 'MALFORMED'],
    ['100 KiB', `{"a":"${'x'.repeat(102_400)}"}`, 'TOO_LARGE'],
  ])('%s gets one reply with its code', async (_what, text, code) => {
    const rig = new Rig();
    const asked = rig.handBytes(Buffer.from(text));
    await rig.settle();
    expect(asked.answer).toMatchObject({ status: 'ERROR', code });
    expect(asked.replies).toBe(1);
    expect(text.length).toBeLessThan(2 * MAX_BODY_BYTES);
    expect(rig.hand('HEARTBEAT').answer.status).toBe('SUCCESS');
  });

  it('a refused query is recorded in full', async () => {
    const rig = new Rig();
    await rig.ask('GET_TICK', { payload: {}, client: 'alpha' });
    expect(rig.audit.rows.at(-1)).toMatchObject({
      type: 'CLIENT_REFUSED',
      actor: 'alpha',
      action: 'GET_TICK',
      code: 'INVALID_PAYLOAD',
    });
  });

  it('a request with more than one frame is refused, whatever the first says', async () => {
    const rig = new Rig();
    const text = JSON.stringify({
      action: 'OPEN_ORDER',
      req_id: 'a',
      timestamp: rig.clock.nowMs() / 1000,
      payload: ORDER,
    });
    const asked = rig.handBytes(Buffer.from(text), 1);
    await rig.settle();
    expect(asked.answer).toMatchObject({ req_id: 'a', status: 'ERROR', code: 'MALFORMED' });
    expect(rig.terminal.sent).toEqual([]);
  });
});

describe('queries', () => {
  it("GET_ACCOUNT_INFO has MT5's names and the original gateway's", async () => {
    const { answer } = await new Rig().ask('GET_ACCOUNT_INFO');
    expect(answer.data).toMatchObject({
      login: 9_007_199_254_740_993n,
      balance: 10_000,
      equity: 10_000,
      margin: 0,
      margin_free: 10_000,
      free_margin: 10_000,
      used_margin: 0,
      margin_level: 0,
      currency: 'USD',
      leverage: 100,
      trade_mode: 0,
      account_mode: 'PAPER',
    });
  });

  it("GET_POSITIONS is a list with the original gateway's keys and MT5's", async () => {
    const rig = new Rig();
    await rig.open();
    const { answer } = await rig.ask('GET_POSITIONS');
    expect(answer.data).toMatchObject([
      {
        ticket: 9_007_199_254_740_993n,
        symbol: 'EURUSD',
        type: 'BUY',
        volume: 0.1,
        open_price: 1.10002,
        current_price: 1.1,
        price_open: 1.10002,
        profit: 0,
        time_msc: rig.clock.nowMs(),
        identifier: 9_007_199_254_740_993n,
      },
    ]);
  });

  it('GET_ORDERS, GET_SYMBOLS and GET_TICK answer', async () => {
    const rig = new Rig();
    rig.terminal.place();
    expect((await rig.ask('GET_ORDERS')).answer.data).toMatchObject([{ type: 'BUY_LIMIT', price_open: 1.05 }]);
    const symbols = (await rig.ask('GET_SYMBOLS')).answer.data;
    expect(symbols).toMatchObject([
      { symbol: 'EURUSD', digits: 5, volume_step: 0.01 },
      { symbol: 'USDJPY', digits: 3 },
    ]);
    const tick = (await rig.ask('GET_TICK', { payload: { symbol: 'EURUSD' } })).answer.data;
    expect(tick).toMatchObject({ symbol: 'EURUSD', bid: 1.1, ask: 1.10002, timestamp: 1_766_800_000.125 });
  });

  it('a symbol that is not there is NOT_FOUND', async () => {
    const { answer } = await new Rig().ask('GET_TICK', { payload: { symbol: 'NOPE' } });
    expect(answer).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
  });

  it('past the deadline is TERMINAL_TIMEOUT', async () => {
    const rig = new Rig();
    rig.terminal.latencyMs = 10_000;
    const asked = await rig.ask('GET_POSITIONS');
    expect(asked.replies).toBe(0);
    await rig.clock.advance(1_500);
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'TERMINAL_TIMEOUT' });
    await rig.clock.advance(20_000);
    expect(asked.replies).toBe(1);
  });

  it('a handler that throws is INTERNAL for that request alone', async () => {
    const rig = new Rig();
    rig.terminal.account = () => Promise.reject(new Error('a bug'));
    expect((await rig.ask('GET_ACCOUNT_INFO')).answer).toMatchObject({ status: 'ERROR', code: 'INTERNAL' });
    expect((await rig.ask('GET_POSITIONS')).answer.status).toBe('SUCCESS');
  });

  it('run beside an order that hangs, and while trading is halted', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => new Promise(() => {}));
    await rig.open();
    rig.safety.become('HALTED');
    expect((await rig.ask('GET_POSITIONS')).answer.status).toBe('SUCCESS');
  });

  it('cost no row of their own', async () => {
    const rig = new Rig();
    await rig.ask('HEARTBEAT');
    const rows = rig.audit.rows.length;
    await rig.ask('GET_POSITIONS');
    await rig.ask('HEARTBEAT');
    expect(rig.audit.rows).toHaveLength(rows);
  });
});

describe('GET_COMMAND', () => {
  it('of a command of an earlier session reads the log', async () => {
    const before = new Rig();
    await before.open({ reqId: 'a', client: 'alpha' });
    const rig = before.restarted();
    const asked = await rig.ask('GET_COMMAND', { client: 'alpha', payload: { req_id: 'a' } });
    expect(asked.answer.data).toMatchObject({
      req_id: 'a',
      client_id: 'alpha',
      action: 'OPEN_ORDER',
      state: 'DONE',
      status: 'SUCCESS',
      received_at: before.clock.nowMs() / 1000,
      data: { volume: 0.1 },
    });
  });

  it('while the command is under way tells its state', async () => {
    const rig = new Rig();
    rig.terminal.sendScripts.push(() => new Promise(() => {}));
    await rig.open({ reqId: 'a' });
    const asked = await rig.ask('GET_COMMAND', { payload: { req_id: 'a' } });
    expect(asked.answer.data).toMatchObject({ state: 'DISPATCHING', status: 'PENDING', code: null });
  });

  it('asks for the own commands unless another client is named', async () => {
    const rig = new Rig();
    await rig.open({ reqId: 'a', client: 'alpha' });
    const ask = (payload: object) => rig.ask('GET_COMMAND', { client: 'beta', payload });
    expect((await ask({ req_id: 'a' })).answer.code).toBe('NOT_FOUND');
    expect((await ask({ req_id: 'a', client_id: 'alpha' })).answer.status).toBe('SUCCESS');
  });
});
