import { describe, expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';
import { expectOnce } from '../exactly-once/once.ts';

const ID = 'a';
const MIB = 1_048_576;
/** Longer than between two looks at the disk. */
const LOOK_MS = 11_000;

describe('a commit that fails', () => {
  test('audit log 08: a failed commit of an intent halts in the same turn, and the id is looked up until it has an end', async () => {
    const rig = await FabricRig.start();
    const brain = rig.brain('alpha');
    brain.send('HEARTBEAT');
    await rig.settle();
    const looksBefore = lookUps(rig);
    rig.audit.failNext({ ambiguous: true, written: true, message: 'disk I/O error (SQLITE_IOERR_FSYNC)' });
    const sent = brain.open({}, { reqId: ID });
    await rig.settle();
    expect(sent.answer).toMatchObject({ status: 'ERROR', code: 'AUDIT_UNAVAILABLE' });
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none' });
    expect(rig.safety.state().causes[0]).toMatchObject({
      kind: 'AUDIT',
      reason: expect.stringContaining('SQLITE_IOERR_FSYNC') as string,
    });
    expect(lookUps(rig)).toBe(looksBefore);
    await rig.advance(1_000);
    expect(lookUps(rig)).toBeGreaterThan(looksBefore);
    expect(rig.audit.rows.filter(({ reqId }) => reqId === ID).map(({ type, status }) => [type, status])).toEqual([
      ['INTENT', 'ACCEPTED'],
      ['DISPATCH', 'DISPATCHING'],
      ['OUTCOME', 'FENCED'],
      ['RECONCILED', undefined],
    ]);
    expect(await rig.audit.unsettled()).toEqual([]);
    expect(await rig.positions()).toEqual([]);
    expectOnce(rig);
  });

  test('audit log 08: what the log cannot tell while it is broken is looked up once it works again', async () => {
    const rig = await FabricRig.start();
    const brain = rig.brain('alpha');
    brain.send('HEARTBEAT');
    await rig.settle();
    rig.audit.failNext({ ambiguous: true, written: true });
    brain.open({}, { reqId: ID });
    await rig.settle();
    rig.audit.breakDown();
    await rig.advance(3_000);
    expect(await rig.audit.unsettled()).toMatchObject([{ key: { client: 'alpha', reqId: ID } }]);
    rig.audit.repair();
    await rig.advance(20_000);
    expect(await rig.audit.unsettled()).toEqual([]);
    expect(rig.mode()).toBe('HALTED');
    expect(await rig.positions()).toEqual([]);
  });
});

describe('a disk that fills up', () => {
  test('audit log 09: there is a warning, then only closing, then a halt, each in its turn', async () => {
    const rig = await FabricRig.start();
    const brain = rig.brain('alpha');
    const held = brain.open();
    await rig.settle();
    const warnings = () => rig.events.filter(({ event, data }) => event === 'LIMIT' && data['limit'] === 'DISK');

    rig.freeBytes = 1_024 * MIB;
    await rig.advance(LOOK_MS);
    expect([rig.mode(), warnings().length]).toEqual(['TRADING', 0]);

    rig.freeBytes = 1_023 * MIB;
    await rig.advance(LOOK_MS);
    expect([rig.mode(), warnings().length]).toEqual(['TRADING', 1]);
    const whileWarned = brain.open();
    await rig.settle();
    expect(whileWarned.answer.status).toBe('SUCCESS');

    rig.freeBytes = 199 * MIB;
    await rig.advance(LOOK_MS);
    expect([rig.mode(), warnings().length]).toEqual(['REDUCE_ONLY', 1]);
    const refused = brain.open();
    const closed = brain.send('CLOSE_POSITION', { ticket: held.answer.data['ticket'] });
    await rig.settle();
    expect(refused.answer).toMatchObject({ status: 'ERROR', code: 'REDUCE_ONLY' });
    expect(closed.answer.status).toBe('SUCCESS');
    await expect(rig.resume()).rejects.toThrow('DISK');

    rig.audit.breakDown({ message: 'database or disk is full (SQLITE_FULL)' });
    const last = brain.send('CLOSE_POSITION', { ticket: whileWarned.answer.data['ticket'] });
    await rig.settle();
    expect(last.answer).toMatchObject({ status: 'ERROR', code: 'AUDIT_UNAVAILABLE' });
    expect(rig.mode()).toBe('HALTED');
    expect(rig.safety.state().causes.at(-1)?.reason).toContain('SQLITE_FULL');
    expect(await rig.positions()).toHaveLength(1);
    expectOnce(rig);
  });

  test('audit log 09: with room again an operator may resume, and not before', async () => {
    const rig = await FabricRig.start();
    rig.freeBytes = 100 * MIB;
    await rig.advance(LOOK_MS);
    expect(rig.mode()).toBe('REDUCE_ONLY');
    await expect(rig.resume()).rejects.toThrow('DISK');
    rig.freeBytes = 2_000 * MIB;
    await rig.advance(LOOK_MS);
    expect(rig.mode()).toBe('REDUCE_ONLY');
    await rig.resume();
    expect(rig.mode()).toBe('TRADING');
  });
});

describe('a disk that takes its time', () => {
  test('audit log 16: with fsync delayed a HEARTBEAT is answered in its own turn, before an order that came first', async () => {
    const rig = await FabricRig.start();
    const brain = rig.brain('alpha');
    rig.audit.hold();
    const order = brain.open();
    await rig.advance(500);
    const heartbeat = brain.send('HEARTBEAT');
    expect(heartbeat.answer).toMatchObject({ status: 'SUCCESS', data: { status: 'alive' } });
    expect(order.replies).toBe(0);
    rig.audit.release();
    await rig.settle();
    expect(order.answer.status).toBe('SUCCESS');
  });

  test('audit log 16: with fsync delayed a KILL halts in its own turn, closes, and is answered; the order ahead is not sent', async () => {
    const rig = await FabricRig.start();
    const brain = rig.brain('alpha');
    brain.open();
    await rig.settle();
    rig.audit.hold();
    const order = brain.open({ symbol: 'GBPUSD' }, { reqId: ID });
    await rig.settle();
    const kill = brain.send('KILL_SWITCH');
    expect(rig.mode()).toBe('HALTED');
    await rig.advance(1_400);
    expect(kill.answer).toMatchObject({
      status: 'SUCCESS',
      data: { mode: 'HALTED', recorded: false, positions_closed: 1 },
    });
    expect(await rig.positions()).toEqual([]);
    expect(order.replies).toBe(0);
    rig.audit.release();
    await rig.advance(1_000);
    expect(order.answer).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect(rig.safety.state().recorded).toBe(true);
    expect(rig.rows()).toContain('KILL_LATCHED');
    expect(await rig.positions()).toEqual([]);
    expectOnce(rig);
  });
});

/** How often a command was looked up in the log. */
function lookUps({ process }: FabricRig): number {
  return process.moments.filter((moment) => moment === 'audit.findCommand:before').length;
}
