import { beforeEach, describe, expect, it } from 'vitest';
import type { NewOrder } from '../../../../main/mt5/market.ts';
import { retcodeName } from '../../../../main/mt5/retcodes.ts';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import { answer, anOrder } from '../../../fakes/paper-orders.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

let rig: PaperRig;

beforeEach(async () => {
  rig = await PaperRig.start();
});

/** EURUSD stands at 1.10000 / 1.10010 and wants stops 10 points away. */
async function outcomeOf(order: Partial<NewOrder>): Promise<string> {
  return retcodeName((await rig.send(order)).retcode);
}

describe('the volume of an order', () => {
  it.each([0.01, 0.29, 0.57, 0.1 + 0.2, 1])('may be %d lots', async (volumeLots) => {
    expect(await outcomeOf({ volumeLots })).toBe('DONE');
  });

  it.each([0, -0.01, 0.005, 0.015, 0.295, 100.01, NaN, Infinity])('may not be %d lots (10014)', async (volumeLots) => {
    expect(await outcomeOf({ volumeLots })).toBe('INVALID_VOLUME');
  });

  it('is refused with the step in the message', async () => {
    expect((await rig.send({ volumeLots: 0.015 })).message).toContain(
      '0.015 is not a volume from 0.01 to 100.00 in steps of 0.01',
    );
  });

  it('is kept without the dust of binary sums', async () => {
    await rig.send({ volumeLots: 0.1 + 0.2 });
    expect((await rig.positions())[0]?.volumeLots).toBe(0.3);
  });

  it('may not lift one side of a symbol above its limit, pending orders included (10034)', async () => {
    const pending = { symbol: 'BTCUSD', type: 'LIMIT', price: 80_000, volumeLots: 10 } as const;
    expect(await outcomeOf(pending)).toBe('PLACED');
    expect(await outcomeOf(pending)).toBe('PLACED');
    expect(await outcomeOf(pending)).toBe('LIMIT_VOLUME');
    expect(await outcomeOf({ ...pending, side: 'SELL', price: 100_000 })).toBe('PLACED');
  });
});

describe('the price of a pending order', () => {
  it.each([
    ['BUY', 'LIMIT', 1.1],
    ['SELL', 'LIMIT', 1.1001],
    ['BUY', 'STOP', 1.1002],
    ['SELL', 'STOP', 1.0999],
  ] as const)('of %s %s may stand at %d, the stops level away on its own side', async (side, type, price) => {
    expect(await outcomeOf({ side, type, price })).toBe('PLACED');
  });

  it.each([
    ['BUY', 'LIMIT', 1.10001],
    ['BUY', 'LIMIT', 1.2],
    ['SELL', 'LIMIT', 1.10009],
    ['SELL', 'LIMIT', 1.0],
    ['BUY', 'STOP', 1.10019],
    ['BUY', 'STOP', 1.0],
    ['SELL', 'STOP', 1.09991],
    ['SELL', 'STOP', 1.2],
  ] as const)('of %s %s may not stand at %d (10015)', async (side, type, price) => {
    expect(await outcomeOf({ side, type, price })).toBe('INVALID_PRICE');
  });

  it('is required', async () => {
    expect(await outcomeOf({ type: 'LIMIT' })).toBe('INVALID_PRICE');
  });

  it('is brought to the digits of the symbol', async () => {
    await rig.send({ type: 'LIMIT', price: 1.090004 });
    expect((await rig.orders())[0]?.openPrice).toBe(1.09);
  });
});

