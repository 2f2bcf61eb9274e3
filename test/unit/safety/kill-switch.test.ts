import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLATTEN_SCOPES } from '../../../main/protocol/payloads.ts';
import { MODES, type Trigger } from '../../../main/safety/trading-state.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, Rig, tradingRig } from './rig.ts';

describe('a kill', () => {
  test('is in force on return, with latch, token and record under way', async () => {
    const rig = await tradingRig();
    rig.token.hold();
    rig.audit.hold();
    rig.safety.raise(kill());
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account', epoch: 2, recorded: false });
    expect(rig.safety.gate('OPEN_ORDER')?.code).toBe('KILL_SWITCH_ENGAGED');
    expect(rig.terminal.calls[0]).toBe('halt 2');
    expect(rig.token.disarms).toBe(1);
    expect(rig.eventKinds()).toEqual(expect.arrayContaining(['TRADING_STATE', 'KILL_SWITCH']));
  });

  test('latches the terminal before it asks it anything else', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.safety.raise(kill());
    await settle();
    expect(rig.terminal.calls.indexOf('halt 2')).toBe(0);
    expect(rig.terminal.closes.map(({ epoch }) => epoch)).toEqual([2]);
  });

  test('closes positions while token and audit log hang', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.place();
    rig.token.hold();
    rig.audit.hold();
    rig.safety.raise(kill());
    const report = await rig.safety.killReport();
    expect(report).toMatchObject({ positions_closed: 1, orders_cancelled: 1, flatten: 'EMPTY' });
    expect(rig.safety.state().recorded).toBe(false);
    rig.token.release();
    rig.audit.release();
    await settle();
    expect(rig.safety.state().recorded).toBe(true);
  });

  test('is not called recorded until both token and audit log have answered', async () => {
    const rig = await tradingRig();
    rig.audit.hold();
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    expect(rig.token.content).toBeNull();
    expect(rig.safety.state().recorded).toBe(false);
    rig.audit.release();
    await settle();
    expect(rig.safety.state().recorded).toBe(true);
  });

  test('kill switch 35: with the disk full at K2 and K3 it stays halted, says so, and is recorded once there is room', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.token.canDisarm = false;
    rig.audit.breakDown();
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', recorded: false, flattenPhase: 'FLAT' });
    expect(rig.terminal.book.size).toBe(0);
    rig.token.canDisarm = true;
    rig.audit.repair();
    await rig.clock.advance(10_000);
    expect(rig.safety.state().recorded).toBe(true);
    expect(rig.token.content).toBeNull();
    expect(rig.audit.types()).toContain('KILL_LATCHED');
  });

  test('is not called recorded by the token alone', async () => {
    const rig = await tradingRig();
    rig.audit.breakDown();
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    expect(rig.token.content).toBeNull();
    expect(rig.safety.state().recorded).toBe(false);
    rig.audit.repair();
    await rig.clock.advance(1_000);
    expect(rig.safety.state().recorded).toBe(true);
    expect(rig.audit.types()).toContain('KILL_LATCHED');
  });

  test('is not called recorded by the audit log alone', async () => {
    const rig = await tradingRig();
    rig.token.canDisarm = false;
    rig.safety.raise(kill({ flatten: 'none' }));
    await rig.clock.advance(5_000);
    expect(rig.audit.types()).toContain('KILL_LATCHED');
    expect(rig.safety.state().recorded).toBe(false);
    rig.token.canDisarm = true;
    await rig.clock.advance(10_000);
    expect(rig.safety.state().recorded).toBe(true);
  });

  test('is written as trigger, intent and latched, with its causes', async () => {
    const rig = await tradingRig();
    const before = rig.audit.rows.length;
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    const rows = rig.audit.rows.slice(before);
    expect(rows.map(({ type }) => type)).toEqual(['KILL_TRIGGER', 'KILL_INTENT', 'KILL_LATCHED', 'TOKEN_REMOVED']);
    expect(rows[0]).toMatchObject({ actorKind: 'client', actor: 'alpha', reason: 'enough', epoch: 2, mode: 'HALTED' });
    expect(JSON.parse(rows[2]?.payload ?? '')).toMatchObject({
      flatten: 'none',
      causes: [{ kind: 'WIRE', actor: 'alpha', reason: 'enough' }],
    });
  });

  test('given twice is two triggers and one state', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    const first = rig.safety.state();
    rig.safety.raise(kill());
    await settle();
    expect(rig.safety.state()).toMatchObject({ mode: first.mode, flatten: first.flatten, epoch: first.epoch });
    expect(rig.audit.types().filter((type) => type === 'KILL_TRIGGER')).toHaveLength(2);
    expect(rig.eventKinds().filter((kind) => kind === 'KILL_SWITCH')).toHaveLength(2);
  });

  test('after another that has been verified flat closes what has come since', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await rig.clock.advance(3_000);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
    rig.terminal.open();
    rig.safety.raise(kill());
    expect(rig.safety.state().flattenPhase).toBe('FLATTENING');
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 1, flatten: 'EMPTY' });
    await rig.clock.advance(3_000);
    expect(rig.safety.state().flattenPhase).toBe('FLAT');
  });

  test('reaches the state although a listener and the event channel throw', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.safety.onChange(() => {
      throw new Error('a window that is gone');
    });
    rig.events.push = () => {
      throw new Error('a closed socket');
    };
    rig.safety.raise(kill());
    await settle();
    expect(rig.safety.state().mode).toBe('HALTED');
    expect(rig.terminal.book.size).toBe(0);
  });

  test('that only halts keeps positions and still latches the terminal', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.safety.raise(kill({ flatten: 'none' }));
    await rig.clock.advance(5_000);
    expect(rig.terminal.book.size).toBe(1);
    expect(rig.terminal.latchedAt).toBe(2);
    expect(rig.safety.state().flattenPhase).toBe('NONE');
  });

  test('that halts, and then one that flattens, closes all', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    rig.safety.raise(kill());
    await settle();
    expect(rig.terminal.book.size).toBe(0);
  });

  test('that halts does not stop the flatten of one before it', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.latencyMs = 100;
    rig.safety.raise(kill());
    rig.safety.raise(kill({ flatten: 'none' }));
    await rig.clock.advance(1_000);
    expect(rig.terminal.book.size).toBe(0);
  });

  test('still takes the token away when the gateway is stopping', async () => {
    const rig = await tradingRig();
    await rig.safety.stop();
    rig.safety.raise(kill());
    await settle();
    expect(rig.safety.state().mode).toBe('HALTED');
    expect(rig.token.content).toBeNull();
  });
});

