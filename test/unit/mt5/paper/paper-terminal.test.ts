import { describe, expect, it } from 'vitest';
import type { TerminalState, TradeOutcome } from '../../../../main/mt5/handler.ts';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { anOrder, isSettled, OPEN_FENCE, PaperRig, value } from '../../../fakes/paper-rig.ts';

const SLOW = { latencyMs: 3_000 };
const EPOCH_1 = { epoch: 1, validUntilMonoMs: Infinity };

function kindOf(call: Promise<TradeOutcome>): Promise<TradeOutcome['kind']> {
  return call.then(({ kind }) => kind);
}

describe('an order at the paper terminal', () => {
  it('is executed in the call itself when there is no latency', async () => {
    const rig = await PaperRig.start();
    void rig.send();
    expect(rig.transactions.map(({ kind }) => kind)).toEqual([
      'ORDER_ADDED',
      'DEAL',
      'ORDER_REMOVED',
      'POSITION_OPENED',
    ]);
  });

  it('takes the latency otherwise, and is filled at the price of its end', async () => {
    const rig = await PaperRig.start(SLOW);
    const sent = rig.send();
    await rig.clock.advance(2_999);
    expect(await rig.positions()).toEqual([]);
    rig.quote('EURUSD', 1.2, 1.2001);
    await rig.clock.advance(1);
    expect((await sent).price).toBe(1.2001);
  });

  it('is requoted by instant execution when the price has moved further than its deviation (10004)', async () => {
    const rig = await PaperRig.start(SLOW);
    const strict = rig.send({ symbol: 'GBPUSD', deviationPoints: 20 });
    const patient = rig.send({ symbol: 'GBPUSD', deviationPoints: 21 });
    rig.quote('GBPUSD', 1.30021, 1.30041);
    await rig.clock.advance(3_000);
    expect(await strict).toMatchObject({ retcode: RETCODE.REQUOTE, ask: 1.30041 });
    expect(await patient).toMatchObject({ retcode: RETCODE.DONE, price: 1.30041 });
  });

  it('is one of four at work; others wait and begin in order', async () => {
    const rig = await PaperRig.start(SLOW);
    const sent = Array.from({ length: 6 }, (_, count) => rig.send({ magic: BigInt(count) }));
    await rig.clock.advance(3_000);
    expect((await rig.positions()).map(({ magic }) => magic)).toEqual([0n, 1n, 2n, 3n]);
    await rig.clock.advance(3_000);
    expect((await Promise.all(sent)).map(({ order }) => order)).toEqual([1001n, 1003n, 1005n, 1007n, 1009n, 1011n]);
  });

  it('is refused when a thousand wait already (10024)', async () => {
    const rig = await PaperRig.start(SLOW);
    const waiting = Array.from({ length: 1_004 }, () => rig.send());
    expect((await rig.send()).retcode).toBe(RETCODE.TOO_MANY_REQUESTS);
    expect(await isSettled(Promise.race(waiting))).toBe(false);
  });
});

