import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_CANDLES, TIMEFRAMES } from '../../../main/brain/cli/market-commands.ts';
import { LEASE_ACTIONS, MAX_LEASE_S, MIN_LEASE_S } from '../../../main/brain/strategy/lease-terms.ts';
import * as protocol from '../../../main/protocol/payloads.ts';
import { FakeGateway, successTo, type Script } from '../../fakes/fake-gateway.ts';
import { brain } from './recorded-io.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await FakeGateway.start();
});
afterEach(() => gateway.shut());

const answering =
  (data: unknown): Script =>
  (request) => ({ body: successTo(request, data) });
const run = (...args: string[]) => brain([...args, ...gateway.flags]);
const last = () => gateway.received.at(-1);
const trade = { status: 'SUCCESS', ticket: 1004, volume: 0, price: 0, symbol: 'EURUSD', side: 'BUY' };

describe('commands that change what is open', () => {
  it('modify changes stop loss and take profit of a position, and only what is named', async () => {
    gateway.script = answering(trade);
    const ran = await run('modify', '9007199254740993', '--sl', '1.1', '--req-id', 'A');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('Modified BUY EURUSD, ticket 1004');
    expect(last()).toMatchObject({ action: 'MODIFY_POSITION', req_id: 'A' });
    expect(last()?.bytes).toContain('"payload":{"ticket":9007199254740993,"sl":1.1}');
    await run('modify', '7', '--tp', '0', '--sl', '0');
    expect(last()?.payload).toEqual({ ticket: 7, sl: 0, tp: 0 });
  });

  it('modify --order changes a pending order, never standing for no expiration', async () => {
    gateway.script = answering(trade);
    await run('modify', '7', '--order', '--price', '1.2', '--expiration', 'never');
    expect(last()).toMatchObject({ action: 'MODIFY_ORDER', payload: { ticket: 7, price: 1.2, expiration: 0 } });
    await run('modify', '7', '--order', '--expiration', '2027-01-05T14:30');
    expect(last()?.payload).toEqual({ ticket: 7, expiration: new Date(2027, 0, 5, 14, 30).getTime() / 1000 });
  });

  it('close-all passes its filter on and ends with 0 when all are closed', async () => {
    const closed = { ticket: 7, symbol: 'EURUSD', state: 'CLOSED', volume: 0.1, price: 1.05 };
    gateway.script = answering({ status: 'SUCCESS', positions_closed: 1, total_positions: 1, tickets: [closed] });
    const ran = await run('close-all', '--symbol', 'EURUSD', '--magic', '5', '--deviation', '3');
    expect(last()).toMatchObject({ action: 'CLOSE_ALL', payload: { symbol: 'EURUSD', magic: 5, deviation: 3 } });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/7 {2}EURUSD {2}CLOSED {2}0\.10 +1\.05\nClosed 1 of 1 position\n$/);
  });

  it('close-all ends with 1, loudly, when something stays open', async () => {
    const left = { ticket: 8, symbol: 'XAUUSD', state: 'REJECTED', volume: 0, code: 'REQUOTE', error: 'moved' };
    gateway.script = answering({ status: 'PARTIAL', positions_closed: 1, total_positions: 2, tickets: [left] });
    const ran = await run('close-all');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('REQUOTE: moved');
    expect(ran.out).toContain('Closed 1 of 2 positions: 1 STILL OPEN');
    gateway.script = answering({ status: 'SUCCESS', positions_closed: 0, total_positions: 0, tickets: [] });
    expect(await run('close-all')).toEqual({ code: 0, out: 'No open positions.\n', err: '' });
  });
});