describe('the report of a kill', () => {
  test('comes at once when positions are kept', async () => {
    const rig = await tradingRig();
    rig.terminal.latencyMs = 500;
    rig.safety.raise(kill({ flatten: 'none' }));
    expect(await rig.safety.killReport()).toMatchObject({ flatten: 'NONE', total_positions: 0, tickets: [] });
  });

  test('comes at once on an empty book', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    expect(await rig.safety.killReport()).toMatchObject({ flatten: 'EMPTY', positions_closed: 0, total_positions: 0 });
  });

  test('comes at once while an order is in flight, and does not call the book empty', async () => {
    const rig = await tradingRig();
    rig.tradesInFlight = 1;
    rig.safety.raise(kill());
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 0, flatten: 'FLATTENING' });
    rig.terminal.open();
    rig.tradesInFlight = 0;
    await rig.clock.advance(2_000);
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 1, total_positions: 1, flatten: 'EMPTY' });
  });

  test('comes after a second with what has been done so far', async () => {
    const rig = await tradingRig();
    rig.terminal.concurrency = 1;
    for (let n = 0; n < 20; n += 1) rig.terminal.open();
    rig.terminal.latencyMs = 50;
    rig.safety.raise(kill());
    let report: Awaited<ReturnType<typeof rig.safety.killReport>> | null = null;
    void rig.safety.killReport().then((given) => (report = given));
    await rig.clock.advance(999);
    expect(report).toBeNull();
    await rig.clock.advance(1);
    expect(report).toMatchObject({ total_positions: 20, flatten: 'FLATTENING' });
    expect(report!.positions_closed).toBeGreaterThan(0);
    expect(report!.tickets).toHaveLength(20);
  });

  test('names each ticket with its outcome', async () => {
    const rig = await tradingRig();
    const position = rig.terminal.open({ symbol: 'XAUUSD', volumeLots: 0.3 });
    const order = rig.terminal.place();
    rig.safety.raise(kill());
    expect((await rig.safety.killReport()).tickets).toEqual([
      expect.objectContaining({ ticket: order.ticket, kind: 'order', state: 'CANCELLED' }),
      expect.objectContaining({ ticket: position.ticket, kind: 'position', symbol: 'XAUUSD', state: 'CLOSED' }),
    ]);
  });
});

