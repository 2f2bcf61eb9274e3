import { describe, expect, test } from 'vitest';
import type { Log } from '../../../main/log.ts';
import { DiskWatch, freeBytesOf } from '../../../main/safety/disk-watch.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { tradingRig, type Rig } from './rig.ts';

const MIB = 1024 * 1024;
const LEVELS = { warnBytes: 1_024 * MIB, reduceBytes: 200 * MIB };

interface Watched {
  readonly rig: Rig;
  readonly watch: DiskWatch;
  readonly logged: string[];
  free: number | 'unknown';
  asked: number;
}

async function watched(free: number | 'unknown' = 2_000 * MIB): Promise<Watched> {
  const rig = await tradingRig();
  const logged: string[] = [];
  const note = (event: string) => void logged.push(event);
  const log: Log = { info: note, warn: note, error: note };
  const freeBytes = () => {
    state.asked += 1;
    return state.free === 'unknown' ? Promise.reject(new Error('EIO')) : Promise.resolve(state.free);
  };
  const announce = rig.events.push.bind(rig.events);
  const watch = new DiskWatch({ clock: rig.clock, safety: rig.safety, log, announce, freeBytes }, LEVELS);
  const state: Watched = { rig, watch, logged, free, asked: 0 };
  watch.start();
  await settle();
  return state;
}

const warnings = ({ rig }: Watched) => rig.events.filter(({ event }) => event === 'LIMIT').map(({ data }) => data);
const mode = ({ rig }: Watched) => rig.safety.state().mode;

describe('a disk that fills up', () => {
  test('gives a warning below the first level, once', async () => {
    const state = await watched(LEVELS.warnBytes);
    expect(warnings(state)).toEqual([]);
    state.free = LEVELS.warnBytes - 1;
    await state.rig.clock.advance(9_999);
    expect(warnings(state)).toEqual([]);
    await state.rig.clock.advance(60_001);
    expect(warnings(state)).toEqual([{ limit: 'DISK', value: LEVELS.warnBytes - 1, limit_value: LEVELS.warnBytes }]);
    expect(state.logged).toEqual(['disk-space-low']);
    expect(mode(state)).toBe('TRADING');
  });

  test('gives the warning anew when it has had room in between', async () => {
    const state = await watched(LEVELS.warnBytes - 1);
    state.free = LEVELS.warnBytes;
    await state.rig.clock.advance(10_000);
    state.free = LEVELS.warnBytes - 1;
    await state.rig.clock.advance(10_000);
    expect(warnings(state)).toHaveLength(2);
    expect(state.logged).toEqual(['disk-space-low', 'disk-space-back', 'disk-space-low']);
  });

  test('allows only closing below the second level, and that stands against a resume until there is room', async () => {
    const state = await watched(LEVELS.reduceBytes);
    expect(mode(state)).toBe('TRADING');
    state.free = LEVELS.reduceBytes - 1;
    await state.rig.clock.advance(10_000);
    expect(state.rig.safety.state()).toMatchObject({
      mode: 'REDUCE_ONLY',
      causes: [{ kind: 'DISK', reason: 'the disk of the audit log has 199 MiB free, less than 200 MiB' }],
    });
    expect(await state.rig.safety.resume('operator', 'go on')).toMatchObject({ ok: false });
    state.free = LEVELS.reduceBytes;
    await state.rig.clock.advance(10_000);
    expect(mode(state)).toBe('REDUCE_ONLY');
    expect(await state.rig.safety.resume('operator', 'made room')).toMatchObject({ ok: true });
  });

  test('restricts again when it fills up again', async () => {
    const state = await watched(0);
    state.free = LEVELS.reduceBytes;
    await state.rig.clock.advance(10_000);
    await state.rig.safety.resume('operator', 'made room');
    state.free = 0;
    await state.rig.clock.advance(10_000);
    expect(mode(state)).toBe('REDUCE_ONLY');
  });

  test('that is full at the start restricts at once', async () => {
    const state = await watched(0);
    expect(mode(state)).toBe('REDUCE_ONLY');
    expect(warnings(state)).toHaveLength(1);
  });
});

describe('a disk that cannot be asked', () => {
  test('is logged once and restricts nothing', async () => {
    const state = await watched('unknown');
    await state.rig.clock.advance(60_000);
    expect(state.logged).toEqual(['disk-space-unknown']);
    expect(state.asked).toBe(7);
    expect(mode(state)).toBe('TRADING');
  });

  test('says nothing new about a disk that was full', async () => {
    const state = await watched(0);
    state.free = 'unknown';
    await state.rig.clock.advance(10_000);
    expect(await state.rig.safety.resume('operator', 'go on')).toMatchObject({ ok: false });
  });

  test('is logged again when it could be asked in between', async () => {
    const state = await watched('unknown');
    state.free = 2_000 * MIB;
    await state.rig.clock.advance(10_000);
    state.free = 'unknown';
    await state.rig.clock.advance(10_000);
    expect(state.logged).toEqual(['disk-space-unknown', 'disk-space-unknown']);
  });
});

test('levels of 0 ask for nothing', async () => {
  const rig = await tradingRig();
  const { clock, safety } = rig;
  const announce = rig.events.push.bind(rig.events);
  const log: Log = { info: () => {}, warn: () => {}, error: () => {} };
  const levels = { warnBytes: 0, reduceBytes: 0 };
  new DiskWatch({ clock, safety, log, announce, freeBytes: () => Promise.resolve(0) }, levels).start();
  await clock.advance(20_000);
  expect(safety.state().mode).toBe('TRADING');
  expect(rig.eventKinds()).not.toContain('LIMIT');
});

test('a second start asks no more often', async () => {
  const state = await watched();
  state.watch.start();
  await state.rig.clock.advance(10_000);
  expect(state.asked).toBe(2);
});

test('after a stop it is not asked any more, and an answer on its way counts no more', async () => {
  const state = await watched();
  state.watch.stop();
  state.watch.stop();
  await state.rig.clock.advance(60_000);
  expect(state.asked).toBe(1);
  state.free = 0;
  state.watch.start();
  state.watch.stop();
  await settle();
  expect(mode(state)).toBe('TRADING');
});

test('the free space of a folder is a number of bytes, and of none is an error', async () => {
  const folder = temporaryFolder();
  expect(await freeBytesOf(folder)).toBeGreaterThan(0);
  await expect(freeBytesOf(`${folder}/gone`)).rejects.toThrow('ENOENT');
});
