import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';
import { rowsOf, ticketOf } from '../behaviour-rig.ts';

const SYMBOLS = ['BTCUSD', 'EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD'];
const DAY_S = 86_400;
const nowS = () => Date.now() / 1_000;

/** What can be asked, and what the answers say. */
export const ASKING = [
  behaviour('HEARTBEAT tells mode, account and that the terminal is connected', async (rig) => {
    const reply = await rig.ask('HEARTBEAT');
    const { accountMode } = rig.terms;
    expect(reply.data).toMatchObject({ status: 'alive', terminal_connected: true, mode: 'TRADING' });
    expect(reply.data).toMatchObject({ account_mode: accountMode });
  }),

  behaviour('HEARTBEAT with a lease is granted, and BYE ends it without a halt', async (rig) => {
    expect((await rig.ask('HEARTBEAT', { lease_s: 1, on_expiry: 'halt' })).data).toMatchObject({ lease_s: 1 });
    expect(await rig.ask('BYE')).toMatchObject({ status: 'SUCCESS' });
    await rig.pause(1_200);
    expect(rig.mode).toBe('TRADING');
  }),

  behaviour('a lease that runs out halts and flattens at the broker', async (rig) => {
    await rig.opened();
    await rig.ask('HEARTBEAT', { lease_s: 1, on_expiry: 'halt_flatten' });
    await rig.until('the flatten', async () => (await rig.truth.positions()).length === 0);
    expect(rig.mode).toBe('HALTED');
  }),

  behaviour(
    'GET_ACCOUNT_INFO of an account without positions: equity is balance, and no margin is in use',
    async (rig) => {
      const { data } = await rig.ask('GET_ACCOUNT_INFO');
      expect(data).toMatchObject({
        balance: 10_000,
        equity: 10_000,
        margin: 0,
        profit: 0,
        currency: 'USD',
        leverage: 100,
      });
      expect(data).toMatchObject({ trade_allowed: true, trade_expert: true, margin_mode: 2 });
      expect(String(data['login'])).toBe(rig.terms.login);
    },
  ),

  behaviour(
    'GET_ACCOUNT_INFO says that an account nets',
    async (rig) => {
      expect((await rig.ask('GET_ACCOUNT_INFO')).data).toMatchObject({ margin_mode: 0 });
    },
    { marginMode: 'NETTING' },
  ),

  behaviour('GET_ACCOUNT_INFO shows margin and profit of what is open', async (rig) => {
    await rig.opened({ volume: 1 });
    await rig.market.quote('EURUSD', 1.101, 1.1011);
    // 100,000 units from 1.1001 to 1.1010; a terminal reckons in its own time.
    const data = await rig.until('the profit', async () => {
      const answer = await rig.ask('GET_ACCOUNT_INFO');
      return answer.data['profit'] === 90 ? answer.data : null;
    });
    expect(data).toMatchObject({ balance: 10_000, equity: 10_090 });
    expect(data['margin']).toBeGreaterThan(1_000);
    expect(data['margin_free']).toBeCloseTo(10_090 - Number(data['margin']), 2);
  }),

  behaviour('GET_SYMBOLS lists what can be traded', async (rig) => {
    const names = rowsOf(await rig.ask('GET_SYMBOLS')).map(({ symbol }) => symbol);
    expect(names).toEqual(expect.arrayContaining(SYMBOLS));
  }),

  ...[
    { symbol: 'EURUSD', digits: 5, trade_exemode: 'MARKET', filling_mode: ['IOC'], trade_contract_size: 100_000 },
    { symbol: 'GBPUSD', digits: 5, trade_exemode: 'INSTANT' },
    { symbol: 'USDJPY', digits: 3, trade_exemode: 'MARKET', filling_mode: ['FOK', 'IOC'] },
    { symbol: 'XAUUSD', digits: 2, trade_exemode: 'MARKET', filling_mode: ['FOK'], volume_step: 0.01 },
    { symbol: 'BTCUSD', digits: 2, trade_exemode: 'EXCHANGE' },
  ].map((expected) =>
    behaviour(`GET_SYMBOL gives the specification of ${expected.symbol}`, async (rig) => {
      const { data } = await rig.ask('GET_SYMBOL', { symbol: expected.symbol });
      expect(data).toMatchObject({ ...expected, trade_mode: 'FULL' });
      expect(data['point']).toBeCloseTo(10 ** -expected.digits, 10);
      expect(Number(data['volume_max'])).toBeGreaterThan(Number(data['volume_min']));
    }),
  ),

  ...(['GET_SYMBOL', 'GET_TICK'] as const).map((action) =>
    behaviour(`${action} of a symbol that there is not is NOT_FOUND`, async (rig) => {
      const reply = await rig.ask(action, { symbol: 'NOSUCH' });
      expect(reply).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    }),
  ),

  behaviour('GET_CANDLES of a symbol that there is not is NOT_FOUND', async (rig) => {
    const reply = await rig.ask('GET_CANDLES', { symbol: 'NOSUCH', timeframe: 'M1', count: 5 });
    expect(reply).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
  }),

  behaviour('a name is not found by its beginning, in other letters or with a space', async (rig) => {
    for (const symbol of ['EURUS', 'eurusd', 'EURUSD ', 'EURUSDX']) {
      expect(await rig.ask('GET_SYMBOL', { symbol })).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
    }
  }),

  ...['EURUSD', 'USDJPY', 'XAUUSD', 'BTCUSD'].map((symbol) =>
    behaviour(`GET_TICK gives the last price of ${symbol}`, async (rig) => {
      const first = (await rig.ask('GET_TICK', { symbol })).data;
      const [bid, ask] = [Number(first['bid']), Number(first['ask'])];
      expect(ask).toBeGreaterThan(bid);
      const moved = { bid: Number((bid + 1).toFixed(5)), ask: Number((ask + 1).toFixed(5)) };
      await rig.market.quote(symbol, moved.bid, moved.ask);
      const { data } = await rig.ask('GET_TICK', { symbol });
      expect(data).toMatchObject({ symbol, ...moved });
      expect(Math.abs(Number(data['time_msc']) - Date.now())).toBeLessThan(10_000);
    }),
  ),

  ...(['M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1'] as const).map((timeframe) =>
    behaviour(`GET_CANDLES gives bars of ${timeframe}, oldest first`, async (rig) => {
      const bars = rowsOf(await rig.ask('GET_CANDLES', { symbol: 'EURUSD', timeframe, count: 20 }));
      expect(bars).toHaveLength(20);
      const times = bars.map(({ time }) => Number(time));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      // The newest bar is the one of now: the server's own clock must not show.
      expect(Math.abs(nowS() - (times.at(-1) ?? 0))).toBeLessThan(2 * DAY_S);
      for (const { high, low, open, close } of bars) {
        expect(Number(high)).toBeGreaterThanOrEqual(Math.max(Number(open), Number(close)));
        expect(Number(low)).toBeLessThanOrEqual(Math.min(Number(open), Number(close)));
      }
    }),
  ),

  behaviour('GET_POSITIONS is empty, then has what was opened, as the broker has it', async (rig) => {
    expect(rowsOf(await rig.ask('GET_POSITIONS'))).toEqual([]);
    const ticket = await rig.opened({ sl: 1.09, tp: 1.12, comment: 'mine', magic: 77 });
    const [row] = rowsOf(await rig.ask('GET_POSITIONS'));
    const [truth] = await rig.truth.positions();
    expect(row).toMatchObject({ symbol: 'EURUSD', type: 'BUY', volume: 0.1, open_price: 1.1001, sl: 1.09, tp: 1.12 });
    expect(row).toMatchObject({ magic: 77, comment: truth?.comment });
    expect(BigInt(Number(row?.['ticket']))).toBe(ticket);
    expect(Math.abs(Number(row?.['time_msc']) - Date.now())).toBeLessThan(10_000);
  }),

  behaviour('GET_POSITIONS filters by symbol, ticket and magic, and by all of them', async (rig) => {
    const first = await rig.opened({ magic: 1 });
    const second = await rig.opened({ symbol: 'USDJPY', magic: 2 });
    const found = async (filter: object) => rowsOf(await rig.ask('GET_POSITIONS', filter)).map((row) => row['ticket']);
    expect(await found({ symbol: 'USDJPY' })).toEqual([Number(second)]);
    expect(await found({ ticket: first })).toEqual([Number(first)]);
    expect(await found({ magic: 2 })).toEqual([Number(second)]);
    expect(await found({ magic: 2, symbol: 'EURUSD' })).toEqual([]);
    expect(await found({ symbol: 'NOSUCH' })).toEqual([]);
    expect(await found({ ticket: 424_242 })).toEqual([]);
  }),

  behaviour('GET_ORDERS filters by symbol, ticket and magic', async (rig) => {
    const pending = { type: 'LIMIT', price: 1.05 };
    const first = ticketOf(await rig.open({ ...pending, magic: 1 }));
    const second = ticketOf(await rig.open({ symbol: 'USDJPY', type: 'LIMIT', price: 140, magic: 2 }));
    const found = async (filter: object) => rowsOf(await rig.ask('GET_ORDERS', filter)).map((row) => row['ticket']);
    expect(await found({})).toEqual([Number(first), Number(second)]);
    expect(await found({ symbol: 'USDJPY' })).toEqual([Number(second)]);
    expect(await found({ ticket: first })).toEqual([Number(first)]);
    expect(await found({ magic: 3 })).toEqual([]);
  }),

  behaviour('GET_HISTORY has the deals and orders of a round trip, in UTC', async (rig) => {
    const ticket = await rig.opened({ magic: 5 });
    await rig.ask('CLOSE_POSITION', { ticket });
    const { data } = await rig.until('both deals', async () => {
      const reply = await rig.ask('GET_HISTORY', { from: nowS() - 60, ticket });
      return (reply.data['deals'] as unknown[]).length === 2 ? reply : null;
    });
    const [opening, closing] = data['deals'] as Record<string, unknown>[];
    expect(opening).toMatchObject({ entry: 'IN', type: 'BUY', volume: 0.1, price: 1.1001, magic: 5, symbol: 'EURUSD' });
    expect(closing).toMatchObject({ entry: 'OUT', type: 'SELL', volume: 0.1, price: 1.1, profit: -1 });
    expect(Math.abs(Number(opening?.['time_msc']) - Date.now())).toBeLessThan(10_000);
    expect((data['orders'] as Record<string, unknown>[]).map(({ state }) => state)).toEqual(['FILLED', 'FILLED']);
  }),

  behaviour('GET_HISTORY of another time, symbol or magic is empty', async (rig) => {
    const ticket = await rig.opened({ magic: 5 });
    await rig.ask('CLOSE_POSITION', { ticket });
    const deals = async (filter: object) => (await rig.ask('GET_HISTORY', filter)).data['deals'];
    expect(await deals({ from: nowS() - 7_200, to: nowS() - 3_600 })).toEqual([]);
    expect(await deals({ from: nowS() + 3_600 })).toEqual([]);
    expect(await deals({ from: 0, symbol: 'USDJPY' })).toEqual([]);
    expect(await deals({ from: 0, magic: 6 })).toEqual([]);
  }),

  behaviour('GET_COMMAND tells of a command that is done, and NOT_FOUND of one that never came', async (rig) => {
    await rig.open({}, { reqId: 'the-order' });
    expect((await rig.ask('GET_COMMAND', { req_id: 'the-order' })).data).toMatchObject({
      state: 'DONE',
      retcode: 10009,
    });
    expect(await rig.ask('GET_COMMAND', { req_id: 'none' })).toMatchObject({ status: 'ERROR', code: 'NOT_FOUND' });
  }),
];
