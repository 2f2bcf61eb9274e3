import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildProgram } from '../../mql5/build.ts';
import { BUILD_TIMEOUT_MS, buy, FOREVER, LOGIN, ProgramRig, TOKEN, WELCOME } from './program-rig.ts';

let rig: ProgramRig;

beforeAll(() => buildProgram({ variant: 'plain' }), BUILD_TIMEOUT_MS);

beforeEach(async () => {
  rig = await ProgramRig.open();
});

afterEach(() => rig.close());

test('it says hello with token, record and account, and its state right after the welcome', async () => {
  await rig.linked();
  const [hello, state] = rig.gateway.lines;
  expect(hello).toEqual([
    'hello',
    '1',
    TOKEN,
    '1.0.0',
    expect.stringMatching(/^[0-9a-f]{16}$/),
    LOGIN,
    'SimBroker-Demo',
    'DEMO',
    'HEDGING',
  ]);
  expect(state?.slice(2)).toEqual([
    '1',
    '1',
    '1',
    '1',
    '1',
    LOGIN,
    'SimBroker-Demo',
    'DEMO',
    'HEDGING',
    '7200',
    '0',
    '0',
  ]);
});

test('it answers questions about account, symbols, prices and candles', async () => {
  await rig.linked();
  expect((await rig.gateway.ask('ping')).end[1]).toMatch(/^\d+$/);
  expect((await rig.gateway.ask('account')).rows[0]?.slice(0, 3)).toEqual(['account', LOGIN, 'SimBroker-Demo']);
  expect((await rig.gateway.ask('symbol | EURUSD')).rows[0]).toHaveLength(20);
  expect((await rig.gateway.ask('symbols')).rows.length).toBeGreaterThan(2);
  expect((await rig.gateway.ask('tick | EURUSD')).rows[0]?.slice(0, 4)).toEqual([
    'tick',
    'EURUSD',
    '1.10000',
    '1.10010',
  ]);
  expect((await rig.gateway.ask('tick | GBPUSD')).end).toEqual(['ok']);
  expect((await rig.gateway.ask('candles | EURUSD | M5 | 3')).rows).toHaveLength(3);
  expect((await rig.gateway.ask('candles | EURUSD | M7 | 3')).end.slice(0, 2)).toEqual(['refused', 'MALFORMED']);
  expect((await rig.gateway.ask('symbol | NOSUCH')).end.slice(0, 2)).toEqual(['refused', 'NOT_FOUND']);
  expect((await rig.gateway.ask('dance')).end.slice(0, 2)).toEqual(['refused', 'UNKNOWN']);
});

test('it opens, changes and closes a position, and tells orders, deals and positions', async () => {
  await rig.linked();
  const opened = await rig.gateway.ask(buy('c1'));
  expect(opened.end.slice(0, 2)).toEqual(['done', '10009']);
  const ticket = opened.end[4] ?? '';
  expect(rig.broker.positions.map((position) => String(position.ticket))).toEqual([ticket]);
  expect((await rig.gateway.ask(`modify | c2 | 1 | ${FOREVER} | ${ticket} | 1.09000 | 1.12000`)).end[1]).toBe('10009');
  const [row] = (await rig.gateway.ask('positions | EURUSD | | 77')).rows;
  expect(row?.slice(0, 6)).toEqual(['position', ticket, ticket, 'EURUSD', 'BUY', '0.10000000']);
  expect(row?.slice(8, 10)).toEqual(['1.09000', '1.12000']);
  expect((await rig.gateway.ask(`close | c3 | 1 | ${FOREVER} | ${ticket} | EURUSD | 0.20 | 20 | 77 | x`)).end[1]).toBe(
    '10038',
  );
  expect((await rig.gateway.ask(`close | c4 | 1 | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 77 | x`)).end[1]).toBe(
    '10009',
  );
  expect((await rig.gateway.ask(`close | c5 | 1 | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 77 | x`)).end[1]).toBe(
    '10036',
  );
  const told = (begin: string) =>
    rig.gateway.lines.filter(([kind, what]) => kind === 'trade' && what?.startsWith(begin)).map(([, what]) => what);
  await expect.poll(() => told('deal')).toHaveLength(2);
  await expect.poll(() => told('order')).toEqual(['order-added', 'order-removed', 'order-added', 'order-removed']);
  await expect.poll(() => told('position')).toEqual(['position-opened', 'position-changed', 'position-closed']);
  const found = await rig.gateway.ask('find | abcdefghijkl');
  expect(found.end).toEqual(['ok', '1']);
  expect(found.rows.map(([kind]) => kind)).toEqual(['order', 'deal', 'record']);
  expect(found.rows.at(-1)?.slice(1, 4)).toEqual(['c1', 'ENDED', '10009']);
});