describe('commands that ask about prices and the past', () => {
  const bar = { time: 1_767_600_000, open: 1.05, high: 1.0512, low: 1.04999, close: 1.051 };

  it('candles asks for 100 bars and lists them with one number of decimals', async () => {
    gateway.script = answering([{ ...bar, tick_volume: 12, spread: 8, real_volume: 0 }]);
    const ran = await run('candles', 'EURUSD', 'm15');
    expect(last()).toMatchObject({
      action: 'GET_CANDLES',
      payload: { symbol: 'EURUSD', timeframe: 'M15', count: 100 },
    });
    expect(ran.out).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d {2}1\.05000 {2}1\.05120 {2}1\.04999 {2}1\.05100 +12 +8\n$/);
    await run('candles', 'EURUSD', 'D1', '--count', '5000');
    expect(last()?.payload['count']).toBe(5_000);
    gateway.script = answering([]);
    expect((await run('candles', 'EURUSD', 'D1')).out).toBe('No bars.\n');
  });

  it('symbol shows how it can be traded', async () => {
    const spec = { symbol: 'EURUSD', description: 'Euro', digits: 5, point: 0.00001, trade_mode: 'FULL' };
    const lots = { volume_min: 0.01, volume_max: 100, volume_step: 0.01, trade_contract_size: 100_000 };
    gateway.script = answering({ ...spec, ...lots, trade_stops_level: 10, filling_mode: ['FOK', 'IOC'] });
    const { out } = await run('symbol', 'EURUSD');
    expect(out).toContain('Lots      0.01 to 100.00 in steps of 0.01\n');
    expect(out).toContain('Prices    5 digits, a point is 0.00001\n');
    expect(out).toContain('Filling   FOK, IOC\n');
  });

  const deal = {
    ticket: 9,
    order: 8,
    position_id: 7,
    symbol: 'EURUSD',
    type: 'SELL',
    volume: 0.1,
    price: 1.05,
    magic: 0,
  };
  const history = {
    deals: [
      { ...deal, ticket: 6, type: 'BUY', entry: 'IN', profit: 0, commission: -0.5, swap: 0, comment: '', time_msc: 0 },
      { ...deal, entry: 'OUT', profit: 12.3, commission: -0.5, swap: 1, comment: '', time_msc: 1_767_600_000_000 },
    ],
    orders: [{ ...deal, type: 'BUY_LIMIT', open_price: 1.04, volume: 0, volume_initial: 0.3, state: 'CANCELED' }],
    truncated: true,
  };

  it('history lists deals and orders in 80 columns, sums them, and says when there were more', async () => {
    gateway.script = answering(history);
    const { out } = await run('history', '--symbol', 'EURUSD', '--ticket', '7', '--magic', '0');
    expect(last()?.payload).toMatchObject({ symbol: 'EURUSD', ticket: 7, magic: 0 });
    for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(out).toMatch(/ 9 {2}EURUSD {2}SELL {2}OUT +0\.10 +1\.05 +\+12\.30\n/);
    expect(out).toMatch(/BUY_LIMIT {2}0\.30 +1\.04 {2}CANCELED\n/);
    expect(out).toContain('Profit +12.30, commission -1.00, swap +1.00\n');
    expect(out).toContain('There were more');
  });

  it.each([
    ['-30m', (nowS: number) => nowS - 1_800],
    ['-4h', (nowS: number) => nowS - 14_400],
    ['-7d', (nowS: number) => nowS - 604_800],
    ['now', (nowS: number) => nowS],
    ['today', () => new Date().setHours(0, 0, 0, 0) / 1000],
    ['1766800000', () => 1_766_800_000],
    ['2026-01-05T14:30', () => new Date(2026, 0, 5, 14, 30).getTime() / 1000],
    ['2026-01-05T14:30:00Z', () => Date.UTC(2026, 0, 5, 14, 30) / 1000],
  ])('history takes %s as a time', async (text, seconds) => {
    gateway.script = answering({ deals: [], orders: [], truncated: false });
    await run('history', '--since', text);
    expect(Math.abs((last()?.payload['from'] as number) - seconds(Date.now() / 1000))).toBeLessThan(5);
    expect(last()?.payload).not.toHaveProperty('to');
  });

  it('history asks for the last day, up to a moment where one is named', async () => {
    gateway.script = answering({ deals: [], orders: [], truncated: false });
    expect((await run('history', '--until', '-1h')).out).toBe(
      'No deals.\n\nNo ended orders.\n\nProfit 0.00, commission 0.00, swap 0.00\n',
    );
    const { from, to } = last()!.payload as { from: number; to: number };
    expect(to - from).toBeCloseTo(82_800, 0);
  });
});

