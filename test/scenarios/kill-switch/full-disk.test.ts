import { describe, expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';

type Failure = 'K2' | 'K3';

/** A gateway with one position whose disk fails at these steps of a kill. */
async function rigWithFullDisk(failures: readonly Failure[]): Promise<FabricRig> {
  const rig = await FabricRig.start();
  rig.brain('alpha').open();
  await rig.settle();
  if (failures.includes('K2')) rig.token.canDisarm = false;
  if (failures.includes('K3')) rig.audit.breakDown({ message: 'disk full' });
  return rig;
}

/** The kill is in force and closes all, and says that it is not recorded. */
async function expectKilledUnrecorded(rig: FabricRig): Promise<void> {
  const kill = rig.brain('beta').send('KILL_SWITCH');
  expect(rig.mode()).toBe('HALTED');
  await rig.settle();
  expect(kill.answer).toMatchObject({
    status: 'SUCCESS',
    data: { mode: 'HALTED', positions_closed: 1, flatten: 'EMPTY', recorded: false },
  });
  await rig.advance(60_000);
  expect(await rig.positions()).toEqual([]);
  expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flattenPhase: 'FLAT', recorded: false });
  expect(rig.events.at(-1)?.data).toMatchObject({ recorded: false });
}

async function expectHalted(rig: FabricRig): Promise<void> {
  await rig.advance(60_000);
  expect(rig.mode()).toBe('HALTED');
  const order = rig.brain('gamma').open();
  await rig.settle();
  expect(order.answer.code).toBe('KILL_SWITCH_ENGAGED');
  expect(rig.written('send')).toEqual([]);
}

describe('a full disk', () => {
  test('kill switch 35: with the disk full at K2 a kill closes all, and a crash comes back halted', async () => {
    const rig = await rigWithFullDisk(['K2']);
    await expectKilledUnrecorded(rig);
    expect(rig.token.content).not.toBeNull();
    await expectHalted(await rig.restarted());
  });

  test('kill switch 35: with the disk full at K3 a kill closes all, and a crash comes back halted', async () => {
    const rig = await rigWithFullDisk(['K3']);
    await expectKilledUnrecorded(rig);
    expect(rig.token.content).toBeNull();
    expect(rig.rows()).not.toContain('KILL_INTENT');
    await expectHalted(await rig.restarted());
  });

  test('kill switch 35: with the disk full at K2 and K3 a kill closes all, and a crash comes back halted', async () => {
    const rig = await rigWithFullDisk(['K2', 'K3']);
    await expectKilledUnrecorded(rig);
    expect(rig.token.content).not.toBeNull();
    await expectHalted(await rig.restarted());
  });

  test('kill switch 35: with the disk full at K2 and K3 a stop does not count as one in order, and comes back halted', async () => {
    const rig = await rigWithFullDisk(['K2', 'K3']);
    await expectKilledUnrecorded(rig);
    // There is room for rows again, and the token still does not go.
    rig.audit.repair();
    await rig.stop();
    expect(rig.token.content).not.toBeNull();
    expect(rig.rows()).not.toContain('SESSION_STOPPED');
    const next = await rig.restarted();
    expect(next.safety.state().causes.map(({ kind }) => kind)).toContain('CRASH');
    await expectHalted(next);
  });

  test('kill switch 35: with the disk full at K2 and K3 a stop that finds room at last records the kill, and comes back halted', async () => {
    const rig = await rigWithFullDisk(['K2', 'K3']);
    await expectKilledUnrecorded(rig);
    rig.audit.repair();
    rig.token.canDisarm = true;
    await rig.stop();
    expect(rig.token.content).toBeNull();
    expect(rig.rows()).toContain('KILL_LATCHED');
    expect(rig.rows().at(-1)).toBe('SESSION_STOPPED');
    const next = await rig.restarted();
    expect(next.safety.state().causes.map(({ kind }) => kind)).toContain('WIRE');
    await expectHalted(next);
  });
});