test('it names the rule that a call breaks', async () => {
  await rig.linked();
  const send = (fields: string) =>
    rig.gateway.ask(`send | c | 1 | ${FOREVER} | EURUSD | BUY | ${fields} | 20 | 0 | x | 0`);
  expect((await send('MARKET | 0.295 | 0 | 0 | 0')).end).toEqual(
    expect.arrayContaining(['10014', expect.stringContaining('0.01')]),
  );
  expect((await send('MARKET | 0.29 | 0 | 1.2 | 0')).end).toEqual(expect.arrayContaining(['10016']));
  expect((await send('LIMIT | 0.29 | 1.2 | 0 | 0')).end).toEqual(expect.arrayContaining(['10015']));
  expect((await send('MARKET | 0.29 | 0 | 0 | 0')).end[1]).toBe('10009');
  expect((await send('SIDEWAYS | 0.29 | 0 | 0 | 0')).end).toEqual(expect.arrayContaining(['MALFORMED']));
});

test('a pending order keeps its expiration over the difference of the clocks, is changed and removed', async () => {
  await rig.linked();
  const until = (Math.floor(Date.now() / 1_000) + 3_600) * 1_000;
  const placed = await rig.gateway.ask(
    `send | p1 | 1 | ${FOREVER} | EURUSD | SELL | LIMIT | 0.10 | 1.2 | 0 | 0 | 20 | 7 | c | ${until}`,
  );
  expect(placed.end[1]).toMatch(/^1000[89]$/);
  const ticket = placed.end[2] ?? '';
  expect((await rig.gateway.ask('orders | | |')).rows[0]?.at(-1)).toBe(String(until));
  expect((await rig.gateway.ask(`change | p2 | 1 | ${FOREVER} | ${ticket} | 1.21 | 0 | 0 | 0`)).end[1]).toBe('10009');
  expect((await rig.gateway.ask(`orders | | ${ticket} |`)).rows[0]?.slice(7, 8)).toEqual(['1.21000']);
  expect((await rig.gateway.ask(`remove | p3 | 1 | ${FOREVER} | ${ticket}`)).end[1]).toBe('10009');
  expect((await rig.gateway.ask(`remove | p4 | 1 | ${FOREVER} | ${ticket}`)).end[1]).toBe('10013');
});

test('a halt fences what came before it in the same write, and a close still passes', async () => {
  await rig.linked();
  const ticket = (await rig.gateway.ask(buy('c1'))).end[4] ?? '';
  rig.gateway.send(`91 | ${buy('c2')}`, `92 | ${buy('c3', 2)}`, 'halt | 2', 'resume | 1');
  expect(await rig.gateway.line(([kind]) => kind === 'ack')).toEqual(['ack', '2', '1']);
  expect((await rig.gateway.line(([id]) => id === '91'))[1]).toBe('fenced');
  expect((await rig.gateway.line(([id]) => id === '92'))[1]).toBe('fenced');
  expect((await rig.gateway.ask(`close | c4 | 2 | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 77 | x`)).end[1]).toBe(
    '10009',
  );
  expect(rig.gateway.lines.filter(([kind]) => kind === 'ack')).toHaveLength(1);
  rig.gateway.send('resume | 3');
  await rig.gateway.line((fields) => fields.join() === 'ack,3,0');
  expect((await rig.gateway.ask(buy('c5', 3))).end[1]).toBe('10009');
  expect((await rig.gateway.ask(buy('c6', 2))).end[0]).toBe('fenced');
});

