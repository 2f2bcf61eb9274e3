import { describe, expect, it } from 'vitest';
import type { BrokerSymbol, RawTradeRequest } from '../../../mql5/broker/broker-types.ts';
import { ORDER_FILLING, ORDER_TIME, ORDER_TYPE } from '../../../mql5/broker/mql5-enums.ts';
import { aBroker, retcodeOf, sent } from './brokers.ts';
import { aClose, aCloseBy, aDeal, anOrderChange, aPending, aRemoval, aStopChange } from './requests.ts';

const { BUY, SELL, BUY_LIMIT, BUY_STOP, SELL_LIMIT, SELL_STOP } = ORDER_TYPE;
const { FOK, IOC, RETURN, BOC } = ORDER_FILLING;
const US500 = { symbol: 'US500', volumeLots: 0.5 };

type Row = readonly [name: string, request: RawTradeRequest, retcode: number];

const DEALS: readonly Row[] = [
  ['Market execution with a filling of its flags', aDeal(), 10009],
  ['FOK where only IOC is a flag', aDeal({ filling: FOK }), 10030],
  ['RETURN with Market execution', aDeal({ filling: RETURN }), 10030],
  ['IOC where only FOK is a flag', aDeal({ symbol: 'XAUUSD', filling: IOC }), 10030],
  ['RETURN with Exchange execution', aDeal({ symbol: 'BTCUSD', filling: RETURN }), 10009],
  ['BOC for a deal', aDeal({ filling: BOC }), 10030],
  ['a filling that does not exist', aDeal({ filling: 9 }), 10030],
  ['RETURN with Instant execution', aDeal({ symbol: 'GBPUSD', price: 1.3002, filling: RETURN }), 10009],
  ['Instant execution without a price', aDeal({ symbol: 'GBPUSD' }), 10015],
  ['Instant execution inside the deviation', aDeal({ symbol: 'GBPUSD', price: 1.3001, deviationPoints: 10 }), 10009],
  ['Instant execution outside the deviation', aDeal({ symbol: 'GBPUSD', price: 1.3001, deviationPoints: 9 }), 10004],
  ['Market execution with any price', aDeal({ price: 0.5, deviationPoints: 0 }), 10009],
  ['0.29 lots at a step of 0.01', aDeal({ volumeLots: 0.29 }), 10009],
  ['a volume that is off the step', aDeal({ volumeLots: 0.015 }), 10014],
  ['a volume below the least', aDeal({ ...US500, volumeLots: 0.4 }), 10014],
  ['the least volume at a step of 0.1', aDeal(US500), 10009],
  ['0.7 lots at a step of 0.1', aDeal({ ...US500, volumeLots: 0.7 }), 10009],
  ['0.75 lots at a step of 0.1', aDeal({ ...US500, volumeLots: 0.75 }), 10014],
  ['a volume above the most', aDeal({ volumeLots: 100.01 }), 10014],
  ['no volume', aDeal({ volumeLots: 0 }), 10014],
  ['a volume that is no number', aDeal({ volumeLots: Number.NaN }), 10014],
  ['more than the money allows', aDeal({ volumeLots: 95 }), 10019],
  ['a symbol that is not there', aDeal({ symbol: 'NOPE' }), 10013],
  ['an action that is not there', aDeal({ action: 2 }), 10013],
  ['a pending type in a deal', aDeal({ type: BUY_LIMIT }), 10035],
  ['a position that is not there', aClose(9_999n), 10036],
];
// EURUSD stands at 1.10000/1.10010, stops at least 10 points away from what a position is closed at.
const STOPS: readonly Row[] = [
  ['a buy with stops far enough', aDeal({ sl: 1.0999, tp: 1.1001 }), 10009],
  ['a buy with its stop loss too near', aDeal({ sl: 1.09991 }), 10016],
  ['a buy with its stop loss above', aDeal({ sl: 1.2 }), 10016],
  ['a buy with its take profit too near', aDeal({ tp: 1.10009 }), 10016],
  ['a buy with its take profit below', aDeal({ tp: 1.05 }), 10016],
  ['a sell with stops far enough', aDeal({ type: SELL, sl: 1.1002, tp: 1.1 }), 10009],
  ['a sell with its stop loss too near the ask', aDeal({ type: SELL, sl: 1.10019 }), 10016],
  ['a stop that is not on the digits', aDeal({ sl: 1.090001 }), 10016],
  ['a stop that is no number', aDeal({ sl: Number.NaN }), 10016],
];
const PENDINGS: readonly Row[] = [
  ['a buy limit below the ask', aPending({ price: 1.1 }), 10009],
  ['a buy limit too near', aPending({ price: 1.10001 }), 10015],
  ['a buy limit above', aPending({ price: 1.11 }), 10015],
  ['a sell limit above the bid', aPending({ type: SELL_LIMIT, price: 1.1001 }), 10009],
  ['a sell limit below', aPending({ type: SELL_LIMIT, price: 1.09 }), 10015],
  ['a buy stop above the ask', aPending({ type: BUY_STOP, price: 1.1002 }), 10009],
  ['a buy stop below', aPending({ type: BUY_STOP, price: 1.09 }), 10015],
  ['a sell stop below the bid', aPending({ type: SELL_STOP, price: 1.0999 }), 10009],
  ['a sell stop above', aPending({ type: SELL_STOP, price: 1.2 }), 10015],
  ['a price that is not on the digits', aPending({ price: 1.090005 }), 10015],
  ['no price', aPending({ price: 0 }), 10015],
  ['stops that are right for its own price', aPending({ sl: 1.0899, tp: 1.0901 }), 10009],
  ['a stop loss too near its own price', aPending({ sl: 1.08991 }), 10016],
  ['a market type', aPending({ type: BUY }), 10035],
  ['a stop limit, which the symbol does not take', aPending({ type: ORDER_TYPE.BUY_STOP_LIMIT }), 10035],
  ['IOC where it is a flag', aPending({ filling: IOC }), 10009],
  ['FOK where it is none', aPending({ filling: FOK }), 10030],
  ['an expiration that has passed', aPending({ timeType: ORDER_TIME.SPECIFIED, expirationS: 1 }), 10022],
  ['a lifetime that the symbol does not take', aPending({ timeType: ORDER_TIME.SPECIFIED_DAY }), 10022],
  ['an expiration that GTC makes nothing of', aPending({ expirationS: 1 }), 10009],
  ['an unknown order to change', anOrderChange(9_999n, 1.08), 10013],
  ['an unknown order to remove', aRemoval(9_999n), 10013],
];

