import { expect } from 'vitest';
import { type Behaviour, behaviour } from '../behaviour.ts';
import type { BehaviourRig } from '../behaviour-rig.ts';
import type { Trouble } from '../adapter.ts';

const refuse = (retcode: number): Trouble => ({ kind: 'refuse', retcode });

/** What a retcode becomes at the client when it answers a new order, written down apart from main/mt5/retcodes.ts. */
const REFUSALS = [
  ...[10006, 10007, 10013, 10014, 10015, 10016, 10018, 10019, 10022, 10032, 10033, 10034, 10035, 10036, 10038, 10040],
  ...[10041, 10042, 10043, 10044, 10045, 10046],
].map((retcode) => ({ retcode, code: 'REJECTED' }));
const SWITCHED_OFF = [10017, 10026, 10027].map((retcode) => ({ retcode, code: 'TRADING_DISABLED' }));
const BACK_OFF = [10024, 10028, 10029].map((retcode) => ({ retcode, code: 'BUSY' }));
const FRESH_PRICE = [10004, 10020, 10021];
const REREAD = [10023, 10039];
/** 0, and numbers that MT5 does not have, say nothing either. */
const AMBIGUOUS = [10011, 10012, 10031, 0, 10005, 10037, 10047, 10100];

const NAMES: Readonly<Record<number, string>> = {
  10006: 'REJECT',
  10014: 'INVALID_VOLUME',
  10016: 'INVALID_STOPS',
  10017: 'TRADE_DISABLED',
  10018: 'MARKET_CLOSED',
  10019: 'NO_MONEY',
  10024: 'TOO_MANY_REQUESTS',
  10027: 'CLIENT_DISABLES_AT',
  10029: 'FROZEN',
  10044: 'CLOSE_ONLY',
};

async function expectNothingOpened(rig: BehaviourRig, requests: number): Promise<void> {
  expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], requests]);
}

const ON_OPENING: readonly Behaviour[] = [
  ...[...REFUSALS, ...SWITCHED_OFF, ...BACK_OFF].map(({ retcode, code }) =>
    behaviour(`${retcode} to a new order is ERROR ${code}, sent once`, async (rig) => {
      rig.market.next(refuse(retcode));
      const reply = await rig.open({}, { reqId: 'order' });
      expect(reply).toMatchObject({ status: 'ERROR', code, retcode });
      expect(reply).toMatchObject({ error: expect.stringContaining(NAMES[retcode] ?? String(retcode)) as string });
      await expectNothingOpened(rig, 1);
      expect(await rig.outcome('order')).toMatchObject({ state: 'REJECTED', code, retcode });
    }),
  ),

  ...FRESH_PRICE.flatMap((retcode) => [
    behaviour(`${retcode} to a new order is tried once more at a fresh price`, async (rig) => {
      rig.market.next(refuse(retcode));
      expect(await rig.open()).toMatchObject({ status: 'SUCCESS', data: { retcode: 10009 } });
      expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 2]);
    }),
    behaviour(`${retcode} twice to a new order is ERROR REQUOTE, and there is no third try`, async (rig) => {
      rig.market.next(refuse(retcode), refuse(retcode));
      expect(await rig.open()).toMatchObject({ status: 'ERROR', code: 'REQUOTE', retcode });
      await expectNothingOpened(rig, 2);
    }),
    behaviour(`${retcode} to an order that allows no deviation is not tried again`, async (rig) => {
      rig.market.next(refuse(retcode));
      expect(await rig.open({ deviation: 0 })).toMatchObject({ status: 'ERROR', code: 'REQUOTE', retcode });
      await expectNothingOpened(rig, 1);
    }),
  ]),

  ...REREAD.map((retcode) =>
    behaviour(`${retcode} to a new order is ERROR REJECTED: there is nothing to read again`, async (rig) => {
      rig.market.next(refuse(retcode));
      expect(await rig.open()).toMatchObject({ status: 'ERROR', code: 'REJECTED', retcode });
      await expectNothingOpened(rig, 1);
    }),
  ),

  ...AMBIGUOUS.flatMap((retcode) => [
    behaviour(
      `${retcode} to a new order that was not executed is PENDING, then known not to have happened`,
      async (rig) => {
        rig.market.next(refuse(retcode));
        expect(await rig.open({}, { reqId: 'order' })).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
        expect(await rig.outcome('order')).toMatchObject({
          state: 'EXPIRED',
          status: 'ERROR',
          code: 'TERMINAL_TIMEOUT',
        });
        await expectNothingOpened(rig, 1);
      },
    ),
    behaviour(
      `${retcode} to a new order that was executed is PENDING, then found, and never sent again`,
      async (rig) => {
        rig.market.next({ kind: 'misreport', retcode });
        expect(await rig.open({}, { reqId: 'order' })).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
        const outcome = await rig.outcome('order');
        expect(outcome).toMatchObject({ state: 'DONE', status: 'SUCCESS', data: { volume: 0.1, price: 1.1001 } });
        const [position, ...others] = await rig.truth.positions();
        expect([others, rig.truth.requests()]).toEqual([[], 1]);
        expect((outcome['data'] as Record<string, unknown>)['ticket']).toBe(Number(position?.ticket));
      },
    ),
  ]),

  behaviour('a command of unknown outcome is told in a COMMAND event when it is known', async (rig) => {
    rig.market.next({ kind: 'misreport', retcode: 10012 });
    await rig.open({}, { reqId: 'order' });
    const told = await rig.until('the event', () => rig.events.find(({ event }) => event === 'COMMAND'));
    expect(told.data).toMatchObject({ req_id: 'order', state: 'DONE' });
  }),
];