describe('the stops of an order', () => {
  it.each([
    ['a buy', { side: 'BUY', sl: 1.0999, tp: 1.1001 }],
    ['a sell', { side: 'SELL', sl: 1.1002, tp: 1.1 }],
    ['a buy limit, from its own price', { type: 'LIMIT', price: 1.09, sl: 1.0899, tp: 1.0901 }],
    ['a sell stop, from its own price', { side: 'SELL', type: 'STOP', price: 1.09, sl: 1.0901, tp: 1.0899 }],
  ] as const)('may stand the stops level away for %s', async (_, order) => {
    expect(await outcomeOf(order)).toMatch(/DONE|PLACED/);
  });

  it.each([
    ['a buy with its stop loss too near', { sl: 1.09991 }],
    ['a buy with its stop loss above', { sl: 1.2 }],
    ['a buy with its take profit too near', { tp: 1.10009 }],
    ['a buy with its take profit below', { tp: 1.0 }],
    ['a sell with its stop loss below', { side: 'SELL', sl: 1.0 }],
    ['a sell with its take profit above', { side: 'SELL', tp: 1.2 }],
    ['a buy limit with its stop loss above its price', { type: 'LIMIT', price: 1.09, sl: 1.095 }],
  ] as const)('are refused for %s (10016)', async (_, order) => {
    expect(await outcomeOf(order)).toBe('INVALID_STOPS');
  });

  it.each([{ sl: -1 }, { tp: NaN }])('are refused where they are no price (10013): %o', async (stops) => {
    expect(await outcomeOf(stops)).toBe('INVALID');
  });
});

describe('an order', () => {
  it('needs margin: with 10,000 dollars at 1:100 there is enough for nine lots of EURUSD, not for ten (10019)', async () => {
    expect(await outcomeOf({ volumeLots: 10 })).toBe('NO_MONEY');
    expect(await outcomeOf({ volumeLots: 9 })).toBe('DONE');
    expect(await outcomeOf({ volumeLots: 0.1 })).toBe('NO_MONEY');
  });

  it('against an open position needs no further margin, as one side is hedged', async () => {
    await rig.send({ volumeLots: 9 });
    rig.quote('EURUSD', 1.0998, 1.0999);
    expect((await rig.account()).marginFree).toBeLessThan(0);
    expect(await outcomeOf({ side: 'SELL', volumeLots: 9 })).toBe('DONE');
  });

  it('may not expire in the past (10022), and a market order does not expire', async () => {
    const nowMs = rig.clock.nowMs();
    expect(await outcomeOf({ type: 'LIMIT', price: 1.09, expirationMs: nowMs })).toBe('INVALID_EXPIRATION');
    expect(await outcomeOf({ type: 'LIMIT', price: 1.09, expirationMs: nowMs + 1 })).toBe('PLACED');
    expect(await outcomeOf({ expirationMs: nowMs - 1 })).toBe('DONE');
  });

  it('of an unknown symbol is refused and names it (10013)', async () => {
    const result = await rig.send({ symbol: 'NOSUCH' });
    expect([retcodeName(result.retcode), result.message]).toEqual(['INVALID', expect.stringContaining('NOSUCH')]);
  });

  it('has a comment of at most 31 characters (10013)', async () => {
    expect(await outcomeOf({ comment: 'x'.repeat(31) })).toBe('DONE');
    expect(await outcomeOf({ comment: 'x'.repeat(32) })).toBe('INVALID');
  });

  it('is refused while the market of its symbol is closed (10018), and only there', async () => {
    rig.terminal.inject({ closedMarkets: ['EURUSD'] });
    expect(await outcomeOf({})).toBe('MARKET_CLOSED');
    expect(await outcomeOf({ symbol: 'USDJPY' })).toBe('DONE');
  });

  it.each([
    ['DISABLED', 'BUY', 'TRADE_DISABLED'],
    ['CLOSEONLY', 'BUY', 'CLOSE_ONLY'],
    ['LONGONLY', 'SELL', 'LONG_ONLY'],
    ['LONGONLY', 'BUY', 'DONE'],
    ['SHORTONLY', 'BUY', 'SHORT_ONLY'],
    ['SHORTONLY', 'SELL', 'DONE'],
  ] as const)('on a %s symbol to %s ends as %s', async (mode, side, outcome) => {
    rig.terminal.inject({ tradeModes: { EURUSD: mode } });
    expect(await outcomeOf({ side })).toBe(outcome);
  });

  it('is one too many after 200 pending ones (10033)', async () => {
    for (let count = 0; count < 200; count += 1) await rig.send({ type: 'LIMIT', price: 1, volumeLots: 0.01 });
    expect(await outcomeOf({ type: 'LIMIT', price: 1 })).toBe('LIMIT_ORDERS');
    expect(await outcomeOf({ volumeLots: 0.01 })).toBe('DONE');
  });

  it('is refused while AutoTrading is off (10027), with where to switch it on', async () => {
    rig.terminal.inject({ switchesOff: ['TERMINAL_TRADE_ALLOWED'] });
    const { retcode, message } = await rig.send();
    expect([retcodeName(retcode), message]).toEqual([
      'CLIENT_DISABLES_AT',
      expect.stringContaining('TERMINAL_TRADE_ALLOWED'),
    ]);
  });

  it.each([
    ['TERMINAL_TRADE_ALLOWED', 'CLIENT_DISABLES_AT'],
    ['MQL_TRADE_ALLOWED', 'CLIENT_DISABLES_AT'],
    ['ACCOUNT_TRADE_ALLOWED', 'TRADE_DISABLED'],
    ['ACCOUNT_TRADE_EXPERT', 'SERVER_DISABLES_AT'],
  ] as const)('is refused while %s is off, with its name: %s', async (name, refused) => {
    rig.terminal.inject({ switchesOff: [name] });
    expect(rig.terminal.state().tradingBlockedBy).toEqual([name]);
    const { retcode, message } = await rig.send();
    expect([retcodeName(retcode), message]).toEqual([refused, expect.stringContaining(name)]);
    rig.terminal.inject({ switchesOff: [] });
    expect(await outcomeOf({})).toBe('DONE');
  });

  it('that is refused leaves nothing behind', async () => {
    const before = await rig.everything();
    const written = rig.journal();
    await rig.send({ volumeLots: 10 });
    await rig.send({ sl: 1.2 });
    expect(await rig.everything()).toEqual(before);
    expect(rig.journal()).toBe(written);
  });
});

