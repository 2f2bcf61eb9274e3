import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HaltFileWatch, haltFileExists } from '../../../main/safety/halt-file.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { Rig, tradingRig } from './rig.ts';

interface Watched {
  readonly rig: Rig;
  readonly watch: HaltFileWatch;
  isThere: boolean | 'cannot tell';
}

async function watched(): Promise<Watched> {
  const rig = await tradingRig();
  const exists = () => {
    return state.isThere === 'cannot tell' ? Promise.reject(new Error('EIO')) : Promise.resolve(state.isThere);
  };
  const watch = new HaltFileWatch({ clock: rig.clock, safety: rig.safety, exists });
  const state: Watched = { rig, watch, isThere: false };
  watch.start();
  await settle();
  return state;
}

describe('a HALT file', () => {
  test('halts within a quarter of a second and keeps positions', async () => {
    const state = await watched();
    state.rig.terminal.open();
    await state.rig.clock.advance(10_000);
    expect(state.rig.safety.state().mode).toBe('TRADING');
    state.isThere = true;
    await state.rig.clock.advance(250);
    expect(state.rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none' });
    expect(state.rig.terminal.book.size).toBe(1);
  });

  test('that is there at the start halts at once', async () => {
    const rig = await tradingRig();
    new HaltFileWatch({ clock: rig.clock, safety: rig.safety, exists: () => Promise.resolve(true) }).start();
    await settle();
    expect(rig.safety.state().mode).toBe('HALTED');
  });

  test('is one trigger however long it is there, and stands against a resume until it is gone', async () => {
    const state = await watched();
    state.isThere = true;
    await state.rig.clock.advance(5_000);
    expect(state.rig.audit.types().filter((type) => type === 'KILL_TRIGGER')).toHaveLength(1);
    expect(await state.rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: false });
    state.isThere = false;
    await state.rig.clock.advance(250);
    expect(state.rig.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ standing: false }] });
    expect(await state.rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
  });

  test('that start-up saw and that is gone when the watch begins no longer stands against a resume', async () => {
    const rig = new Rig();
    await rig.startUp({ haltFile: true });
    expect(rig.safety.state().causes).toMatchObject([{ kind: 'HALT_FILE', standing: true }]);
    new HaltFileWatch({ clock: rig.clock, safety: rig.safety, exists: () => Promise.resolve(false) }).start();
    await settle();
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
  });

  test('that comes back halts again', async () => {
    const state = await watched();
    state.isThere = true;
    await state.rig.clock.advance(250);
    state.isThere = false;
    await state.rig.clock.advance(250);
    await state.rig.safety.resume('operator', 'all fine');
    state.isThere = true;
    await state.rig.clock.advance(250);
    expect(state.rig.safety.state().mode).toBe('HALTED');
  });

  test('of which nothing can be told counts as there', async () => {
    const state = await watched();
    state.isThere = 'cannot tell';
    await state.rig.clock.advance(250);
    expect(state.rig.safety.state().mode).toBe('HALTED');
  });

  test('is not looked for any more after a stop', async () => {
    const state = await watched();
    state.watch.stop();
    state.isThere = true;
    await state.rig.clock.advance(5_000);
    expect(state.rig.safety.state().mode).toBe('TRADING');
  });

  test('is found in the data folder, whatever it is', async () => {
    const folder = temporaryFolder();
    expect(await haltFileExists(folder)).toBe(false);
    expect(await haltFileExists(join(folder, 'gone'))).toBe(false);
    writeFileSync(join(folder, 'HALT'), '');
    expect(await haltFileExists(folder)).toBe(true);
    rmSync(join(folder, 'HALT'));
    mkdirSync(join(folder, 'HALT'));
    expect(await haltFileExists(folder)).toBe(true);
  });

  test('is not found below a file that stands in the place of the folder', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await haltFileExists(file)).toBe(false);
  });
});