const ON_CLOSING: readonly Behaviour[] = [
  ...[...REFUSALS, ...SWITCHED_OFF, ...BACK_OFF]
    .filter(({ retcode }) => retcode !== 10036)
    .map(({ retcode, code }) =>
      behaviour(`${retcode} to a close is ERROR ${code}, sent once, and the position stays`, async (rig) => {
        const ticket = await rig.opened();
        rig.market.next(refuse(retcode));
        expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'ERROR', code, retcode });
        expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 2]);
      }),
    ),

  behaviour('10036 to a close is a success: it is closed already', async (rig) => {
    const ticket = await rig.opened();
    rig.market.next(refuse(10036));
    expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({ status: 'SUCCESS', data: { retcode: 10036 } });
    expect(rig.truth.requests()).toBe(2);
  }),

  ...[...FRESH_PRICE, ...REREAD].map((retcode) =>
    behaviour(`${retcode} to a close is tried once more`, async (rig) => {
      const ticket = await rig.opened();
      rig.market.next(refuse(retcode));
      expect(await rig.ask('CLOSE_POSITION', { ticket })).toMatchObject({
        status: 'SUCCESS',
        data: { retcode: 10009 },
      });
      expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 3]);
    }),
  ),

  ...([10012, 10031, 0] as const).flatMap((retcode) => [
    behaviour(`${retcode} to a close that was executed is PENDING, then found`, async (rig) => {
      const ticket = await rig.opened();
      rig.market.next({ kind: 'misreport', retcode });
      const reply = await rig.ask('CLOSE_POSITION', { ticket }, { reqId: 'close' });
      expect(reply).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
      expect(await rig.outcome('close')).toMatchObject({ state: 'DONE', status: 'SUCCESS', data: { volume: 0.1 } });
      expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 2]);
    }),
    behaviour(
      `${retcode} to a close that was not executed is PENDING, then known not to have happened`,
      async (rig) => {
        const ticket = await rig.opened();
        rig.market.next(refuse(retcode));
        const reply = await rig.ask('CLOSE_POSITION', { ticket }, { reqId: 'close' });
        expect(reply).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
        expect(await rig.outcome('close')).toMatchObject({ state: 'EXPIRED', status: 'ERROR' });
        expect([(await rig.truth.positions()).length, rig.truth.requests()]).toEqual([1, 2]);
      },
    ),
  ]),

  behaviour(
    'an ambiguous close on a netting account never becomes an opposite position',
    async (rig) => {
      const ticket = await rig.opened();
      rig.market.next({ kind: 'misreport', retcode: 10012 });
      await rig.ask('CLOSE_POSITION', { ticket }, { reqId: 'close' });
      expect(await rig.outcome('close')).toMatchObject({ state: 'DONE' });
      expect([await rig.truth.positions(), rig.truth.requests()]).toEqual([[], 2]);
    },
    { marginMode: 'NETTING' },
  ),
];

