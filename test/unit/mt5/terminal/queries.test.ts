import { describe, expect, it } from 'vitest';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import { done, TerminalRig, until } from './rig.ts';

const BIG = '9007199254740993';
const ACCOUNT = [
  ...['account', '5012345', 'MetaQuotes-Demo', 'Jane\tDoe', 'MetaQuotes', 'EUR', '100', 'DEMO', 'HEDGING', '10000.00'],
  ...['0.00', '-12.50', '9987.50', '117.00', '9870.50', '8536.32', '50.00', '30.00', '1', '0', '200'],
];
const SYMBOL = [
  ...['symbol', 'EURUSD.s', 'Euro vs US Dollar', '5', '0.00001', '0.00001', '1.00', '100000.00', '0.01', '500', '0.01'],
  ...['10', '0', 'EUR', 'USD', 'EUR', 'MARKET', 'FOK,IOC', 'FULL', '1'],
];
const POSITION = [
  ...['position', BIG, BIG, 'EURUSD', 'BUY', '0.29000000', '1.17000', '1.17010', '0', '1.2', '2.90', '-0.10'],
  ...['18446744073709551615', 'a\\b~abcdefghijkl', '1767614400123', '1767614400124'],
];
const ORDER_ROW = [
  ...[
    'order',
    BIG,
    'EURUSD',
    'SELL_STOP',
    'PLACED',
    '0.10000000',
    '0.10000000',
    '1.1',
    '1.17',
    '0',
    '0',
    'RETURN',
    '7',
  ],
  ...['c', '0', '1767614400123', '0', '1767700800000'],
];
const DEAL = [
  ...['deal', '3', BIG, '4', 'EURUSD', 'SELL', 'OUT', 'SL', '0.29', '1.1699', '-2.90', '-0.70', '0.00', '7', 'c'],
  '1767614400999',
];
const RECORD = ['record', 'a1b2c3d4-1', 'ENDED', '10009', BIG, '3', BIG, '0.29', '1.17', 'Request completed'];
const BEGUN = ['record', 'a1b2c3d4-2', 'BEGUN', '0', '0', '0', '0', '0', '0', ''];
const ENDED_ORDER = ORDER_ROW.with(4, 'FILLED').with(16, '1767614400500');

async function answering(kind: string, ...lines: readonly (readonly string[])[]) {
  const { rig, program } = await TerminalRig.linked();
  program.answer(kind, () => lines);
  return { rig, program, handler: rig.handler };
}

