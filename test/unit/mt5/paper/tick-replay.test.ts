import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tick } from '../../../../main/mt5/market.ts';
import type { PaperOptions } from '../../../../main/mt5/paper/paper-options.ts';
import { PaperRig, value } from '../../../fakes/paper-rig.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

const HEAD = '<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>';
const NAME = 'EURUSD_202501020000_202501022359.csv';

function tickFile(lines: readonly string[], name = NAME): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, lines.map((line) => `${line}\r\n`).join(''));
  return file;
}

/** A line `second` seconds into the day. */
function at(second: number, bid: string, ask: string): string {
  return `2025.01.02\t00:00:${second.toFixed(3).padStart(6, '0')}\t${bid}\t${ask}\t\t\t6`;
}

async function replay(ticksFile: string, options: Partial<PaperOptions> = {}) {
  const rig = await PaperRig.start({ ticksFile, ...options });
  const ticks: Tick[] = [];
  rig.terminal.subscribe(new Set(['EURUSD', 'GBPUSD', 'EURUSD.s']));
  rig.terminal.onTicks((batch) => ticks.push(...batch));
  return { rig, ticks };
}

const THREE = [HEAD, at(0, '1.5', '1.6'), at(0.25, '1.51', ''), at(2, '', '1.62')];

describe('a replayed tick file', () => {
  it('gives its symbol the prices of the file at the pace of the file, stamped with the time of now', async () => {
    const { rig, ticks } = await replay(tickFile(THREE));
    expect(value(await rig.terminal.tick('EURUSD'))).toMatchObject({ bid: 1.5, ask: 1.6 });
    const startMs = rig.clock.nowMs();
    await rig.clock.advance(2_000);
    expect(ticks.map(({ bid, ask, timeMsc }) => [bid, ask, timeMsc - startMs])).toEqual([
      [1.51, 1.6, 250],
      [1.51, 1.62, 2_000],
    ]);
  });

  it('begins again at its end, and says so', async () => {
    const { rig, ticks } = await replay(tickFile(THREE));
    await rig.clock.advance(4_000);
    expect(ticks.map(({ bid, ask }) => [bid, ask])).toEqual([
      [1.51, 1.6],
      [1.51, 1.62],
      [1.5, 1.6],
      [1.51, 1.6],
    ]);
    expect(rig.warnings).toMatchObject([{ event: expect.stringContaining('begins again') as string }]);
  });

  it('stands still at its end where it is told to, and says so', async () => {
    const { rig, ticks } = await replay(tickFile(THREE), { ticksAtEnd: 'stop' });
    await rig.clock.advance(60_000);
    expect(ticks).toHaveLength(2);
    expect(rig.warnings).toMatchObject([{ event: expect.stringContaining('stand still') as string }]);
    expect(value(await rig.terminal.tick('EURUSD'))).toMatchObject({ bid: 1.51, ask: 1.62 });
  });

  it('runs as many times faster as it is told to', async () => {
    const { rig, ticks } = await replay(tickFile(THREE), { ticksSpeed: 10 });
    await rig.clock.advance(200);
    expect(ticks).toHaveLength(2);
  });

  it('shortens pauses like that of a weekend to five seconds', async () => {
    const { rig, ticks } = await replay(tickFile([...THREE.slice(0, 2), '2025.01.06\t00:00:00.000\t1.7\t1.8']));
    await rig.clock.advance(5_000);
    expect(ticks.map(({ bid }) => bid)).toEqual([1.7]);
  });

  it('leaves the other symbols to move by themselves, and its own one not', async () => {
    const { rig, ticks } = await replay(tickFile(THREE), { ticksPerSecond: 4, ticksAtEnd: 'stop' });
    await rig.clock.advance(10_000);
    expect(ticks.filter(({ symbol }) => symbol === 'EURUSD')).toHaveLength(2);
    expect(ticks.filter(({ symbol }) => symbol === 'GBPUSD').length).toBeGreaterThan(20);
  });

  it('sets off stops like any price', async () => {
    const { rig } = await replay(tickFile([HEAD, at(0, '1.5', '1.6'), at(1, '1.4', '1.5')]), { ticksAtEnd: 'stop' });
    await rig.send({ volumeLots: 0.01, sl: 1.45 });
    await rig.clock.advance(1_000);
    expect((await rig.history()).deals.at(-1)).toMatchObject({ reason: 'SL', price: 1.4 });
  });

  it('is found by the name of its symbol without the broker’s suffix too', async () => {
    const { rig } = await replay(tickFile(THREE), { suffix: '.s' });
    expect(value(await rig.terminal.tick('EURUSD.s'))).toMatchObject({ bid: 1.5 });
  });

  it('may hold several symbols in a column', async () => {
    const head = '<SYMBOL>\t<DATE>\t<TIME>\t<BID>\t<ASK>';
    const lines = [head, 'EURUSD\t2025.01.02\t00:00:00\t1.5\t1.6', 'GBPUSD\t2025.01.02\t00:00:01\t1.7\t1.8'];
    const { rig, ticks } = await replay(tickFile(lines, 'all.csv'), { ticksAtEnd: 'stop' });
    await rig.clock.advance(1_000);
    expect(ticks).toMatchObject([{ symbol: 'GBPUSD', bid: 1.7 }]);
  });

  it('skips bad lines and names each with its number, twenty of them at most', async () => {
    const bad = Array.from({ length: 30 }, () => 'nonsense');
    const file = tickFile([...THREE.slice(0, 2), ...bad, at(1, '1.55', '1.6')]);
    const { rig, ticks } = await replay(file, { ticksAtEnd: 'stop' });
    await rig.clock.advance(1_000);
    expect(ticks.map(({ bid }) => bid)).toEqual([1.55]);
    const named = rig.warnings.flatMap(({ fields }) => (fields as { line?: number } | undefined)?.line ?? []);
    expect(named).toEqual(Array.from({ length: 20 }, (_, count) => count + 3));
  });

  it('is read to its end without a line end, over chunks, whole', async () => {
    const lines = Array.from({ length: 5_000 }, (_, count) => at(count / 100, (1.5 + count / 1e5).toFixed(5), '1.9'));
    const file = tickFile([]);
    writeFileSync(file, [HEAD, ...lines].join('\n'));
    const { rig, ticks } = await replay(file, { ticksAtEnd: 'stop' });
    await rig.clock.advance(50_000);
    expect(ticks).toHaveLength(4_999);
    expect(ticks.at(-1)?.bid).toBe(1.54999);
  });
});

describe('a tick file that cannot be used', () => {
  it.each([
    ['is not there', () => join(temporaryFolder(), NAME), /cannot be read.*ENOENT/],
    ['is no tick export', () => tickFile(['hello', 'world']), /line 1: no column <DATE>/],
    ['has nothing in it', () => tickFile([HEAD]), /has no tick/],
    ['begins with a bad line', () => tickFile([HEAD, 'nonsense']), /line 2: the date/],
    ['is of an unknown symbol', () => tickFile(THREE, 'NOSUCH_2025.csv'), /line 2: .*no symbol NOSUCH/],
  ])('that %s is refused at start', async (_, file, why) => {
    await expect(replay(file())).rejects.toThrow(why);
  });
});
