import { describe, expect, test } from 'vitest';
import { FabricRig } from '../fabric-rig.ts';
import { expectFlat } from './flatness.ts';

const lease = (leaseS: number, onExpiry: string) => ({ lease_s: leaseS, on_expiry: onExpiry });
const leaseEnds = (rig: FabricRig) =>
  rig.audit.rows.filter(({ type }) => type === 'LEASE_ENDED').map(({ actor, payload }) => `${actor} ${payload ?? ''}`);

describe('a brain that falls silent', () => {
  test.each([1, 2.5, 60])('kill switch 18: its dead-man fires at exactly lease_s, here %d s', async (leaseS) => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    alpha.open();
    await rig.settle();
    const grantedMs = rig.clock.nowMs();
    const granted = alpha.send('HEARTBEAT', lease(leaseS, 'halt_flatten'));
    expect(granted.answer).toMatchObject({ status: 'SUCCESS', data: { lease_s: leaseS } });
    await rig.advance(leaseS * 1_000 - 1);
    expect(rig.mode()).toBe('TRADING');
    await rig.advance(1);
    expect(rig.safety.state()).toMatchObject({
      mode: 'HALTED',
      flatten: 'account',
      sinceMs: grantedMs + leaseS * 1_000,
      causes: [{ kind: 'LEASE', actor: 'alpha' }],
    });
    expect(await rig.positions()).toEqual([]);
    await rig.advance(3_000);
    await expectFlat(rig);
  });

  test.each([
    ['suspend', 'SUSPENDED'],
    ['reduce_only', 'REDUCE_ONLY'],
    ['halt', 'HALTED'],
  ])('kill switch 18: its dead-man does what it asked for and no more: %s', async (onExpiry, mode) => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    alpha.open();
    await rig.settle();
    alpha.send('HEARTBEAT', lease(5, onExpiry));
    await rig.advance(60_000);
    expect(rig.safety.state()).toMatchObject({ mode, flatten: 'none', epoch: 2 });
    expect(await rig.positions()).toHaveLength(1);
    const late = alpha.open();
    await rig.settle();
    expect(late.answer.status).toBe('ERROR');
    expect(rig.calls('send')).toBe(1);
  });

  test('kill switch 19: not a millisecond before, and a renewal in the last millisecond counts', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    alpha.send('HEARTBEAT', lease(60, 'halt'));
    for (let round = 0; round < 3; round += 1) {
      await rig.advance(59_999);
      expect(rig.mode()).toBe('TRADING');
      alpha.send('HEARTBEAT', lease(60, 'halt'));
    }
    await rig.advance(59_999);
    expect(rig.mode()).toBe('TRADING');
    await rig.advance(1);
    expect(rig.mode()).toBe('HALTED');
  });

  test('kill switch 19: a renewal in the millisecond in which the lease ends is too late, and undoes nothing', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    // Planned before the lease, so that it is handled before the timer of the lease.
    rig.clock.after(60_000, () => alpha.send('HEARTBEAT', lease(60, 'halt')));
    alpha.send('HEARTBEAT', lease(60, 'halt'));
    await rig.advance(60_000);
    expect(rig.mode()).toBe('HALTED');
    for (let round = 0; round < 5; round += 1) {
      alpha.send('HEARTBEAT', lease(60, 'halt'));
      await rig.advance(30_000);
    }
    expect(rig.mode()).toBe('HALTED');
    expect(leaseEnds(rig)).toEqual(['alpha {"change":"EXPIRED","lease_s":60,"on_expiry":"halt"}']);
  });

  test('kill switch 19: a HEARTBEAT without a lease, an order or a query renews nothing', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    alpha.send('HEARTBEAT', lease(5, 'halt'));
    for (let second = 1; second < 5; second += 1) {
      await rig.advance(1_000);
      alpha.send('HEARTBEAT');
      alpha.open({ volume: 0.01 });
      alpha.send('GET_POSITIONS');
    }
    await rig.advance(999);
    expect(rig.mode()).toBe('TRADING');
    await rig.advance(1);
    expect(rig.mode()).toBe('HALTED');
  });

  test('kill switch 20: of two brains the silent one fires, whatever the other says', async () => {
    const rig = await FabricRig.start();
    const [alpha, beta] = [rig.brain('alpha'), rig.brain('beta')];
    alpha.send('HEARTBEAT', lease(10, 'suspend'));
    beta.send('HEARTBEAT', lease(10, 'halt_flatten'));
    for (let second = 1; second < 10; second += 1) {
      await rig.advance(1_000);
      beta.send('HEARTBEAT', lease(10, 'halt_flatten'));
    }
    await rig.advance(999);
    expect(rig.mode()).toBe('TRADING');
    await rig.advance(1);
    expect(rig.safety.state()).toMatchObject({ mode: 'SUSPENDED', causes: [{ kind: 'LEASE', actor: 'alpha' }] });
    const refused = beta.open();
    await rig.settle();
    expect(refused.answer.code).toBe('TRADING_SUSPENDED');
    beta.send('HEARTBEAT', lease(10, 'halt_flatten'));
    await rig.advance(9_999);
    expect(rig.mode()).toBe('SUSPENDED');
    await rig.advance(1);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account' });
  });

  test('kill switch 21: a BYE ends the lease without firing, and only that of who says it', async () => {
    const rig = await FabricRig.start();
    const [alpha, beta] = [rig.brain('alpha'), rig.brain('beta')];
    alpha.send('HEARTBEAT', lease(5, 'halt_flatten'));
    beta.send('HEARTBEAT', lease(60, 'halt'));
    await rig.advance(4_999);
    expect(alpha.send('BYE').answer).toMatchObject({ status: 'SUCCESS', data: { lease_ended: true } });
    await rig.advance(55_000);
    expect(rig.mode()).toBe('TRADING');
    expect(leaseEnds(rig)).toEqual(['alpha {"change":"ENDED","lease_s":5,"on_expiry":"halt_flatten"}']);
    await rig.advance(1);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'none', causes: [{ actor: 'beta' }] });
  });

  test('kill switch 21: a BYE in the millisecond in which the lease ends, or after it, undoes nothing', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    rig.clock.after(5_000, () => alpha.send('BYE'));
    alpha.send('HEARTBEAT', lease(5, 'halt'));
    await rig.advance(5_000);
    expect(alpha.send('BYE').answer.data).toEqual({ lease_ended: false });
    await rig.advance(10_000);
    expect(rig.mode()).toBe('HALTED');
  });
});