describe('questions', () => {
  it('give the account', async () => {
    const { handler } = await answering('account', ACCOUNT, ['ok']);
    expect(await handler.account()).toEqual({
      ok: true,
      value: {
        ...{ login: 5012345n, server: 'MetaQuotes-Demo', name: 'Jane\tDoe', company: 'MetaQuotes', currency: 'EUR' },
        ...{ leverage: 100, mode: 'DEMO', marginMode: 'HEDGING', balance: 10000, credit: 0, profit: -12.5 },
        ...{ equity: 9987.5, margin: 117, marginFree: 9870.5, marginLevel: 8536.32, marginCallLevel: 50 },
        ...{ marginStopOutLevel: 30, tradeAllowed: true, tradeExpert: false, limitOrders: 200 },
      },
    });
  });

  it('give specifications, one or all, and NOT_FOUND for a name that is not there', async () => {
    const { handler, program } = await answering('symbols', SYMBOL, SYMBOL.with(17, ''), ['ok']);
    const symbols = await handler.symbols();
    expect(symbols).toMatchObject({ ok: true, value: [{ fillingFlags: ['FOK', 'IOC'] }, { fillingFlags: [] }] });
    program.answer('symbol', ([, , name]) =>
      name === 'EURUSD.s' ? [SYMBOL, ['ok']] : [['refused', 'NOT_FOUND', 'no']],
    );
    expect(await handler.symbol('EURUSD.s')).toEqual({
      ok: true,
      value: {
        ...{ name: 'EURUSD.s', description: 'Euro vs US Dollar', digits: 5, point: 0.00001, tickSize: 0.00001 },
        ...{ tickValue: 1, contractSize: 100000, volumeMin: 0.01, volumeMax: 500, volumeStep: 0.01 },
        ...{ stopsLevelPoints: 10, freezeLevelPoints: 0, currencyBase: 'EUR', currencyProfit: 'USD' },
        ...{ currencyMargin: 'EUR', execution: 'MARKET', fillingFlags: ['FOK', 'IOC'], tradeMode: 'FULL' },
        inMarketWatch: true,
      },
    });
    expect(await handler.symbol('NONE')).toEqual({ ok: false, code: 'NOT_FOUND', message: 'no' });
  });

  it('give positions by the filter, with every ticket exact', async () => {
    const { handler, program } = await answering('positions', POSITION, ['ok']);
    expect(await handler.positions({ symbol: 'EURUSD', ticket: toTicket(BIG), magic: 7n })).toEqual({
      ok: true,
      value: [
        {
          ...{ ticket: BigInt(BIG), identifier: BigInt(BIG), symbol: 'EURUSD', side: 'BUY', volumeLots: 0.29 },
          ...{ openPrice: 1.17, currentPrice: 1.1701, sl: 0, tp: 1.2, profit: 2.9, swap: -0.1 },
          ...{ magic: 18446744073709551615n, comment: 'a\\b~abcdefghijkl' },
          ...{ openedAtMs: 1767614400123, updatedAtMs: 1767614400124 },
        },
      ],
    });
    await handler.positions();
    const asked = program.lines.filter(([, kind]) => kind === 'positions').map((line) => line.slice(2));
    expect(asked).toEqual([
      ['EURUSD', BIG, '7'],
      ['', '', ''],
    ]);
  });

  it('give pending orders', async () => {
    const { handler } = await answering('orders', ORDER_ROW, ['ok']);
    expect(await handler.orders()).toEqual({
      ok: true,
      value: [
        {
          ...{ ticket: BigInt(BIG), symbol: 'EURUSD', type: 'SELL_STOP', state: 'PLACED', volumeInitialLots: 0.1 },
          ...{ volumeCurrentLots: 0.1, openPrice: 1.1, currentPrice: 1.17, sl: 0, tp: 0, filling: 'RETURN', magic: 7n },
          ...{ comment: 'c', position: 0n, setupAtMs: 1767614400123, doneAtMs: 0, expirationMs: 1767700800000 },
        },
      ],
    });
  });

  it('give the history, and no half of it', async () => {
    const { handler, program } = await answering('history', ENDED_ORDER, DEAL, ['ok', '1']);
    expect(await handler.history(1_000.5, 2_000.5)).toMatchObject({
      ok: true,
      value: {
        orders: [{ state: 'FILLED', doneAtMs: 1767614400500 }],
        deals: [{ ticket: 3n, order: BigInt(BIG), entry: 'OUT', reason: 'SL', commission: -0.7, atMs: 1767614400999 }],
      },
    });
    expect((await program.request('history')).slice(2)).toEqual(['1000', '2001']);
    program.answer('history', () => [DEAL, ['ok', '0']]);
    expect(await handler.history(0, 1)).toMatchObject({ ok: false, code: 'TERMINAL_TIMEOUT' });
  });

  it('give the last tick and candles', async () => {
    const { handler, program } = await answering('tick', ['tick', 'EURUSD', '1.1', '1.2', '0', '0', '5', '6'], ['ok']);
    expect(await handler.tick('EURUSD')).toEqual({
      ok: true,
      value: { symbol: 'EURUSD', bid: 1.1, ask: 1.2, last: 0, volume: 0, timeMsc: 5, flags: 6 },
    });
    program.answer('tick', () => [['ok']]);
    expect(await handler.tick('EURUSD')).toMatchObject({ ok: false, code: 'NOT_FOUND' });
    program.answer('candles', () => [['candle', '60000', '1', '4', '0.5', '2', '100', '3', '0'], ['ok']]);
    expect(await handler.candles('EURUSD', 'M1', 1)).toEqual({
      ok: true,
      value: [
        { openedAtMs: 60000, open: 1, high: 4, low: 0.5, close: 2, tickVolume: 100, spreadPoints: 3, realVolume: 0 },
      ],
    });
    expect((await program.request('candles')).slice(2)).toEqual(['EURUSD', 'M1', '1']);
  });

  it('find all that carries a tag, sorted by what it is', async () => {
    const { handler } = await answering('find', POSITION, ORDER_ROW, ENDED_ORDER, DEAL, RECORD, BEGUN, ['ok', '0']);
    const found = await handler.find('abcdefghijkl');
    expect(found).toMatchObject({
      ok: true,
      value: {
        complete: false,
        positions: [{ comment: 'a\\b~abcdefghijkl' }],
        pending: [{ state: 'PLACED' }],
        orders: [{ state: 'FILLED' }],
        deals: [{ ticket: 3n }],
        recorded: [{ result: { retcode: 10009, order: BigInt(BIG), position: BigInt(BIG) } }, { result: null }],
      },
    });
  });

  it('take no more than 5 s', async () => {
    const { rig, handler, program } = await answering('account');
    const asked = handler.account();
    const [id] = await program.request('account');
    for (let beat = 0; beat < 5; beat += 1) {
      rig.tellState(program);
      await rig.clock.advance(1_000);
    }
    expect(await asked).toMatchObject({ ok: false, code: 'TERMINAL_TIMEOUT' });
    program.write(id!, 'ok');
    await until(() => handler.stats().lateReplies === 1);
  });

  it('end when the link does, and are not asked without one', async () => {
    const { rig, handler, program } = await answering('account');
    const asked = handler.account();
    await program.request('account');
    program.close();
    expect(await asked).toEqual({
      ok: false,
      code: 'TERMINAL_DISCONNECTED',
      message: 'the terminal program closed the link',
    });
    expect(await rig.handler.positions()).toMatchObject({ ok: false, code: 'TERMINAL_DISCONNECTED' });
  });

  it.each([
    ['a number', [POSITION.with(5, 'nan'), ['ok']]],
    ['an enumeration', [POSITION.with(4, 'UP'), ['ok']]],
    ['a missing field', [POSITION.slice(0, 15), ['ok']]],
    ['another kind of row', [DEAL, ['ok']]],
    ['a refusal of another kind', [['refused', 'BUSY', 'loading']]],
    ['an end of another kind', [done(10009)]],
  ])('are not answered by less than was asked for: %s', async (_, lines) => {
    const { handler } = await answering('positions', ...lines);
    expect(await handler.positions()).toMatchObject({ ok: false, code: 'TERMINAL_TIMEOUT' });
  });

  it('ignore fields that came with a newer program', async () => {
    const { handler } = await answering('positions', [...POSITION, 'new'], ['ok', 'newer']);
    expect(await handler.positions()).toMatchObject({ ok: true, value: [{ symbol: 'EURUSD' }] });
  });
});