describe('a halt', () => {
  it('refuses new orders and changes of orders from then on', async () => {
    const rig = await PaperRig.start();
    const { order: ticket } = await rig.send({ type: 'LIMIT', price: 1.09 });
    expect(await rig.terminal.halt(1)).toBe(true);
    expect(await kindOf(rig.terminal.send(anOrder(), EPOCH_1))).toBe('fenced');
    const change = { ticket, price: 1.08, sl: 0, tp: 0 };
    expect(await kindOf(rig.terminal.modifyOrder(change, EPOCH_1))).toBe('fenced');
  });

  it('lets positions be closed and orders be cancelled at its epoch, not at an older one', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send();
    const { order } = await rig.send({ type: 'LIMIT', price: 1.09 });
    await rig.terminal.halt(1);
    await expect(rig.close(position, {}, OPEN_FENCE)).rejects.toThrow('fenced');
    await expect(rig.cancel(order, OPEN_FENCE)).rejects.toThrow('fenced');
    expect((await rig.close(position, {}, EPOCH_1)).retcode).toBe(RETCODE.DONE);
    expect((await rig.cancel(order, EPOCH_1)).retcode).toBe(RETCODE.DONE);
  });

  it('goes past the queue: waiting orders are refused at once, those under way still fill', async () => {
    const rig = await PaperRig.start(SLOW);
    const underWay = Array.from({ length: 4 }, () => kindOf(rig.terminal.send(anOrder(), OPEN_FENCE)));
    const waiting = kindOf(rig.terminal.send(anOrder(), OPEN_FENCE));
    await rig.terminal.halt(1);
    expect(await isSettled(waiting)).toBe(true);
    expect(await waiting).toBe('fenced');
    await rig.clock.advance(3_000);
    expect(await Promise.all(underWay)).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(await rig.positions()).toHaveLength(4);
  });

  it('leaves a waiting close of its own epoch in the queue', async () => {
    const rig = await PaperRig.start({ ...SLOW, latencyMs: 1_000 });
    const opening = Array.from({ length: 4 }, () => rig.send());
    await rig.clock.advance(1_000);
    const [first] = await Promise.all(opening);
    for (let count = 0; count < 4; count += 1) void rig.send();
    const closing = rig.close(first!.position, {}, EPOCH_1);
    await rig.terminal.halt(1);
    await rig.clock.advance(2_000);
    expect((await closing).retcode).toBe(RETCODE.DONE);
  });

  it('is lifted by a release of its epoch or a later one, and by nothing else', async () => {
    const rig = await PaperRig.start();
    await rig.terminal.halt(5);
    expect(await rig.terminal.release(4)).toBe(false);
    expect(await kindOf(rig.terminal.send(anOrder(), { ...EPOCH_1, epoch: 6 }))).toBe('fenced');
    expect(await rig.terminal.release(6)).toBe(true);
    expect(await kindOf(rig.terminal.send(anOrder(), { ...EPOCH_1, epoch: 5 }))).toBe('fenced');
    expect(await kindOf(rig.terminal.send(anOrder(), { ...EPOCH_1, epoch: 6 }))).toBe('answered');
  });

  it('never lowers the epoch, so that halts may arrive in any order', async () => {
    const rig = await PaperRig.start();
    await rig.terminal.halt(7);
    await rig.terminal.halt(3);
    expect(await rig.terminal.release(6)).toBe(false);
  });
});

describe('the fence of a call', () => {
  it('is looked at when the call leaves the queue, not when it is given', async () => {
    const rig = await PaperRig.start(SLOW);
    for (let count = 0; count < 4; count += 1) void rig.send();
    const queued = kindOf(rig.terminal.send(anOrder(), { epoch: 0, validUntilMonoMs: 2_999 }));
    const inTime = kindOf(rig.terminal.send(anOrder(), { epoch: 0, validUntilMonoMs: 3_000 }));
    await rig.clock.advance(3_000);
    expect(await queued).toBe('expired');
    await rig.clock.advance(3_000);
    expect(await inTime).toBe('answered');
    expect(await rig.positions()).toHaveLength(5);
  });
});

