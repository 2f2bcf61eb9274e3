import { describe, expect, test } from 'vitest';
import { HALT_FILE_TRIGGER } from '../../../main/safety/halt-file.ts';
import { answered } from '../../fakes/fake-terminal.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, tradingRig, type Rig } from './rig.ts';

const halt = kill({ flatten: 'none' });

async function haltedRig(): Promise<Rig> {
  const rig = await tradingRig();
  rig.safety.raise(halt);
  await settle();
  return rig;
}

function expectHalted(rig: Rig): void {
  const { mode, epoch } = rig.safety.state();
  expect(mode).toBe('HALTED');
  expect(rig.token.content).toBeNull();
  expect(rig.terminal.latchedAt).toBe(epoch);
}

describe('a resume', () => {
  test('goes back to TRADING with a new epoch, a new token and an unlatched terminal', async () => {
    const rig = await haltedRig();
    const result = await rig.safety.resume('operator@desk', 'looked at it, all fine');
    expect(result).toMatchObject({ ok: true, state: { mode: 'TRADING', epoch: 3, causes: [], flatten: 'none' } });
    expect(rig.token.content).toMatchObject({ epoch: 3, armedBy: 'operator@desk' });
    expect(rig.terminal.latchedAt).toBeNull();
    expect(rig.safety.gate('OPEN_ORDER')).toBeNull();
  });

  test('is written with who, why and what was acknowledged, before anything else happens', async () => {
    const rig = await haltedRig();
    rig.audit.hold();
    const result = rig.safety.resume('operator@desk', 'all fine');
    await settle();
    expect(rig.token.arms).toBe(1);
    expect(rig.terminal.count('release')).toBe(0);
    expect(rig.safety.state().mode).toBe('HALTED');
    rig.audit.release();
    await result;
    const row = rig.audit.rows.find(({ type }) => type === 'RESUME');
    expect(row).toMatchObject({ actorKind: 'operator', actor: 'operator@desk', reason: 'all fine', epoch: 3 });
    expect(row?.payload).toContain('enough');
  });

  test('leaves no try to take the token away', async () => {
    const rig = await tradingRig();
    rig.token.canDisarm = false;
    rig.safety.raise(halt);
    await settle();
    rig.token.canDisarm = true;
    await rig.safety.resume('operator', 'all fine');
    await rig.clock.advance(60_000);
    expect(rig.token.content?.epoch).toBe(3);
  });

  test('ends REDUCE_ONLY too', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ mode: 'REDUCE_ONLY', flatten: 'none' }));
    await settle();
    expect(rig.token.content).toBeNull();
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
  });

  test('works after a flatten that has been verified, and the next kill is as good as the first', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
    rig.terminal.open();
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', epoch: 4, flattenPhase: 'FLAT' });
    expect(rig.terminal.book.size).toBe(0);
    expectHalted(rig);
  });
});

