import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import type { BehaviourRig } from '../behaviour-rig.ts';

async function expectNothingOpened(rig: BehaviourRig): Promise<void> {
  expect([await rig.truth.positions(), await rig.truth.orders()]).toEqual([[], []]);
}

/** What stands against trading: markets, symbols, switches, the way to the broker. */
export const OBSTACLES = [
  behaviour('a closed market refuses a new order with 10018, and takes it once it is open', async (rig) => {
    await rig.market.closeMarket('EURUSD');
    expect(await rig.open()).toMatchObject({ status: 'ERROR', code: 'REJECTED', retcode: 10018 });
    await expectNothingOpened(rig);
    await rig.market.openMarket('EURUSD');
    expect(await rig.open()).toMatchObject({ status: 'SUCCESS' });
  }),

  behaviour('a closed market keeps a position from being closed, and others trade on', async (rig) => {
    const ticket = await rig.opened();
    await rig.market.closeMarket('EURUSD');
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ code: 'REJECTED', retcode: 10018 });
    expect(await rig.truth.positions()).toMatchObject([{ ticket }]);
    expect(await rig.open({ symbol: 'USDJPY' })).toMatchObject({ status: 'SUCCESS' });
  }),

  ...(
    [
      ['DISABLED', 'BUY', 10017, 'TRADING_DISABLED'],
      ['CLOSEONLY', 'BUY', 10044, 'REJECTED'],
      ['LONGONLY', 'SELL', 10042, 'REJECTED'],
      ['SHORTONLY', 'BUY', 10043, 'REJECTED'],
    ] as const
  ).map(([mode, side, retcode, code]) =>
    behaviour(`a symbol that is ${mode} refuses a ${side} with ${retcode}`, async (rig) => {
      await rig.market.setTradeMode('EURUSD', mode);
      expect(await rig.open({ side })).toMatchObject({ status: 'ERROR', code, retcode });
      await expectNothingOpened(rig);
      expect((await rig.ask('GET_SYMBOL', { symbol: 'EURUSD' })).data).toMatchObject({ trade_mode: mode });
    }),
  ),

  ...(
    [
      ['LONGONLY', 'BUY'],
      ['SHORTONLY', 'SELL'],
    ] as const
  ).map(([mode, side]) =>
    behaviour(`a symbol that is ${mode} takes a ${side}`, async (rig) => {
      await rig.market.setTradeMode('EURUSD', mode);
      expect(await rig.open({ side })).toMatchObject({ status: 'SUCCESS' });
    }),
  ),

  behaviour('a symbol that is CLOSEONLY lets its positions be closed', async (rig) => {
    const ticket = await rig.opened();
    await rig.market.setTradeMode('EURUSD', 'CLOSEONLY');
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toEqual([]);
  }),

  ...(['TERMINAL_TRADE_ALLOWED', 'MQL_TRADE_ALLOWED', 'ACCOUNT_TRADE_ALLOWED', 'ACCOUNT_TRADE_EXPERT'] as const).map(
    (name) =>
      behaviour(
        `${name} off: trading is refused by its name, questions are answered, and on again all is well`,
        async (rig) => {
          const ticket = await rig.opened();
          const pending = await rig.open({ type: 'LIMIT', price: 1.05 });
          await rig.market.setSwitch(name, false);
          expect(rig.terminal.state().tradingBlockedBy).toEqual([name]);
          const refused = { status: 'ERROR', code: 'TRADING_DISABLED', error: expect.stringContaining(name) as string };
          expect(await rig.open()).toMatchObject(refused);
          expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject(refused);
          expect(await rig.ask('CANCEL_ORDER', { ticket: pending.data['ticket'] })).toMatchObject(refused);
          expect(await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 })).toMatchObject(refused);
          expect(await rig.ask('GET_POSITIONS')).toMatchObject({ status: 'SUCCESS' });
          expect([(await rig.truth.positions()).length, (await rig.truth.orders()).length]).toEqual([1, 1]);
          await rig.market.setSwitch(name, true);
          expect(rig.terminal.state().tradingBlockedBy).toEqual([]);
          expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS' });
        },
      ),
  ),

  behaviour(
    'a switch that is off suspends trading where it is watched, and on again ends that by itself',
    async (rig) => {
      await rig.market.setSwitch('TERMINAL_TRADE_ALLOWED', false);
      expect(rig.mode).toBe('SUSPENDED');
      expect(await rig.open()).toMatchObject({ status: 'ERROR', code: 'TRADING_SUSPENDED' });
      expect(rig.truth.requests()).toBe(0);
      await rig.market.setSwitch('TERMINAL_TRADE_ALLOWED', true);
      await rig.until('TRADING', () => rig.mode === 'TRADING');
      expect(await rig.open()).toMatchObject({ status: 'SUCCESS' });
    },
    { watched: true },
  ),

  behaviour('without the way to the broker nothing is opened, and back again all is well', async (rig) => {
    await rig.market.setConnected(false);
    expect((await rig.ask('HEARTBEAT')).data).toMatchObject({ status: 'alive', terminal_connected: false });
    const reply = await rig.open({}, { reqId: 'cut-off' });
    expect(reply.status).not.toBe('SUCCESS');
    await rig.market.setConnected(true);
    expect((await rig.ask('HEARTBEAT')).data).toMatchObject({ terminal_connected: true });
    expect((await rig.outcome('cut-off'))['state']).toBeOneOf(['REFUSED', 'REJECTED', 'EXPIRED']);
    await expectNothingOpened(rig);
    expect(await rig.open()).toMatchObject({ status: 'SUCCESS' });
    expect(await rig.truth.positions()).toHaveLength(1);
  }),
];