describe('a fault', () => {
  it('that loses the reply leaves an order that was executed, and can be found by its tag', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'lose', executed: true }] } });
    expect(await kindOf(rig.terminal.send(anOrder({ comment: 'mine~lostlostlost' }), OPEN_FENCE))).toBe('lost');
    const traces = value(await rig.terminal.find('lostlostlost'));
    expect([traces.complete, traces.positions.length, traces.orders.length, traces.deals.length]).toEqual([
      true,
      1,
      1,
      1,
    ]);
  });

  it('that loses the order leaves nothing, and the search that finds nothing is complete', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'lose', executed: false }] } });
    expect(await kindOf(rig.terminal.send(anOrder(), OPEN_FENCE))).toBe('lost');
    const nothing = { complete: true, positions: [], pending: [], orders: [], deals: [] };
    expect(value(await rig.terminal.find('abcdefghijkl'))).toEqual(nothing);
  });

  it('that misreports executes and answers another retcode, like a timeout that was filled', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'misreport', retcode: RETCODE.TIMEOUT }] } });
    expect(await rig.send()).toMatchObject({ retcode: RETCODE.TIMEOUT, order: 0n, deal: 0n, volumeLots: 0 });
    expect(await rig.positions()).toHaveLength(1);
  });

  it('befalls one attempt each, in their order', async () => {
    const refuse = (retcode: number) => ({ kind: 'refuse', retcode }) as const;
    const rig = await PaperRig.start({ faults: { next: [refuse(10004), { kind: 'none' }, refuse(99_999)] } });
    const retcodes = [];
    for (let count = 0; count < 4; count += 1) retcodes.push((await rig.send()).retcode);
    expect(retcodes).toEqual([10004, RETCODE.DONE, 99_999, RETCODE.DONE]);
  });

  it('of the link keeps new calls unsent, loses the replies of those under way, and is told', async () => {
    const rig = await PaperRig.start(SLOW);
    const states: TerminalState[] = [];
    rig.terminal.onState((state) => states.push(state));
    const underWay = kindOf(rig.terminal.send(anOrder(), OPEN_FENCE));
    rig.terminal.inject({ linkDown: true });
    expect(await kindOf(rig.terminal.send(anOrder(), OPEN_FENCE))).toBe('unsent');
    expect(await rig.terminal.positions()).toMatchObject({ ok: false, code: 'TERMINAL_DISCONNECTED' });
    await rig.clock.advance(3_000);
    expect(await underWay).toBe('lost');
    rig.terminal.inject({ linkDown: false });
    expect(states.map(({ linked }) => linked)).toEqual([false, true]);
    expect(await rig.positions()).toHaveLength(1);
  });

  it('of the link does not keep a halt from latching, though it is not acked', async () => {
    const rig = await PaperRig.start({ faults: { linkDown: true } });
    expect(await rig.terminal.halt(1)).toBe(false);
    rig.terminal.inject({ linkDown: false });
    expect(await kindOf(rig.terminal.send(anOrder(), EPOCH_1))).toBe('fenced');
  });

  it('of AutoTrading shows in the state by the switch’s name', async () => {
    const rig = await PaperRig.start();
    expect(rig.terminal.state().tradingBlockedBy).toEqual([]);
    rig.terminal.inject({ autoTradingOff: true });
    expect(rig.terminal.state()).toMatchObject({ linked: true, tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'] });
  });

  it('of a broker that writes its own comments takes the tag away', async () => {
    const rig = await PaperRig.start({ faults: { commentsRewritten: true } });
    await rig.send({ comment: 'mine~abcdefghijkl', magic: 9n });
    expect(value(await rig.terminal.find('abcdefghijkl'))).toMatchObject({ positions: [], deals: [] });
    expect(value(await rig.terminal.positions({ magic: 9n }))).toHaveLength(1);
  });

  it('comes by chance at the rate that was set, the same ones for the same seed', async () => {
    const outcomes = async (seed: number) => {
      const rig = await PaperRig.start({ seed, rejectRate: 0.3, requoteRate: 0.3 });
      const retcodes = [];
      for (let count = 0; count < 60; count += 1) retcodes.push((await rig.send({ volumeLots: 0.01 })).retcode);
      return retcodes;
    };
    const first = await outcomes(1);
    expect(new Set(first)).toEqual(new Set([RETCODE.DONE, RETCODE.REJECT, RETCODE.REQUOTE]));
    expect(await outcomes(1)).toEqual(first);
    expect(await outcomes(2)).not.toEqual(first);
  });
});