describe.each([
  ['deals', DEALS],
  ['stops of a deal', STOPS],
  ['pending orders', PENDINGS],
] as const)('the rules for %s', (_, rows) => {
  it.each(rows)('%s', async (_name, request, retcode) => {
    const broker = await aBroker();
    expect(await retcodeOf(broker, request)).toBe(retcode);
    const isAccepted = retcode === 10009;
    expect(broker.positions.length + broker.orders.length).toBe(isAccepted ? 1 : 0);
  });
});

describe('the rules for closing', () => {
  it.each<Row>([
    ['the whole position', aClose(1_001n), 10009],
    ['a part of it', aClose(1_001n, { volumeLots: 0.01 }), 10009],
    ['more than there is', aClose(1_001n, { volumeLots: 0.11 }), 10038],
    ['with a type that would open more', aClose(1_001n, { type: BUY }), 10035],
    ['under another symbol', aClose(1_001n, { symbol: 'USDJPY' }), 10013],
    ['a volume off the step', aClose(1_001n, { volumeLots: 0.015 }), 10014],
  ])('%s', async (_, request, retcode) => {
    const broker = await aBroker();
    await sent(broker, aDeal());
    expect(await retcodeOf(broker, request)).toBe(retcode);
  });

  it('closes a whole position that is smaller than the least volume of today', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    broker.setSymbol('EURUSD', { volumeMin: 1 });
    expect(await retcodeOf(broker, aClose(order, { volumeLots: 0.05 }))).toBe(10014);
    expect(await retcodeOf(broker, aClose(order))).toBe(10009);
  });

  it('refuses a second close with 10039 while the first is placed and not dealt yet', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    broker.next({ kind: 'place-first' });
    expect(await retcodeOf(broker, aClose(order))).toBe(10008);
    expect(await retcodeOf(broker, aClose(order))).toBe(10039);
  });

  it('tells a position that has been closed with 10036', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    await sent(broker, aClose(order));
    expect(await retcodeOf(broker, aClose(order))).toBe(10036);
    expect(await retcodeOf(broker, aStopChange(order, 1.09, 0))).toBe(10036);
  });
});