const ON_CHANGING: readonly Behaviour[] = [
  ...REREAD.map((retcode) =>
    behaviour(`${retcode} to a change of stops is tried once more`, async (rig) => {
      const ticket = await rig.opened();
      rig.market.next(refuse(retcode));
      expect(await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 })).toMatchObject({ status: 'SUCCESS' });
      expect(await rig.truth.positions()).toMatchObject([{ sl: 1.09 }]);
      expect(rig.truth.requests()).toBe(3);
    }),
  ),

  ...([10006, 10016, 10029] as const).map((retcode) =>
    behaviour(`${retcode} to a change of stops leaves them as they were`, async (rig) => {
      const ticket = await rig.opened({ sl: 1.08 });
      rig.market.next(refuse(retcode));
      expect(await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 })).toMatchObject({ status: 'ERROR', retcode });
      expect(await rig.truth.positions()).toMatchObject([{ sl: 1.08 }]);
    }),
  ),

  behaviour('10012 to a change of stops that was made is PENDING, then found', async (rig) => {
    const ticket = await rig.opened();
    rig.market.next({ kind: 'misreport', retcode: 10012 });
    const reply = await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 }, { reqId: 'change' });
    expect(reply).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('change')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
    expect(rig.truth.requests()).toBe(2);
  }),

  behaviour('10012 to a cancellation that was made is PENDING, then found', async (rig) => {
    const reply = await rig.open({ type: 'LIMIT', price: 1.05 });
    rig.market.next({ kind: 'misreport', retcode: 10012 });
    const { ticket } = reply.data;
    expect(await rig.ask('CANCEL_ORDER', { ticket }, { reqId: 'cancel' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('cancel')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
    expect([await rig.truth.orders(), rig.truth.requests()]).toEqual([[], 2]);
  }),

  behaviour('10012 to a pending order that was placed is PENDING, then found', async (rig) => {
    rig.market.next({ kind: 'misreport', retcode: 10012 });
    expect(await rig.open({ type: 'LIMIT', price: 1.05 }, { reqId: 'order' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('order')).toMatchObject({ state: 'PLACED', status: 'SUCCESS' });
    expect([(await rig.truth.orders()).length, rig.truth.requests()]).toEqual([1, 1]);
  }),

  behaviour('10012 to a change of a pending order that was made is PENDING, then found', async (rig) => {
    const { data } = await rig.open({ type: 'LIMIT', price: 1.05 });
    rig.market.next({ kind: 'misreport', retcode: 10012 });
    const payload = { ticket: data['ticket'], price: 1.06 };
    expect(await rig.ask('MODIFY_ORDER', payload, { reqId: 'change' })).toMatchObject({ status: 'PENDING' });
    expect(await rig.outcome('change')).toMatchObject({ state: 'DONE', status: 'SUCCESS' });
    expect(await rig.truth.orders()).toMatchObject([{ openPrice: 1.06 }]);
  }),
];

/** Every retcode of MT5, and some that it does not have: what the client is told, and how often the broker is asked. */
export const RETCODES = [...ON_OPENING, ...ON_CLOSING, ...ON_CHANGING];
