import { describe, expect, it } from 'vitest';
import type { TradeOutcome } from '../../../../main/mt5/handler.ts';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { anOrder, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { PaperRig, value } from '../../../fakes/paper-rig.ts';

const SLOW = { latencyMs: 3_000 };

function kindOf(call: Promise<TradeOutcome>): Promise<TradeOutcome['kind']> {
  return call.then(({ kind }) => kind);
}

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