describe('a check', () => {
  it('answers what sending would, and sends nothing', async () => {
    const checked = [];
    for (const order of [{}, { volumeLots: 0.015 }, { type: 'LIMIT', price: 1.09 }, { volumeLots: 10 }] as const) {
      checked.push(retcodeName((await answer(rig.terminal.check(anOrder(order)))).retcode));
    }
    expect(checked).toEqual(['DONE', 'INVALID_VOLUME', 'PLACED', 'NO_MONEY']);
    expect(rig.transactions).toEqual([]);
  });
});

describe('closing', () => {
  it('of a position that is not there is refused and opens nothing (10036)', async () => {
    const { position } = await rig.send();
    expect(retcodeName((await rig.close(position)).retcode)).toBe('DONE');
    expect(retcodeName((await rig.close(position)).retcode)).toBe('POSITION_CLOSED');
    expect(retcodeName((await rig.close(toTicket(424_242n))).retcode)).toBe('POSITION_CLOSED');
    expect(await rig.positions()).toEqual([]);
  });

  it.each([
    [0.11, 'INVALID_CLOSE_VOLUME'],
    [0.005, 'INVALID_VOLUME'],
    [0.015, 'INVALID_VOLUME'],
    [0, 'INVALID_VOLUME'],
    [NaN, 'INVALID_VOLUME'],
    [0.04, 'DONE'],
    [0.1, 'DONE'],
  ])('of %d of 0.1 lots ends as %s', async (volumeLots, outcome) => {
    const { position } = await rig.send({ volumeLots: 0.1 });
    expect(retcodeName((await rig.close(position, { volumeLots })).retcode)).toBe(outcome);
  });

  it('under the name of another symbol is refused (10013)', async () => {
    const { position } = await rig.send();
    expect(retcodeName((await rig.close(position, { symbol: 'GBPUSD' })).retcode)).toBe('INVALID');
  });

  it('works on a symbol that may only be closed, and not on one whose market is closed (10018)', async () => {
    const { position } = await rig.send();
    rig.terminal.inject({ closedMarkets: ['EURUSD'] });
    expect(retcodeName((await rig.close(position)).retcode)).toBe('MARKET_CLOSED');
    rig.terminal.inject({ closedMarkets: [], tradeModes: { EURUSD: 'CLOSEONLY' } });
    expect(retcodeName((await rig.close(position)).retcode)).toBe('DONE');
  });
});