test('a halt that comes while the broker works on one order fences the next', async () => {
  await rig.linked();
  rig.broker.next({ kind: 'delay', delayMs: 200 });
  rig.gateway.send(`91 | ${buy('c1')}`, `92 | ${buy('c2')}`);
  await expect.poll(() => rig.broker.requests.length).toBe(1);
  rig.gateway.send('halt | 1');
  expect((await rig.gateway.line(([id]) => id === '91')).slice(1, 3)).toEqual(['done', '10009']);
  expect((await rig.gateway.line(([id]) => id === '92'))[1]).toBe('fenced');
  expect(rig.broker.requests).toHaveLength(1);
});

test('a halt that cannot be read latches all the same', async () => {
  await rig.linked();
  rig.gateway.send('halt | soon');
  expect(await rig.gateway.line(([kind]) => kind === 'ack')).toEqual(['ack', '0', '1']);
});

test('a call that is too old is not carried out', async () => {
  await rig.linked();
  const { end } = await rig.gateway.ask(buy('c1').replace(FOREVER, '1'));
  expect(end[0]).toBe('expired');
  expect(rig.broker.requests).toHaveLength(0);
});

test('every tick of a subscribed symbol comes once, also several of one millisecond', async () => {
  await rig.linked();
  rig.gateway.send('subscribe | EURUSD | GBPUSD | NOSUCH');
  await rig.gateway.ask('ping');
  const from = Date.now() + 7_200_000;
  for (let n = 0; n < 3_000; n += 1) {
    rig.broker.quote('EURUSD', 1.1 + n / 100_000, 1.2 + n / 100_000, { timeMsc: from + Math.floor(n / 7) });
  }
  await rig.gateway.line((fields) => fields[0] === 'tick' && fields[2] === '1.12999');
  await rig.gateway.ask('ping');
  const ticks = rig.gateway.lines.filter(([kind, symbol]) => kind === 'tick' && symbol === 'EURUSD');
  expect(ticks.map(([, , bid]) => bid)).toEqual(
    Array.from({ length: 3_000 }, (_, n) => (1.1 + n / 100_000).toFixed(5)),
  );
  expect(ticks.at(-1)?.[6]).toBe(String(from + Math.floor(2_999 / 7) - 7_200_000));
});

test('it refuses a version that it does not know, and says both', async () => {
  await rig.gateway.stop();
  await rig.listen('welcome | 2 | 9.9.9 | session-1 | 1');
  const program = rig.start();
  expect(await program.waitForLine('speaks version')).toMatch(/version 2.*version 1/);
  expect(rig.gateway.lines).toHaveLength(1);
});

test('it goes to TCP when the pipe stays mute, and says so', async () => {
  const tcp = await rig.listen(WELCOME, true);
  const program = rig.start({ InpTcpPort: tcp.port }, { MT5_PIPE_BLIND: '1' });
  await tcp.line(([kind]) => kind === 'state', 9_000);
  expect(await program.waitForLine('linked to gateway')).toContain(`TCP 127.0.0.1:${tcp.port}`);
}, 15_000);

test('it takes a gateway that says nothing for 5 s for dead, and comes back', async () => {
  const program = await rig.linked();
  await program.waitForLine(/the gateway has been silent for 5 s/, 8_000);
  await rig.gateway.line(() => rig.gateway.connections === 2);
}, 15_000);

test('it stays with a gateway that says every second that it is alive', async () => {
  await rig.linked();
  for (let second = 0; second < 7; second += 1) {
    rig.gateway.send('alive');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  expect(rig.gateway.connections).toBe(1);
  expect((await rig.gateway.ask('ping')).end[0]).toBe('ok');
}, 15_000);
