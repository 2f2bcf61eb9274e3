import { describe, expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';
import { expectFlat, expectNotFlat } from './flatness.ts';

/** A gateway whose account has a position of its client, one by hand, and a pending order. */
async function rigWithBook(): Promise<FabricRig> {
  const rig = await FabricRig.start();
  const alpha = rig.brain('alpha');
  alpha.open();
  alpha.open({ type: 'LIMIT', price: 1.05 });
  await rig.openByHand({ symbol: 'XAUUSD' });
  await rig.settle();
  expect(await bookOf(rig)).toEqual({ positions: 2, orders: 1 });
  return rig;
}

async function bookOf(rig: FabricRig) {
  return { positions: (await rig.positions()).length, orders: (await rig.orders()).length };
}

/** A process that died in the middle of a kill, and the next one. */
interface Crash {
  readonly killed: FabricRig;
  readonly next: FabricRig;
}

/** A crash in the middle of a kill: `prepare` says what holds it up there, `afterMs` how long after the kill at the latest. */
async function crashInKill(prepare: (rig: FabricRig) => void, afterMs = 0): Promise<Crash> {
  const killed = await rigWithBook();
  const tradedAtEpoch = killed.safety.state().epoch;
  prepare(killed);
  killed.brain('beta').send('KILL_SWITCH', { reason: 'enough' });
  await killed.advance(afterMs);
  const next = await killed.restarted();
  const { mode, epoch } = next.safety.state();
  expect(mode).toBe('HALTED');
  // Latched where no order of before is let through any more.
  expect(epoch).toBeGreaterThan(tradedAtEpoch);
  expect(next.written('halt').at(-1)).toEqual([epoch]);
  const order = next.brain('gamma').open();
  await next.settle();
  expect(order.answer.code).toBe('KILL_SWITCH_ENGAGED');
  expect(next.written('send')).toEqual([]);
  return { killed, next };
}

/** The process dies by itself when it comes to the moment. */
async function crashAt(moment: string): Promise<FabricRig> {
  const { killed, next } = await crashInKill((rig) => rig.process.dieAt(moment));
  expect(killed.process.moments.at(-1)).toBe(moment);
  return next;
}

const causes = (rig: FabricRig) => rig.safety.state().causes.map(({ kind }) => kind);

/** Nothing of the kill is on record: it stays halted with the book as it is, until a person kills again or resumes. */
async function expectHaltedAlone(next: FabricRig): Promise<void> {
  expect(causes(next)).toContain('CRASH');
  await next.advance(60_000);
  expect(next.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none', flattenPhase: 'NONE' });
  expect(await bookOf(next)).toEqual({ positions: 2, orders: 1 });
  expect(next.token.content).toBeNull();
  next.brain('beta').send('KILL_SWITCH');
  await next.advance(5_000);
  await expectFlat(next);
}

/** The kill is on record: the flatten is taken up again by itself, closes each position once, and is verified. */
async function expectTakenUp(next: FabricRig, ...more: readonly string[]): Promise<void> {
  expect(causes(next)).toEqual(['WIRE', 'CRASH', ...more]);
  expect(next.safety.state()).toMatchObject({
    flatten: 'account',
    causes: [{ actor: 'beta', reason: 'enough' }, {}, ...more.map(() => ({}))],
  });
  await next.advance(10_000);
  await expectFlat(next);
  const { deals } = await next.paper.history();
  expect(deals.map(({ entry }) => entry).sort()).toEqual(['IN', 'IN', 'OUT', 'OUT']);
  expect(next.token.content).toBeNull();
  await next.resume();
  expect(next.mode()).toBe('TRADING');
}

describe('a crash before the kill is on record', () => {
  test('kill switch 33: a crash at K0, before anything was told or written, comes back halted', async () => {
    await expectHaltedAlone(await crashAt('terminal.halt:before'));
  });

  test('kill switch 33: a crash at K1, with the terminal latched and nothing written, comes back halted', async () => {
    await expectHaltedAlone(await crashAt('token.disarm:before'));
  });

  test('kill switch 33: a crash at K2, with the token gone and no row, comes back halted', async () => {
    const { next } = await crashInKill((rig) => {
      rig.audit.hold();
      rig.process.pauseAt('terminal.orders:before');
    });
    expect(causes(next)).toEqual(['CRASH', 'TOKEN']);
    await expectHaltedAlone(next);
  });
});

describe('a crash after the kill is on record', () => {
  test('kill switch 33: a crash at K3, with the rows written and the token still there, takes the flatten up again', async () => {
    const { next } = await crashInKill((rig) => {
      rig.token.hold();
      rig.process.pauseAt('terminal.orders:before');
    });
    expect(next.token.content).not.toBeNull();
    expect(next.safety.state().recorded).toBe(false);
    next.token.release();
    await next.settle();
    expect(next.safety.state().recorded).toBe(true);
    await expectTakenUp(next, 'TOKEN');
  });

  test('kill switch 33: a crash at K4, announced and not begun to close, takes the flatten up again', async () => {
    const { killed, next } = await crashInKill((rig) => rig.process.pauseAt('terminal.orders:before'));
    expect(killed.events.map(({ event }) => event)).toContain('KILL_SWITCH');
    expect(killed.safety.state().recorded).toBe(true);
    expect([...killed.written('cancel'), ...killed.written('close')]).toEqual([]);
    await expectTakenUp(next);
  });

  test('kill switch 33: a crash at K5, before the pending order is cancelled, takes the flatten up again', async () => {
    await expectTakenUp(await crashAt('terminal.cancel:before'));
  });

  test('kill switch 33: a crash at K5, with the pending order cancelled and no answer, takes the flatten up again', async () => {
    await expectTakenUp(await crashAt('terminal.cancel:after'));
  });

  test('kill switch 33: a crash at K5, before the first close is written, takes the flatten up again', async () => {
    await expectTakenUp(await crashAt('terminal.close:before'));
  });

  test('kill switch 33: a crash at K5, with a position closed and no answer, takes the flatten up again', async () => {
    await expectTakenUp(await crashAt('terminal.close:after'));
  });

  test('kill switch 33: a crash at K6, after the first empty look, looks twice anew before it says flat', async () => {
    const { next } = await crashInKill(() => {}, 1_500);
    expect(await bookOf(next)).toEqual({ positions: 0, orders: 0 });
    await next.advance(1_999);
    expectNotFlat(next);
    await expectTakenUp(next);
  });

  test('kill switch 33: a crash at K7, before the row that says flat is on disk, verifies once more', async () => {
    const { killed, next } = await crashInKill((rig) => rig.clock.after(1_999, () => rig.audit.hold()), 3_000);
    // It had called the account flat, and no row says so.
    expect(killed.safety.state().flattenPhase).toBe('FLAT');
    expect(next.rows()).not.toContain('FLAT_VERIFIED');
    await expectTakenUp(next);
  });

  test('kill switch 33: a crash at K7, after the row that says flat, stays halted and closes nothing that comes since', async () => {
    const { next } = await crashInKill(() => {}, 3_000);
    expect(next.rows()).toContain('FLAT_VERIFIED');
    await next.openByHand();
    await next.advance(60_000);
    expect(next.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none' });
    expect(await bookOf(next)).toEqual({ positions: 1, orders: 0 });
    expect(next.written('close')).toEqual([]);
  });
});

test('kill switch 33: a crash in every start-up that takes a flatten up again ends flat all the same', async () => {
  let rig = await crashAt('terminal.cancel:before');
  for (const moment of [
    'terminal.halt:before',
    'token.disarm:after',
    'terminal.cancel:after',
    'terminal.close:after',
  ]) {
    rig.process.dieAt(moment);
    await rig.advance(500);
    rig = await rig.restarted();
    expect(rig.mode()).toBe('HALTED');
  }
  await rig.advance(10_000);
  await expectFlat(rig);
  const { deals } = await rig.paper.history();
  expect(deals.filter(({ entry }) => entry === 'OUT')).toHaveLength(2);
});