describe('the paper terminal', () => {
  it('says PAPER, and which account it is', async () => {
    const rig = await PaperRig.start();
    const pin = { login: '5000001', server: 'MT5Fabric-Paper', mode: 'PAPER' };
    expect(rig.terminal.state()).toMatchObject({ linked: true, connected: true, account: pin, marginMode: 'HEDGING' });
    expect(await rig.account()).toMatchObject({
      login: 5_000_001n,
      server: pin.server,
      mode: 'PAPER',
      currency: 'USD',
    });
  });

  it('answers no question and sends nothing before its start and after its stop', async () => {
    const rig = await PaperRig.start();
    await rig.terminal.stop();
    await rig.terminal.stop();
    expect(rig.terminal.state().linked).toBe(false);
    expect(await rig.terminal.account()).toMatchObject({ ok: false, code: 'TERMINAL_DISCONNECTED' });
    expect(await kindOf(rig.terminal.send(anOrder(), OPEN_FENCE))).toBe('unsent');
  });

  it('goes on after a stop with the account as it was, also where it was told to begin a new one', async () => {
    const rig = await PaperRig.start({ reset: true });
    await rig.send();
    await rig.terminal.stop();
    await rig.terminal.start();
    await rig.terminal.start();
    expect(await rig.positions()).toHaveLength(1);
  });

  it('finishes at its stop what the broker works on, and sends nothing of what waits', async () => {
    const rig = await PaperRig.start(SLOW);
    const kinds = Array.from({ length: 5 }, () => kindOf(rig.terminal.send(anOrder(), OPEN_FENCE)));
    await rig.terminal.stop();
    expect(await Promise.all(kinds)).toEqual(['answered', 'answered', 'answered', 'answered', 'unsent']);
    await rig.terminal.start();
    expect(await rig.positions()).toHaveLength(4);
  });

  it('names what it does not have', async () => {
    const rig = await PaperRig.start();
    for (const query of [
      rig.terminal.symbol('NOSUCH'),
      rig.terminal.tick('NOSUCH'),
      rig.terminal.candles('NOSUCH', 'M1', 5),
    ]) {
      expect(await query).toMatchObject({
        ok: false,
        code: 'NOT_FOUND',
        message: expect.stringContaining('NOSUCH') as string,
      });
    }
  });

  it('names its symbols with the broker’s suffix throughout', async () => {
    const rig = await PaperRig.start({ suffix: '.s' });
    const names = value(await rig.terminal.symbols()).map(({ name }) => name);
    expect(names).toEqual(['EURUSD.s', 'GBPUSD.s', 'USDJPY.s', 'XAUUSD.s', 'BTCUSD.s']);
    expect((await rig.send({ symbol: 'EURUSD' })).retcode).toBe(RETCODE.INVALID);
    expect((await rig.send({ symbol: 'EURUSD.s' })).retcode).toBe(RETCODE.DONE);
    expect((await rig.positions())[0]?.symbol).toBe('EURUSD.s');
  });

  it('values a tick of a yen pair by its price', async () => {
    const rig = await PaperRig.start();
    const tickValue = async () => value(await rig.terminal.symbol('USDJPY')).tickValue;
    rig.quote('USDJPY', 100, 100.01);
    expect(await tickValue()).toBe(1);
    rig.quote('USDJPY', 160, 160.01);
    expect(await tickValue()).toBe(0.625);
  });

  it('filters positions and orders by symbol, ticket and magic', async () => {
    const rig = await PaperRig.start();
    const { position: ticket } = await rig.send({ magic: 1n });
    await rig.send({ symbol: 'USDJPY', magic: 2n });
    await rig.send({ type: 'LIMIT', price: 1.09, magic: 2n });
    const count = async (filter: object) => [
      value(await rig.terminal.positions(filter)).length,
      value(await rig.terminal.orders(filter)).length,
    ];
    expect(await count({})).toEqual([2, 1]);
    expect(await count({ symbol: 'EURUSD' })).toEqual([1, 1]);
    expect(await count({ magic: 2n })).toEqual([1, 1]);
    expect(await count({ ticket })).toEqual([1, 0]);
  });

  it('gives the history of a span of time, both ends included', async () => {
    const rig = await PaperRig.start();
    const firstMs = rig.clock.nowMs();
    await rig.send();
    await rig.clock.advance(1_000);
    await rig.send();
    const within = async (fromMs: number, toMs: number) => value(await rig.terminal.history(fromMs, toMs)).deals.length;
    expect(await within(firstMs, firstMs)).toBe(1);
    expect(await within(firstMs, firstMs + 1_000)).toBe(2);
    expect(await within(firstMs + 1, firstMs + 999)).toBe(0);
  });

  it('hands on ticks of subscribed symbols only, while stops of all symbols are watched', async () => {
    const rig = await PaperRig.start();
    const seen: string[] = [];
    rig.terminal.subscribe(new Set(['EURUSD', 'NOSUCH']));
    const remove = rig.terminal.onTicks((ticks) => seen.push(...ticks.map(({ symbol }) => symbol)));
    await rig.send({ symbol: 'USDJPY', sl: 149 });
    rig.quote('EURUSD', 1.1, 1.10011);
    rig.quote('USDJPY', 148, 148.01);
    expect(seen).toEqual(['EURUSD']);
    expect(await rig.positions()).toEqual([]);
    remove();
    rig.quote('EURUSD', 1.1, 1.10012);
    expect(seen).toEqual(['EURUSD']);
  });

  it('tells every change in the order in which it happened, with the position as it was at its end', async () => {
    const rig = await PaperRig.start();
    const { order } = await rig.send({ type: 'LIMIT', price: 1.09, tp: 1.12 });
    rig.quote('EURUSD', 1.0899, 1.09);
    rig.quote('EURUSD', 1.12, 1.1201);
    expect(rig.transactions.map(({ kind }) => kind)).toEqual([
      'ORDER_ADDED',
      ...['DEAL', 'ORDER_REMOVED', 'POSITION_OPENED'],
      ...['ORDER_ADDED', 'DEAL', 'ORDER_REMOVED', 'POSITION_CLOSED'],
    ]);
    expect(rig.transactions.at(-1)).toMatchObject({ position: { ticket: order, profit: 300, currentPrice: 1.12 } });
  });
});