describe('SUSPENDED', () => {
  const linkDown: Trigger = {
    kind: 'TERMINAL',
    mode: 'SUSPENDED',
    flatten: 'none',
    actor: 'gateway',
    reason: 'link down',
  };

  test('ends three beats after its cause is gone', async () => {
    const rig = await tradingRig();
    rig.safety.raise(linkDown);
    await rig.clock.advance(10_500);
    rig.safety.clear('TERMINAL');
    await rig.clock.advance(2_999);
    expect(rig.safety.state().mode).toBe('SUSPENDED');
    await rig.clock.advance(1);
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 2 });
  });

  test('neither latches the terminal nor takes the token, which follows the epoch', async () => {
    const rig = await tradingRig();
    rig.safety.raise(linkDown);
    await settle();
    expect(rig.terminal.latchedAt).toBeNull();
    expect(rig.token.content?.epoch).toBe(2);
    expect(rig.audit.types()).toContain('MODE_CHANGED');
    expect(rig.audit.types()).not.toContain('KILL_LATCHED');
  });

  test('that becomes a halt while the token is being renewed leaves no token', async () => {
    const rig = await tradingRig();
    rig.safety.raise(linkDown);
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    expect(rig.token.content).toBeNull();
  });

  test('asked for while halted is shown and changes nothing else', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    const { disarms } = rig.token;
    rig.safety.raise(linkDown);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', recorded: true, epoch: 2 });
    expect(rig.safety.state().causes.map(({ kind }) => kind)).toEqual(['WIRE', 'TERMINAL']);
    expect(rig.token.disarms).toBe(disarms);
  });
});

describe('the audit log', () => {
  test('that cannot be written halts', async () => {
    const rig = await tradingRig();
    rig.audit.breakDown({ message: 'disk full' });
    await rig.audit.append([]);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'AUDIT' }] });
    expect(rig.safety.state().causes[0]?.reason).toContain('disk full');
  });
});

describe('stop', () => {
  test('changes nothing of the state and leaves no timer that acts', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.become({ linked: false });
    rig.safety.raise(kill());
    await settle();
    const stopped = rig.safety.stop();
    await rig.clock.advance(1_000);
    await stopped;
    const state = rig.safety.state();
    const calls = rig.terminal.calls.length;
    rig.terminal.become({ linked: true });
    await rig.clock.advance(60_000);
    expect(rig.terminal.calls).toHaveLength(calls);
    expect(rig.safety.state()).toEqual(state);
  });

  test('does not wait longer than a second for a record that hangs', async () => {
    const rig = await tradingRig();
    rig.audit.hold();
    rig.safety.raise(kill({ flatten: 'none' }));
    let isStopped = false;
    void rig.safety.stop().then(() => (isStopped = true));
    await rig.clock.advance(999);
    expect(isStopped).toBe(false);
    await rig.clock.advance(1);
    expect(isStopped).toBe(true);
  });
});

describe('whatever is raised', () => {
  const triggers: fc.Arbitrary<Trigger> = fc.record({
    kind: fc.constantFrom('WIRE', 'OPERATOR', 'TERMINAL', 'LIMIT', 'AUDIT'),
    mode: fc.constantFrom('SUSPENDED', 'REDUCE_ONLY', 'HALTED'),
    flatten: fc.constantFrom(...FLATTEN_SCOPES),
    actor: fc.constantFrom('alpha', 'operator', 'gateway'),
    reason: fc.constantFrom('one', 'two'),
  });
  const modeOf = ({ mode, flatten }: Trigger) => (flatten === 'none' ? mode : 'HALTED');

  test('the state is the maximum of it, the terminal is latched at its epoch, and nothing is sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(triggers, fc.integer({ min: 0, max: 400 })), { minLength: 1, maxLength: 10 }),
        fc.nat({ max: 3 }),
        async (raised, positions) => {
          const rig = await tradingRig();
          for (let n = 0; n < positions; n += 1) rig.terminal.open();
          for (const [trigger, waitMs] of raised) {
            rig.safety.raise(trigger);
            await rig.clock.advance(waitMs);
          }
          const { mode, flatten, epoch } = rig.safety.state();
          const modes = raised.map(([trigger]) => MODES.indexOf(modeOf(trigger)));
          const scopes = raised.map(([trigger]) => FLATTEN_SCOPES.indexOf(trigger.flatten));
          expect(mode).toBe(MODES[Math.max(...modes)]);
          expect(flatten).toBe(FLATTEN_SCOPES[Math.max(...scopes)]);
          expect(rig.terminal.latchedAt).toBe(mode === 'HALTED' ? epoch : null);
          expect(rig.terminal.count('send')).toBe(0);
          await rig.clock.advance(5_000);
          expect(rig.terminal.book.size).toBe(flatten === 'account' ? 0 : positions);
          expect(rig.token.content === null).toBe(mode !== 'SUSPENDED');
          await rig.safety.stop();
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('a rig that was never started up does not trade', () => {
  expect(new Rig().safety.gate('OPEN_ORDER')?.code).toBe('TRADING_SUSPENDED');
});
