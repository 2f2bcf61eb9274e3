import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildProgram } from '../../mql5/build.ts';
import { BUILD_TIMEOUT_MS, ProgramRig } from './program-rig.ts';

const SYMBOLS = ['EURUSD', 'GBPUSD'];
/** As in TickStream.mqh: so many of a symbol go before the program reads again. */
const MOST_TICKS_A_PASS = 2_048;

let rig: ProgramRig;

beforeAll(async () => {
  await buildProgram({ variant: 'plain' });
}, BUILD_TIMEOUT_MS);
beforeEach(async () => {
  rig = await ProgramRig.open();
});
afterEach(() => rig.close());

/** Bids of the ticks of a symbol that have come, in order. */
function bids(symbol: string): readonly string[] {
  return rig.gateway.lines.filter(([kind, name]) => kind === 'tick' && name === symbol).map(([, , bid]) => bid ?? '');
}

function isTick(symbol: string, bid: string): (fields: string[]) => boolean {
  return (fields) => fields[0] === 'tick' && fields[1] === symbol && fields[2] === bid;
}

test('a set of symbols is taken whole, however many fit into a line', async () => {
  await rig.linked();
  const others = Array.from({ length: 8_000 }, (_, index) => `X${index}`);
  rig.gateway.send(['subscribe', ...others, 'EURUSD'].join(' | '));
  await rig.gateway.ask('ping');
  rig.broker.quote('EURUSD', 1.12345, 1.12355);
  await rig.gateway.line(isTick('EURUSD', '1.12345'));
});

test('a new set keeps what stays, ends what goes and takes what comes, in any order', async () => {
  await rig.linked();
  const all = ['EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD'];
  const sets = [all, ['BTCUSD', 'GBPUSD'], [], ['XAUUSD', 'GBPUSD', 'EURUSD'], all.toReversed()];
  for (const [round, set] of sets.entries()) {
    rig.gateway.send(['subscribe', ...set].join(' | '));
    await rig.gateway.ask('ping');
    // A symbol that was not in Market Watch gets a first price too: only those of this round count.
    const isOfRound = ([kind, , bid]: string[]) => kind === 'tick' && Number(bid) === 100 + round;
    for (const symbol of all) rig.broker.quote(symbol, 100 + round, 101 + round);
    for (const symbol of set) await rig.gateway.line((fields) => isOfRound(fields) && fields[1] === symbol);
    await rig.gateway.ask('ping');
    const ticked = rig.gateway.lines.filter(isOfRound).map(([, symbol]) => symbol);
    expect(ticked.toSorted()).toEqual(set.toSorted());
  }
});

test('a line with more fields than any request has is answered by its first ones', async () => {
  await rig.linked();
  const { end } = await rig.gateway.ask(['ping', ...Array.from({ length: 200 }, String)].join(' | '));
  expect(end[0]).toBe('ok');
});

test('a flood of ticks comes whole and in order, and a halt does not wait behind it', async () => {
  const program = await rig.linked();
  rig.gateway.send('subscribe | EURUSD | GBPUSD');
  // A symbol that was not in Market Watch gets its first price now.
  await rig.gateway.line(([kind, symbol]) => kind === 'tick' && symbol === 'GBPUSD');
  rig.gateway.lines.length = 0;
  const wanted = Array.from({ length: 30_000 }, (_, index) => (1 + index / 100_000).toFixed(5));
  // Halt and flood are both there when the program goes on.
  program.signal('SIGSTOP');
  rig.gateway.send('halt | 7');
  for (const bid of wanted) {
    for (const symbol of SYMBOLS) rig.broker.quote(symbol, Number(bid), Number(bid) + 0.0001);
  }
  program.signal('SIGCONT');
  const heartbeat = setInterval(() => rig.gateway.send('alive'), 1_000);
  const ends = SYMBOLS.map((symbol) => rig.gateway.line(isTick(symbol, wanted.at(-1) ?? ''), 20_000));
  await Promise.all(ends).finally(() => clearInterval(heartbeat));
  for (const symbol of SYMBOLS) expect(bids(symbol)).toEqual(wanted);
  const kinds = rig.gateway.lines.map(([kind]) => kind);
  const before = kinds.slice(0, kinds.indexOf('ack')).filter((kind) => kind === 'tick');
  expect(kinds).toContain('ack');
  expect(before.length).toBeLessThanOrEqual(SYMBOLS.length * MOST_TICKS_A_PASS);
}, 30_000);
