import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../main/log.ts';
import { ClockWatch } from '../../../main/safety/clock-watch.ts';
import { Leases } from '../../../main/safety/leases.ts';
import { tradingRig, type Rig } from './rig.ts';

interface Watched {
  readonly rig: Rig;
  readonly watch: ClockWatch;
  readonly jumps: string[];
}

async function watched(): Promise<Watched> {
  const rig = await tradingRig();
  const jumps: string[] = [];
  const onJump = (reason: string) => jumps.push(`${rig.safety.state().mode}: ${reason}`);
  const watch = new ClockWatch({ clock: rig.clock, safety: rig.safety, log: silentLog, onJump });
  watch.start();
  return { rig, watch, jumps };
}

const mode = ({ rig }: Watched) => rig.safety.state().mode;

describe('a system time that is set', () => {
  test.each([2_001, -2_001, 3_600_000, -3_600_000])('by %d ms suspends at the next look', async (byMs) => {
    const state = await watched();
    await state.rig.clock.advance(499);
    state.rig.clock.stepWall(byMs);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(state.rig.safety.state()).toMatchObject({ mode: 'SUSPENDED', causes: [{ kind: 'CLOCK', standing: true }] });
  });

  test.each([2_000, -2_000])('by %d ms is no jump', async (byMs) => {
    const state = await watched();
    state.rig.clock.stepWall(byMs);
    await state.rig.clock.advance(10_000);
    expect(mode(state)).toBe('TRADING');
    expect(state.jumps).toEqual([]);
  });

  test('says which way and how far, after trading has been suspended', async () => {
    const state = await watched();
    state.rig.clock.stepWall(3_600_000);
    await state.rig.clock.advance(500);
    state.rig.clock.stepWall(-3_000);
    await state.rig.clock.advance(500);
    expect(state.jumps).toEqual([
      'SUSPENDED: the system time was set forward by 3600.0 s',
      'SUSPENDED: the system time was set back by 3.0 s',
    ]);
  });

  test('suspends until three beats after the next steady look, once', async () => {
    const state = await watched();
    state.rig.clock.stepWall(3_600_000);
    await state.rig.clock.advance(500);
    await state.rig.clock.advance(500 + 2_999);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(60_000);
    expect(state.jumps).toHaveLength(1);
    expect(mode(state)).toBe('TRADING');
  });

  test('again and again keeps trading suspended', async () => {
    const state = await watched();
    for (let n = 0; n < 40; n += 1) {
      state.rig.clock.stepWall(n % 2 === 0 ? 5_000 : -5_000);
      await state.rig.clock.advance(500);
      expect(mode(state)).toBe('SUSPENDED');
    }
    expect(state.jumps).toHaveLength(40);
  });

  test('little by little is no jump, however far it gets', async () => {
    const state = await watched();
    for (let n = 0; n < 20; n += 1) {
      state.rig.clock.stepWall(1_900);
      await state.rig.clock.advance(500);
    }
    expect(state.jumps).toEqual([]);
    expect(mode(state)).toBe('TRADING');
  });
});

describe('a machine that sleeps', () => {
  test('is told from a system time that is set', async () => {
    const state = await watched();
    state.rig.clock.sleep(2_001);
    await state.rig.clock.advance(500);
    expect(state.jumps).toEqual(['SUSPENDED: the machine slept for 2.0 s']);
  });

  test('is seen also where the system time was set back by as much', async () => {
    const state = await watched();
    state.rig.clock.sleep(60_000);
    state.rig.clock.stepWall(-60_000);
    await state.rig.clock.advance(500);
    expect(state.jumps).toEqual(['SUSPENDED: the machine slept for 60.0 s']);
  });

  test('for two seconds is no jump', async () => {
    const state = await watched();
    state.rig.clock.sleep(2_000);
    await state.rig.clock.advance(500);
    expect(state.jumps).toEqual([]);
  });

  test('expires every lease', async () => {
    const rig = await tradingRig();
    const { clock, safety, audit } = rig;
    const leases = new Leases({ clock, safety, audit, announce: () => {} });
    new ClockWatch({ clock, safety, log: silentLog, onJump: (reason) => leases.expireAll(reason) }).start();
    leases.renew('alpha', 600, 'suspend');
    leases.renew('beta', 600, 'reduce_only');
    clock.sleep(3_000);
    await clock.advance(500);
    expect(safety.state()).toMatchObject({
      mode: 'REDUCE_ONLY',
      causes: [{ kind: 'CLOCK' }, { kind: 'LEASE', actor: 'alpha' }, { kind: 'LEASE', actor: 'beta' }],
    });
  });
});

test('a look that comes late is no jump', async () => {
  const state = await watched();
  const after = state.rig.clock.after.bind(state.rig.clock);
  // Time goes by without a timer, as in a process that is stopped.
  state.rig.clock.after = (delayMs, fn) => after(delayMs + 60_000, fn);
  await state.rig.clock.advance(500);
  state.rig.clock.after = after;
  await state.rig.clock.advance(120_000);
  expect(state.jumps).toEqual([]);
  expect(mode(state)).toBe('TRADING');
});

test('a second start makes no second watch', async () => {
  const state = await watched();
  state.watch.start();
  state.rig.clock.stepWall(5_000);
  await state.rig.clock.advance(500);
  expect(state.jumps).toHaveLength(1);
});

test('after a stop nothing is seen', async () => {
  const state = await watched();
  state.watch.stop();
  state.watch.stop();
  state.rig.clock.stepWall(5_000);
  await state.rig.clock.advance(5_000);
  expect(state.jumps).toEqual([]);
});

describe('a sleep that the system tells of', () => {
  test('suspends at once, where no clock shows it, and ends with the next steady look', async () => {
    const state = await watched();
    state.watch.slept(30_000);
    expect(state.jumps).toEqual(['SUSPENDED: the machine slept for 30.0 s']);
    await state.rig.clock.advance(500 + 3_000);
    expect(mode(state)).toBe('TRADING');
  });

  test('is not counted again where a look has seen it already', async () => {
    const state = await watched();
    state.rig.clock.sleep(30_000);
    await state.rig.clock.advance(500);
    state.watch.slept(30_000);
    expect(state.jumps).toHaveLength(1);
  });

  test.each([0, 2_000])('of %d ms changes nothing', async (asleepMs) => {
    const state = await watched();
    state.watch.slept(asleepMs);
    expect(state.jumps).toEqual([]);
  });

  test('changes nothing once the watch has been stopped', async () => {
    const state = await watched();
    state.watch.stop();
    state.watch.slept(30_000);
    expect(mode(state)).toBe('TRADING');
  });
});