describe('a clock that jumps', () => {
  test.each([3_600_000, -3_600_000])(
    'kill switch 22: a system time that is set by one hour either way suspends and ends every lease: %d ms',
    async (byMs) => {
      const rig = await FabricRig.start();
      const [alpha, beta] = [rig.brain('alpha'), rig.brain('beta')];
      alpha.open();
      await rig.settle();
      alpha.send('HEARTBEAT', lease(600, 'suspend'));
      beta.send('HEARTBEAT', lease(600, 'reduce_only'));
      rig.clock.stepWall(byMs);
      await rig.advance(500);
      expect(rig.safety.state()).toMatchObject({ mode: 'REDUCE_ONLY', epoch: 2 });
      const causes = rig.safety.state().causes.map(({ kind, actor }) => `${kind} ${actor}`);
      expect(causes).toEqual(['CLOCK gateway', 'LEASE alpha', 'LEASE beta']);
      expect(leaseEnds(rig)).toHaveLength(2);
      const refused = alpha.open();
      await rig.settle();
      expect(refused.answer.code).toBe('REDUCE_ONLY');
      expect(rig.calls('send')).toBe(1);
    },
  );

  test.each([3_600_000, -3_600_000])(
    'kill switch 22: without leases a system time that is set by one hour only suspends, until it is steady: %d ms',
    async (byMs) => {
      const rig = await FabricRig.start();
      const alpha = rig.brain('alpha');
      await rig.advance(500);
      rig.clock.stepWall(byMs);
      await rig.advance(500);
      expect(rig.safety.state()).toMatchObject({ mode: 'SUSPENDED', causes: [{ kind: 'CLOCK', standing: true }] });
      const refused = alpha.open();
      await rig.advance(500 + 2_999);
      expect(refused.answer.code).toBe('TRADING_SUSPENDED');
      expect(rig.mode()).toBe('SUSPENDED');
      await rig.advance(1);
      expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 2 });
      const order = alpha.open();
      await rig.settle();
      expect(order.answer.status).toBe('SUCCESS');
    },
  );

  test.each([3_600_000, -3_600_000])(
    'kill switch 22: a flatten under way does not follow the system time: %d ms',
    async (byMs) => {
      const rig = await FabricRig.start({ paper: { latencyMs: 500 } });
      rig.brain('alpha').open();
      await rig.advance(500);
      rig.brain('alpha').send('KILL_SWITCH');
      await rig.advance(250);
      rig.clock.stepWall(byMs);
      await rig.advance(5_000);
      await expectFlat(rig);
    },
  );

  test('kill switch 23: a machine that slept comes back suspended, with every lease fired', async () => {
    const rig = await FabricRig.start();
    const [alpha, beta] = [rig.brain('alpha'), rig.brain('beta')];
    alpha.send('HEARTBEAT', lease(600, 'suspend'));
    beta.send('HEARTBEAT', lease(600, 'suspend'));
    rig.clock.sleep(30_000);
    await rig.advance(500);
    expect(rig.safety.state()).toMatchObject({ mode: 'SUSPENDED', epoch: 2 });
    expect(rig.safety.state().causes.map(({ kind }) => kind)).toEqual(['CLOCK', 'LEASE', 'LEASE']);
    expect(rig.safety.state().causes[0]?.reason).toContain('slept');
    await rig.advance(60_000);
    expect(rig.mode()).toBe('SUSPENDED');
    alpha.send('HEARTBEAT', lease(600, 'suspend'));
    beta.send('HEARTBEAT', lease(600, 'suspend'));
    await rig.advance(3_000);
    expect(rig.mode()).toBe('TRADING');
  });

  test('kill switch 23: a lease that ran out in sleep fires before anything that the brain says after it', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    alpha.open();
    await rig.settle();
    alpha.send('HEARTBEAT', lease(10, 'halt_flatten'));
    await rig.advance(4_000);
    rig.clock.sleep(7_000);
    // The renewal is handled before any timer has run.
    alpha.send('HEARTBEAT', lease(10, 'halt_flatten'));
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account' });
    await rig.advance(3_000);
    await expectFlat(rig);
  });

  test('kill switch 23: an order that was sent before the machine slept is not carried out after it', async () => {
    const rig = await FabricRig.start();
    const alpha = rig.brain('alpha');
    const sentS = rig.clock.nowMs() / 1_000;
    rig.clock.sleep(30_000);
    const order = alpha.open({}, { timestamp: sentS });
    await rig.settle();
    expect(order.answer).toMatchObject({ status: 'ERROR', code: 'STALE' });
    expect(rig.calls('send')).toBe(0);
  });
});