describe('the rules for a trade mode', () => {
  it.each<readonly [BrokerSymbol['tradeMode'], number, number, number]>([
    ['DISABLED', 10017, 10017, 10017],
    ['LONGONLY', 10009, 10042, 10009],
    ['SHORTONLY', 10043, 10009, 10009],
    ['CLOSEONLY', 10044, 10044, 10009],
    ['FULL', 10009, 10009, 10009],
  ])('%s', async (tradeMode, buy, sell, close) => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    broker.setSymbol('EURUSD', { tradeMode });
    expect(await retcodeOf(broker, aDeal())).toBe(buy);
    expect(await retcodeOf(broker, aDeal({ type: SELL }))).toBe(sell);
    expect(await retcodeOf(broker, aPending({ type: SELL_STOP, price: 1.09 }))).toBe(sell);
    expect(await retcodeOf(broker, aClose(order))).toBe(close);
  });

  it('lets a netting account close by an opposite deal where only closing is allowed, and no more than that', async () => {
    const broker = await aBroker({ marginMode: 'NETTING' });
    await sent(broker, aDeal());
    broker.setSymbol('EURUSD', { tradeMode: 'CLOSEONLY' });
    expect(await retcodeOf(broker, aDeal({ type: SELL, volumeLots: 0.2 }))).toBe(10044);
    expect(await retcodeOf(broker, aDeal({ type: SELL }))).toBe(10009);
  });
});

describe('the rules for changes', () => {
  it('answers 10025 when nothing changes', async () => {
    const broker = await aBroker();
    const { order: position } = await sent(broker, aDeal({ sl: 1.09 }));
    const { order } = await sent(broker, aPending());
    expect(await retcodeOf(broker, aStopChange(position, 1.09, 0))).toBe(10025);
    expect(await retcodeOf(broker, anOrderChange(order, 1.09))).toBe(10025);
  });

  it('holds only a stop that moves against the market', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal({ sl: 1.0999 }));
    broker.quote('EURUSD', 1.09995, 1.10005);
    expect(await retcodeOf(broker, aStopChange(order, 1.0999, 1.2))).toBe(10009);
    expect(await retcodeOf(broker, aStopChange(order, 1.09991, 1.2))).toBe(10016);
  });

  it('needs the position’s own symbol, and on a hedging account its ticket', async () => {
    const broker = await aBroker();
    const { order } = await sent(broker, aDeal());
    expect(await retcodeOf(broker, aStopChange(order, 1.09, 0, { symbol: 'USDJPY' }))).toBe(10013);
    expect(await retcodeOf(broker, aStopChange(0n, 1.09, 0))).toBe(10013);
  });

  it('finds a netting position by its symbol', async () => {
    const broker = await aBroker({ marginMode: 'NETTING' });
    await sent(broker, aDeal());
    expect(await retcodeOf(broker, aStopChange(0n, 1.09, 0))).toBe(10009);
    expect(broker.positions[0]).toMatchObject({ sl: 1.09 });
  });

  it('moves a pending order with its stops and lifetime, and makes it GTC when no lifetime is named', async () => {
    const broker = await aBroker();
    const expirationS = Math.floor(Date.now() / 1_000) + 7_200 + 600;
    const { order } = await sent(broker, aPending({ timeType: ORDER_TIME.SPECIFIED, expirationS }));
    expect(broker.orders[0]).toMatchObject({ timeType: 'SPECIFIED', expirationS });
    expect(await retcodeOf(broker, anOrderChange(order, 1.08, { sl: 1.07 }))).toBe(10009);
    expect(broker.orders[0]).toMatchObject({ priceOpen: 1.08, sl: 1.07, timeType: 'GTC', expirationS: 0 });
  });

  it('refuses what is inside the freeze level with 10029', async () => {
    const broker = await aBroker();
    const symbol = 'GBPUSD';
    const { order: position } = await sent(broker, aDeal({ symbol, price: 1.3002, sl: 1.2995 }));
    const { order } = await sent(broker, aPending({ symbol, price: 1.299 }));
    broker.quote(symbol, 1.29955, 1.29955);
    expect(await retcodeOf(broker, aClose(position, { symbol, price: 1.29955 }))).toBe(10029);
    expect(await retcodeOf(broker, aStopChange(position, 1.29, 0, { symbol }))).toBe(10029);
    broker.quote(symbol, 1.2996, 1.29904);
    expect(await retcodeOf(broker, aRemoval(order))).toBe(10029);
    expect(await retcodeOf(broker, anOrderChange(order, 1.28))).toBe(10029);
  });
});