describe('weekends', () => {
  const saturday = Date.UTC(2026, 0, 10, 12);

  it('are trading days unless they are asked for', async () => {
    const rig = await PaperRig.start();
    await rig.clock.advance(saturday - rig.clock.nowMs());
    expect((await rig.send()).retcode).toBe(RETCODE.DONE);
  });

  it('close forex and metals from Friday to Sunday 22:00 UTC where they are asked for, and leave bitcoin open', async () => {
    const rig = await PaperRig.start({ weekends: true });
    const retcodeAt = async (atMs: number, symbol: string) => {
      await rig.clock.advance(atMs - rig.clock.nowMs());
      return (await rig.send({ symbol, volumeLots: 0.01 })).retcode;
    };
    expect(await retcodeAt(Date.UTC(2026, 0, 9, 21, 59, 59), 'EURUSD')).toBe(RETCODE.DONE);
    expect(await retcodeAt(Date.UTC(2026, 0, 9, 22), 'EURUSD')).toBe(RETCODE.MARKET_CLOSED);
    expect(await retcodeAt(saturday, 'XAUUSD')).toBe(RETCODE.MARKET_CLOSED);
    expect(await retcodeAt(saturday, 'BTCUSD')).toBe(RETCODE.DONE);
    expect(await retcodeAt(Date.UTC(2026, 0, 11, 22), 'EURUSD')).toBe(RETCODE.DONE);
  });
});