describe('commands for a lease', () => {
  it('heartbeat --lease takes one for a name, and says how long it runs', async () => {
    gateway.script = answering({ status: 'alive', service: 'MT5 Gateway', lease_s: 2.5 });
    const ran = await run('heartbeat', '--lease', '2.5', '--on-expiry', 'HALT_FLATTEN', '--client-id', 'me');
    expect(last()).toMatchObject({ client_id: 'me', payload: { lease_s: 2.5, on_expiry: 'halt_flatten' } });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('The lease runs for 2.5 s.\n');
  });

  it('heartbeat --lease ends with 1 at a gateway that grants none', async () => {
    const ran = await run('heartbeat', '--lease', '5', '--client-id', 'me');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('granted NO lease');
  });

  it.each([['heartbeat', '--lease', '5'], ['bye']])('%s needs a name', async (...words) => {
    const ran = await run(...words);
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(ran.err).toContain('--client-id');
    expect(gateway.received).toEqual([]);
  });

  it('bye ends the lease, and says where there was none', async () => {
    gateway.script = answering({ lease_ended: true });
    expect((await run('bye', '--client-id', 'me')).out).toBe('The lease has ended; it does not fire.\n');
    expect(last()).toMatchObject({ action: 'BYE', client_id: 'me' });
    gateway.script = answering({ lease_ended: false });
    expect((await run('bye', '--client-id', 'me')).out).toBe('There was no lease.\n');
  });
});

describe('a wrong line', () => {
  it.each([
    ['modify', 'TICKET', ''],
    ['modify 7', 'nothing to change', '--sl or --tp'],
    ['modify 7 --order', 'nothing to change', '--price, --sl, --tp or --expiration'],
    ['modify 7 --price 1', '--price is for a pending order', '--order'],
    ['modify 7 --sl 1 --expiration never', '--expiration is for a pending order', '--order'],
    ['modify 7 --sl x', 'not x', '--sl'],
    ['modify 7 --order --price 0', 'not 0', '--price takes a price above 0'],
    ['close-all EURUSD', 'one word too many', ''],
    ['close-all --magic -1', 'not -1', '--magic'],
    ['symbol', 'NAME is missing', ''],
    ['candles EURUSD', 'TIMEFRAME', 'm1 or m5 or m15 or m30 or h1 or h4 or d1'],
    ['candles EURUSD M2', 'not M2', 'm1, m5, m15, m30, h1, h4, d1'],
    ['candles EURUSD M1 --count 5001', 'not 5001', 'from 1 to 5000'],
    ['candles EURUSD M1 --count 0', 'not 0', 'from 1 to 5000'],
    ['history --since yesterday', 'not yesterday', '-4h'],
    ['history --since -3w', 'not -3w', '-7d'],
    ['history --since now --until -1h', '--until is before --since', ''],
    ['heartbeat --lease 0', 'not 0', 'from 1 to 86400'],
    ['heartbeat --lease 5 --on-expiry explode', 'not explode', 'suspend, reduce_only, halt, halt_flatten'],
    ['heartbeat --on-expiry halt', '--lease', ''],
    ['watch --json', 'events --json', ''],
    ['run', 'FILE is missing', ''],
    ['run x.mjs --symbols A,,B', '--symbols', 'parted by commas'],
    ['run x.mjs --lease 0.5', 'not 0.5', 'from 1 to 86400'],
  ])('"%s" is refused with 64 and says what is wrong', async (words, wrong, accepted) => {
    const ran = await brain(words.split(' '));
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(ran.err).toContain(wrong);
    expect(ran.err).toContain(accepted);
  });
});

it('what is written out here is what the protocol says', () => {
  expect(LEASE_ACTIONS).toEqual(protocol.LEASE_ACTIONS);
  expect(TIMEFRAMES).toEqual(protocol.TIMEFRAMES);
  expect(MAX_CANDLES).toBe(protocol.MAX_CANDLES);
  const lease = protocol.PAYLOAD_SCHEMAS.HEARTBEAT;
  for (const good of [MIN_LEASE_S, MAX_LEASE_S]) expect(lease.safeParse({ lease_s: good }).success).toBe(true);
  for (const bad of [MIN_LEASE_S - 0.1, MAX_LEASE_S + 0.1])
    expect(lease.safeParse({ lease_s: bad }).success).toBe(false);
});