describe('a resume is refused', () => {
  test.each(['', '  ok  ', 'x'.repeat(281)])('without a reason of 3 to 280 characters: "%s"', async (reason) => {
    const rig = await haltedRig();
    expect(await rig.safety.resume('operator', reason)).toMatchObject({ ok: false });
    expectHalted(rig);
  });

  test('where there is nothing to resume', async () => {
    const rig = await tradingRig();
    expect(await rig.safety.resume('operator', 'just in case')).toMatchObject({ ok: false });
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 1 });
    expect(rig.token.content?.epoch).toBe(1);
  });

  test('while a cause stands, and names it', async () => {
    const rig = await tradingRig();
    rig.safety.raise(HALT_FILE_TRIGGER);
    await settle();
    const refused = await rig.safety.resume('operator', 'all fine');
    expect(refused).toMatchObject({ ok: false, standing: [`HALT_FILE: ${HALT_FILE_TRIGGER.reason}`] });
    rig.safety.clear('HALT_FILE');
    expect(rig.safety.state().mode).toBe('HALTED');
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
  });

  test('while a flatten is under way, and names what is still open', async () => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.open({ symbol: 'XAUUSD' });
    rig.terminal.everyClose = () => answered(10_006);
    rig.safety.raise(kill());
    await settle();
    const refused = await rig.safety.resume('operator', 'all fine');
    expect(refused).toMatchObject({ ok: false, message: expect.stringContaining(`${ticket} XAUUSD`) as string });
  });

  test('before a flatten has been verified', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await settle();
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: false });
  });

  test('and the refusal is on record', async () => {
    const rig = await haltedRig();
    await rig.safety.resume('operator@desk', 'no');
    await settle();
    expect(rig.audit.rows.at(-1)).toMatchObject({ type: 'RESUME_REFUSED', actor: 'operator@desk', reason: 'no' });
  });

  test('when the audit log cannot record it', async () => {
    const rig = await haltedRig();
    rig.audit.breakDown();
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: false });
    await settle();
    expectHalted(rig);
    expect(rig.terminal.count('release')).toBe(0);
  });

  test('when the token cannot be written', async () => {
    const rig = await haltedRig();
    rig.token.canArm = false;
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({
      ok: false,
      message: expect.stringContaining('disk full') as string,
    });
    await settle();
    expectHalted(rig);
    expect(rig.terminal.count('release')).toBe(0);
  });

  test('when the terminal does not answer, and its latch is asked for again under a newer epoch', async () => {
    const rig = await haltedRig();
    rig.terminal.acks = false;
    const refused = rig.safety.resume('operator', 'all fine');
    await rig.clock.advance(5_000);
    expect(await refused).toMatchObject({ ok: false });
    rig.terminal.acks = true;
    await rig.clock.advance(10_000);
    expectHalted(rig);
    expect(rig.safety.state().epoch).toBe(4);
  });

  test('while another one is under way', async () => {
    const rig = await haltedRig();
    rig.audit.hold();
    const first = rig.safety.resume('operator', 'all fine');
    expect(await rig.safety.resume('other', 'all fine too')).toMatchObject({ ok: false });
    rig.audit.release();
    expect(await first).toMatchObject({ ok: true });
    expect(rig.token.arms).toBe(2);
  });
});

describe('a kill during a resume', () => {
  const steps: readonly (readonly [string, (rig: Rig) => void, (rig: Rig) => void])[] = [
    ['while it is being recorded', (rig) => rig.audit.hold(), (rig) => rig.audit.release()],
    ['while the token is written', (rig) => rig.token.hold(), (rig) => rig.token.release()],
    ['while the terminal is released', (rig) => slowRelease(rig), () => {}],
  ];

  test.each(steps)('wins %s', async (_when, block, unblock) => {
    const rig = await haltedRig();
    rig.terminal.open();
    block(rig);
    const resumed = rig.safety.resume('operator', 'all fine');
    await settle();
    rig.safety.raise(kill());
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account', epoch: 4 });
    unblock(rig);
    await rig.clock.advance(5_000);
    expect(await resumed).toMatchObject({ ok: false });
    expectHalted(rig);
    expect(rig.safety.state()).toMatchObject({ recorded: true, flattenPhase: 'FLAT' });
    expect(rig.terminal.book.size).toBe(0);
  });

  test.each(steps)('%s still stands after a restart', async (_when, block, unblock) => {
    const rig = await haltedRig();
    block(rig);
    const resumed = rig.safety.resume('operator', 'all fine');
    await settle();
    rig.safety.raise(halt);
    unblock(rig);
    await rig.clock.advance(5_000);
    await resumed;
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(next.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'WIRE', reason: 'enough' }] });
  });

  function slowRelease(rig: Rig): void {
    const release = rig.terminal.release.bind(rig.terminal);
    rig.terminal.release = async (epoch) => {
      const isReleased = await release(epoch);
      await new Promise<void>((resolve) => {
        rig.clock.after(1_000, resolve);
      });
      return isReleased;
    };
  }
});