describe('the rules for the market and the account', () => {
  it('refuses everything while the market is closed with 10018', async () => {
    const broker = await aBroker();
    const { order: position } = await sent(broker, aDeal());
    const { order } = await sent(broker, aPending());
    broker.closeMarket('EURUSD');
    const requests = [aDeal(), aPending(), aClose(position), aStopChange(position, 1.09, 0)];
    for (const request of [...requests, anOrderChange(order, 1.08), aRemoval(order)]) {
      expect(await retcodeOf(broker, request)).toBe(10018);
    }
    broker.openMarket('EURUSD');
    expect(await retcodeOf(broker, aRemoval(order))).toBe(10009);
  });

  it.each([
    ['TERMINAL_CONNECTED', 10031, 4756],
    ['TERMINAL_TRADE_ALLOWED', 10027, 4752],
    ['MQL_TRADE_ALLOWED', 10027, 4752],
    ['ACCOUNT_TRADE_ALLOWED', 10017, 4756],
    ['ACCOUNT_TRADE_EXPERT', 10026, 4756],
  ] as const)('refuses a program while %s is off', async (name, retcode, lastError) => {
    const broker = await aBroker();
    broker.setSwitch(name, false);
    expect(await broker.send(aDeal())).toMatchObject({ isTrue: false, lastError, result: { retcode } });
    broker.setSwitch(name, true);
    expect(await broker.send(aDeal())).toMatchObject({ isTrue: true, lastError: 0, result: { retcode: 10009 } });
  });

  it('has no price for a symbol outside Market Watch', async () => {
    const broker = await aBroker();
    broker.setSymbol('USDJPY', { selected: false });
    expect(await retcodeOf(broker, aDeal({ symbol: 'USDJPY' }))).toBe(10021);
  });

  it('keeps to the limits of orders and of volume', async () => {
    const broker = await aBroker();
    broker.setAccount({ limitOrders: 1 });
    broker.setSymbol('EURUSD', { volumeLimitLots: 0.3 });
    expect(await retcodeOf(broker, aPending())).toBe(10009);
    expect(await retcodeOf(broker, aPending())).toBe(10033);
    expect(await retcodeOf(broker, aDeal({ volumeLots: 0.21 }))).toBe(10034);
    expect(await retcodeOf(broker, aDeal({ volumeLots: 0.2 }))).toBe(10009);
    expect(await retcodeOf(broker, aDeal({ type: SELL, volumeLots: 0.3 }))).toBe(10009);
  });

  it('needs no money for what lessens the margin in use', async () => {
    const broker = await aBroker({ marginMode: 'NETTING', balance: 1_200 });
    expect(await retcodeOf(broker, aDeal({ volumeLots: 1 }))).toBe(10009);
    expect(await retcodeOf(broker, aDeal({ volumeLots: 0.1 }))).toBe(10019);
    expect(await retcodeOf(broker, aDeal({ type: SELL, volumeLots: 0.5 }))).toBe(10009);
  });

  it('refuses to close positions by each other on a netting account, of one side, or without the other', async () => {
    const netting = await aBroker({ marginMode: 'NETTING' });
    await sent(netting, aDeal());
    expect(await retcodeOf(netting, aCloseBy(1_001n, 1_002n))).toBe(10013);
    const hedging = await aBroker();
    const { order: first } = await sent(hedging, aDeal());
    const { order: second } = await sent(hedging, aDeal());
    expect(await retcodeOf(hedging, aCloseBy(first, second))).toBe(10013);
    expect(await retcodeOf(hedging, aCloseBy(first, 9_999n))).toBe(10036);
  });
});

describe('OrderCheck', () => {
  it('tells what the account would look like, with code 0, and changes nothing', async () => {
    const broker = await aBroker();
    const check = broker.check(aDeal({ volumeLots: 1 }));
    expect(check).toMatchObject({ retcode: 0, margin: 1_100.1, marginFree: 98_899.9, comment: 'Done' });
    expect(broker.positions).toEqual([]);
    expect(broker.requests).toEqual([]);
  });

  it('gives the code that OrderSend would, but no requote', async () => {
    const broker = await aBroker();
    expect(broker.check(aDeal({ filling: FOK }))).toMatchObject({
      retcode: 10030,
      comment: 'Unsupported filling mode',
    });
    expect(broker.check(aDeal({ symbol: 'GBPUSD', price: 1, deviationPoints: 0 }))).toMatchObject({ retcode: 0 });
    expect(broker.check(aDeal({ symbol: 'NOPE' }))).toMatchObject({ retcode: 10013 });
  });
});
