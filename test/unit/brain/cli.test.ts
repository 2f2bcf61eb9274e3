import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../main/brain/cli/commands.ts';
import { runBrain } from '../../../main/brain/index.ts';
import { FakeGateway, refusalOf, successTo, type Script } from '../../fakes/fake-gateway.ts';
import { brain, recordedIo } from './recorded-io.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await FakeGateway.start();
});
afterEach(() => gateway.shut());

const answering =
  (data: unknown): Script =>
  (request) => ({ body: successTo(request, data) });
const run = (...args: string[]) => brain([...args, ...gateway.flags]);
const lastPayload = () => gateway.received.at(-1)?.payload;
const opened = { status: 'SUCCESS', ticket: 1004, volume: 0.1, price: 1.05123, symbol: 'EURUSD', side: 'BUY' };

describe('the command line', () => {
  it('asks for a heartbeat', async () => {
    const ran = await run('heartbeat');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(/^Gateway +MT5 Gateway, alive\nRound trip +\d+\.\d ms\n$/);
  });

  it('prints one JSON line for programs, the ticket exact', async () => {
    gateway.script = (request) => ({
      body: JSON.stringify(successTo(request, [])).replace('[]', '[{"ticket":9007199254740993}]'),
    });
    const ran = await run('positions', '--ticket', '9007199254740993', '--json');
    expect(gateway.received[0]?.bytes).toContain('"payload":{"ticket":9007199254740993}');
    expect(ran.out).toMatch(/^\{.*"data":\[\{"ticket":9007199254740993\}\].*\}\n$/);
    expect(ran).toMatchObject({ code: 0, err: '' });
  });

  it('lists positions in aligned columns with signed profits', async () => {
    const position = { type: 'BUY', volume: 0.1, open_price: 1.05, current_price: 1.05123, sl: 1.04, tp: 0 };
    gateway.script = answering([
      { ...position, ticket: 1004, symbol: 'EURUSD', profit: 12.3, time_msc: new Date(2026, 0, 5, 14, 30).getTime() },
      { ...position, ticket: 20, symbol: 'XAUUSD', type: 'SELL', profit: -1234.5, time_msc: 0 },
    ]);
    const [title = '', first = '', second = '', sum] = (await run('positions')).out.split('\n');
    expect(title).toMatch(/^TICKET {2}SYMBOL {2}SIDE {2}LOTS +OPEN +NOW {2} *SL {2}TP +PROFIT {2}OPENED$/);
    expect(first).toContain('EURUSD  BUY   0.10  1.05000  1.05123  1.04         +12.30  2026-01-05 14:30:00');
    expect(second).toContain('-1,234.50');
    expect(first.indexOf('+12.30') + 6).toBe(second.indexOf('-1,234.50') + 9);
    expect(sum).toBe('2 positions, open profit -1,222.20');
  });

  it.each([
    ['positions', 'No open positions.\n'],
    ['orders', 'No pending orders.\n'],
    ['symbols', 'The terminal has no symbols.\n'],
  ])('says of empty %s that there are none', async (command, text) => {
    gateway.script = answering([]);
    expect(await run(command)).toEqual({ code: 0, out: text, err: '' });
  });

  it('shows the account in its currency', async () => {
    const amounts = { balance: 10_000, equity: 9_987.5, margin: 0, margin_free: 9_987.5, margin_level: 0 };
    gateway.script = answering({
      ...amounts,
      currency: 'USD',
      profit: -12.5,
      login: 5,
      server: 'Paper',
      leverage: 100,
    });
    const { out } = await run('account');
    expect(out).toContain('Account       5 at Paper\nBalance       10,000.00 USD\nEquity         9,987.50 USD\n');
    expect(out).toContain('Open profit      -12.50 USD\nMargin level  no margin in use\nLeverage      1:100\n');
  });

  it('opens with every option of an order', async () => {
    gateway.script = answering(opened);
    const options = '--type limit --price 1.05 --sl 1.04 --tp 0 --deviation 5 --magic 18446744073709551615 --comment=x';
    const words = ['open', 'EURUSD', '.1', 'Buy', ...options.split(' '), '--expiration', '1800000000', '--req-id', 'A'];
    const ran = await run(...words);
    expect(ran).toEqual({ code: 0, out: 'Placed BUY 0.10 lots EURUSD at 1.05123, ticket 1004\n', err: '' });
    expect(gateway.received[0]).toMatchObject({ action: 'OPEN_ORDER', req_id: 'A' });
    expect(lastPayload()).toMatchObject({
      ...{ symbol: 'EURUSD', volume: 0.1, side: 'BUY', type: 'LIMIT', price: 1.05, sl: 1.04, tp: 0 },
      ...{ deviation: 5, comment: 'x', expiration: 1_800_000_000 },
    });
    expect(gateway.received[0]?.bytes).toContain('"magic":18446744073709551615');
  });

  it('takes an expiration as local time', async () => {
    gateway.script = answering(opened);
    await run('open', 'EURUSD', '0.1', 'sell', '--expiration', '2027-01-05T14:30');
    expect(lastPayload()).toMatchObject({ expiration: new Date(2027, 0, 5, 14, 30).getTime() / 1000 });
  });

  it('says when an answer is a recorded one', async () => {
    gateway.script = (request) => ({ body: { ...successTo(request, opened), duplicate: true } });
    expect((await run('open', 'EURUSD', '0.1', 'buy')).out).toContain('recorded answer; nothing was executed again');
  });

  it('closes a part, cancels, asks for a tick, a command and symbols', async () => {
    gateway.script = answering({ ...opened, bid: 1, ask: 2, time_msc: 0 });
    await run('close', '9007199254740993', '--volume', '0.01');
    expect(gateway.received.at(-1)?.bytes).toContain('"payload":{"ticket":9007199254740993,"volume":0.01}');
    await run('cancel', '7');
    expect(gateway.received.at(-1)).toMatchObject({ action: 'CANCEL_ORDER', payload: { ticket: 7 } });
    expect((await run('tick', 'EURUSD')).out).toContain('EURUSD  bid 1  ask 2  spread 1\n');
  });

  it('kills with a reason and says how far it has come', async () => {
    gateway.script = answering({
      positions_closed: 1,
      total_positions: 2,
      orders_cancelled: 1,
      flatten: 'FLATTENING',
      recorded: false,
    });
    const ran = await run('kill', '--reason', 'spread', '--flatten', 'gateway');
    expect(lastPayload()).toEqual({ reason: 'spread', flatten: 'gateway' });
    expect(ran.out).toContain('HALTED: 1 of 2 positions closed, 1 order cancelled; still closing');
    expect(ran.out).toContain('NOT RECORDED');
    await run('kill');
    expect(lastPayload()).toEqual({});
  });

  it('ends with 1 and the reason when the gateway answers ERROR', async () => {
    gateway.script = (request) => ({ body: { ...refusalOf(request, 'REJECTED', 'No money'), retcode: 10019 } });
    expect(await run('open', 'EURUSD', '0.1', 'buy')).toEqual({
      code: 1,
      out: '',
      err: 'brain: REJECTED: No money (retcode 10019)\n',
    });
    expect(JSON.parse((await run('account', '--json')).out)).toMatchObject({ status: 'ERROR', code: 'REJECTED' });
  });

  it('ends with 75 and the next command to run when the outcome is pending', async () => {
    gateway.script = (request) => ({ body: refusalOf(request, 'OUTCOME_UNKNOWN', 'not known yet', 'PENDING') });
    const ran = await run('close', '7', '--req-id', "it's", '--client-id', 'a');
    expect(ran.code).toBe(75);
    expect(ran.err).toContain('OUTCOME_UNKNOWN: not known yet');
    expect(ran.err).toContain(`\n  brain command 'it'\\''s' --client-id a ${gateway.flags.join(' ')}\n`);
  });

  it('ends with 75 and the same hint when no answer came, and tells programs what is known', async () => {
    gateway.script = () => null;
    const ran = await run('open', 'EURUSD', '0.1', 'buy', '--req-id', 'B', '--timeout-ms', '60', '--json');
    expect(ran.code).toBe(75);
    expect(JSON.parse(ran.out)).toMatchObject({ req_id: 'B', status: 'NO_REPLY', sent: true, action: 'OPEN_ORDER' });
    expect(ran.err).toContain('\n  brain command B --timeout-ms 60');
    expect((await run('heartbeat', '--timeout-ms', '60')).err).not.toContain('command');
  });

  it('ends with 75 without that hint when it was not sent', async () => {
    await gateway.shut();
    const ran = await run('open', 'EURUSD', '0.1', 'buy', '--timeout-ms', '60');
    expect(ran.code).toBe(75);
    expect(ran.err).toMatch(/^brain: OPEN_ORDER \S+ was not sent: no connection to tcp:\S+ within 60 ms\n$/);
  });

  it('tells what became of a command, with 75 while that is not known', async () => {
    const recorded = { req_id: 'A', client_id: 'anonymous', action: 'OPEN_ORDER', code: null, error: null };
    const times = { received_at: 1_767_600_000, updated_at: 1_767_600_001 };
    gateway.script = answering({ ...recorded, ...times, state: 'DONE', status: 'SUCCESS', data: opened });
    const known = await run('command', 'A');
    expect(lastPayload()).toEqual({ req_id: 'A' });
    expect(known.code).toBe(0);
    expect(known.out).toContain('Outcome   BUY 0.10 lots EURUSD at 1.05123, ticket 1004\n');
    gateway.script = answering({ ...recorded, ...times, state: 'UNKNOWN', status: 'PENDING', data: {} });
    expect(await run('command', 'A')).toMatchObject({ code: 75, out: expect.stringContaining('UNKNOWN') as string });
  });

  it.each([
    ['', 'a command is missing', 'heartbeat, account'],
    ['opne EURUSD', 'unknown command opne', 'open, close'],
    ['heartbeat --slow', 'unknown option --slow', '--host, --command-port'],
    ['heartbeat now', 'now is one word too many', ''],
    ['tick', 'SYMBOL is missing', ''],
    ['open EURUSD', 'VOLUME is missing', ''],
    ['open EURUSD abc buy', 'not abc', 'like 0.01'],
    ['open EURUSD -1 buy', 'not -1', ''],
    ['open EURUSD 1e-2 buy', 'not 1e-2', ''],
    ['open EURUSD 0.01 long', 'not long', 'buy, sell'],
    ['open EURUSD 0.01', 'side (buy or sell) is missing', ''],
    ['open EURUSD 0.01 buy --type stop', 'a stop order needs --price', ''],
    ['open EURUSD 0.01 buy --price 0', 'not 0', 'a price above 0'],
    ['open EURUSD 0.01 buy --sl', '--sl takes a value', '--sl PRICE'],
    ['open EURUSD 0.01 buy --sl 1 --sl 2', '--sl is given twice', ''],
    ['open EURUSD 0.01 buy --expiration soon', 'not soon', ''],
    ['close 1.5', 'not 1.5', ''],
    ['close 0', 'not 0', ''],
    ['close 18446744073709551616', 'not 18446744073709551616', ''],
    ['kill --flatten some', 'not some', 'none, gateway, account'],
    ['ticks --count 0', 'not 0', '1 or more'],
    ['events TRADES', 'not TRADES', 'trade'],
    ['heartbeat --json=1', '--json takes no value', ''],
    ['heartbeat --command-port abc', 'not abc', '--command-port'],
    ['help nothing', 'unknown command nothing', ''],
  ])('refuses "%s" with 64 and names what is wrong', async (words, wrong, accepted) => {
    const ran = await brain(words.split(' ').filter((word) => word !== ''));
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(ran.err).toContain(wrong);
    expect(ran.err).toContain(accepted);
    expect(gateway.received).toEqual([]);
  });

  it('explains itself and every command, in 80 columns', async () => {
    const all = await brain(['help']);
    expect(all.code).toBe(0);
    const names = COMMANDS.map(({ name }) => name);
    for (const name of names) expect(all.out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    for (const text of [all, ...(await Promise.all(names.map((name) => brain(['help', name]))))]) {
      expect(text).toMatchObject({ code: 0, err: '' });
      for (const line of text.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
    expect(await brain(['open', '--help'])).toEqual(await brain(['help', 'open']));
    expect(await brain(['--help'])).toEqual(all);
  });

  it('tells its version', async () => {
    expect((await brain(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints so many ticks and events as are asked for', async () => {
    const { io, said } = recordedIo();
    const running = runBrain(['ticks', 'EURUSD', '--count', '2', ...gateway.flags], io);
    const ended = running.then(() => true);
    for (let seq = 1; !(await Promise.race([ended, soon()])); seq += 1) {
      const bid = seq % 2 === 0 ? 1.0512 : 1.05123;
      await gateway.publishTick({ symbol: 'EURUSD', bid, ask: 1.05125, time_msc: 1_767_600_000_125, seq });
    }
    expect(await running).toBe(0);
    expect(said.out.split('\n')).toHaveLength(3);
    expect(said.out).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.125 {2}EURUSD {2}bid 1\.05\d+ {2}ask 1\.05125 {2}spread 0\./,
    );

    const events = recordedIo();
    const listening = runBrain(['events', 'trade', '--count', '1', '--json', ...gateway.flags], events.io);
    const heard = listening.then(() => true);
    while (!(await Promise.race([heard, soon()]))) {
      await gateway.publishEvent('{"event":"TRADE","timestamp":1.5,"data":{"ticket":9007199254740993}}');
    }
    expect(events.said.out).toBe('{"event":"TRADE","timestamp":1.5,"data":{"ticket":9007199254740993}}\n');
  });

  it('ends a stream with 0 when it is told to stop, and a waiting command with 75', async () => {
    gateway.script = () => null;
    for (const [words, code] of [
      [['ticks'], 0],
      [['events'], 0],
      [['close', '5'], 75],
    ] as const) {
      const { io, stop } = recordedIo();
      const running = runBrain([...words, ...gateway.flags], io);
      await soon(80);
      stop.abort();
      expect(await running, words[0]).toBe(code);
    }
  });

  it('ends with 70 and says so when something happens that should not', async () => {
    const { io, said } = recordedIo();
    const broken = { ...io, out: () => Promise.reject(new Error('disk on fire')) };
    expect(await runBrain(['heartbeat', ...gateway.flags], broken)).toBe(70);
    expect(said.err).toContain('internal error: Error: disk on fire');
  });
});

describe('where the gateway is', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'brain-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (content: string): string => {
    const path = join(folder, 'brain.json');
    writeFileSync(path, content);
    return path;
  };

  it('is told by option over variable over file', async () => {
    const { reqPort } = gateway.client;
    const config = file(
      JSON.stringify({ host: '127.0.0.1', command_port: 1, client_id: 'from-file', timeout_ms: 500 }),
    );
    const variables = {
      MT5_FABRIC_COMMAND_PORT: '2',
      MT5_FABRIC_CLIENT_ID: 'from-variable',
      MT5_FABRIC_CONFIG: config,
    };
    expect((await brain(['heartbeat', '--command-port', String(reqPort)], variables)).code).toBe(0);
    expect(gateway.received[0]).toMatchObject({ client_id: 'from-variable' });
    const alone = { MT5_FABRIC_COMMAND_PORT: String(reqPort), MT5_FABRIC_CLIENT_ID: '' };
    expect((await brain(['heartbeat', '--config', config], alone)).code).toBe(0);
    expect(gateway.received[1]).toMatchObject({ client_id: 'from-file' });
  });

  it.each([
    ['{"port": 5}', 'unknown key port', 'command_port'],
    ['{"command_port": "x"}', 'command_port in', 'not x'],
    ['{"host": 5}', 'host in', 'takes text'],
    ['{"host": "a b"}', 'host in', 'a name or an address'],
    ['[]', 'no JSON object', ''],
    ['{', 'is not JSON', ''],
  ])('refuses the file %s with 78', async (content, wrong, more) => {
    const ran = await brain(['heartbeat', '--config', file(content)]);
    expect(ran).toMatchObject({ code: 78, out: '' });
    expect(ran.err).toContain(wrong);
    expect(ran.err).toContain(more);
  });

  it('refuses a file that is not there and a variable that cannot be, with 78', async () => {
    const missing = await brain(['heartbeat', '--config', join(folder, 'none.json')]);
    expect(missing).toMatchObject({ code: 78, err: expect.stringContaining('none.json: ENOENT') as string });
    const wrong = await brain(['heartbeat'], { MT5_FABRIC_TIMEOUT_MS: '-3' });
    expect(wrong).toMatchObject({ code: 78, err: expect.stringContaining('MT5_FABRIC_TIMEOUT_MS') as string });
  });
});

function soon(ms = 10): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}
