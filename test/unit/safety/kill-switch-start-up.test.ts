import { describe, expect, test } from 'vitest';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, Rig, tradingRig } from './rig.ts';

const mode = (rig: Rig) => rig.safety.state().mode;
const kinds = (rig: Rig) => rig.safety.state().causes.map(({ kind }) => kind);

describe('the first run', () => {
  test('on paper arms itself, on record, and trades without waiting for beats', async () => {
    const rig = await tradingRig();
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 1, causes: [] });
    expect(rig.token.content).toMatchObject({ epoch: 1, account: { mode: 'PAPER' } });
    expect(rig.audit.rows[0]).toMatchObject({ type: 'ARMED', reason: 'FIRST_RUN', epoch: 1 });
  });

  test('on a real account is halted until it is resumed once', async () => {
    const rig = new Rig();
    rig.terminal.become({ account: { login: '1', server: 'Live', mode: 'REAL' } });
    await rig.startUp();
    expect(kinds(rig)).toEqual(['FIRST_RUN']);
    expect(rig.token.content).toBeNull();
    expect(await rig.safety.resume('operator', 'first day')).toMatchObject({ ok: true });
  });

  test('arms only after that is recorded', async () => {
    const rig = new Rig();
    rig.audit.hold();
    void rig.startUp();
    await settle();
    expect(rig.token.arms).toBe(0);
    expect(mode(rig)).toBe('SUSPENDED');
    rig.audit.release();
    await settle();
    expect(mode(rig)).toBe('TRADING');
  });

  test('halts where it cannot be recorded', async () => {
    const rig = new Rig();
    rig.audit.breakDown();
    await rig.startUp();
    expect(mode(rig)).toBe('HALTED');
    expect(rig.token.content).toBeNull();
    expect(kinds(rig)).not.toContain('STARTING');
  });

  test('halts where the token cannot be written', async () => {
    const rig = new Rig();
    rig.token.canArm = false;
    await rig.startUp();
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'TOKEN' }] });
  });

  test.each(['audit', 'token'] as const)('that is killed while the %s is being written stays halted', async (what) => {
    const rig = new Rig();
    rig[what].hold();
    void rig.startUp();
    await settle();
    rig.safety.raise(kill({ flatten: 'none' }));
    rig[what].release();
    await settle();
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', recorded: true, causes: [{ kind: 'WIRE' }] });
    expect(rig.token.content).toBeNull();
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(mode(next)).toBe('HALTED');
  });
});

describe('start-up', () => {
  test('that was killed before it was complete stays halted', async () => {
    const rig = new Rig();
    rig.safety.raise(kill({ flatten: 'none' }));
    await rig.startUp();
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'WIRE' }] });
    expect(rig.token.content).toBeNull();
    expect(rig.terminal.latchedAt).toBe(rig.safety.state().epoch);
  });

  test('stays suspended until it is complete, and may be completed later', async () => {
    const rig = new Rig();
    await rig.startUp({ selfTestPassed: false });
    await rig.clock.advance(60_000);
    expect(mode(rig)).toBe('SUSPENDED');
    expect(rig.token.content).toBeNull();
    await rig.startUp();
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', causes: [] });
  });

  test('that halts before it is complete cannot be resumed until it is', async () => {
    const rig = (await tradingRig()).restarted({ cleanStop: false });
    await rig.startUp({ selfTestPassed: false });
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({
      ok: false,
      standing: expect.arrayContaining([expect.stringContaining('self-test')]) as string[],
    });
    await rig.startUp();
    expect(kinds(rig)).toEqual(['CRASH']);
    expect(await rig.safety.resume('operator', 'all fine')).toMatchObject({ ok: true });
  });

  test('that is completed at the second call flattens once', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await settle();
    const next = rig.restarted({ cleanStop: false });
    await next.startUp({ selfTestPassed: false });
    await next.clock.advance(5_000);
    next.terminal.open({ comment: 'by hand' });
    await next.startUp();
    await next.clock.advance(5_000);
    expect(next.terminal.book.size).toBe(1);
  });

  test('after a clean stop trades again, past every earlier epoch', async () => {
    const rig = await tradingRig();
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(next.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 2 });
    expect(next.token.content?.epoch).toBe(2);
  });

  test('after a clean stop while suspended trades again', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ kind: 'TERMINAL', mode: 'SUSPENDED', flatten: 'none' }));
    await settle();
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(next.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 3 });
  });

  test('after a clean stop before it was complete trades again', async () => {
    const once = (await tradingRig()).restarted({ cleanStop: true });
    await once.startUp({ selfTestPassed: false });
    const next = once.restarted({ cleanStop: true });
    await next.startUp();
    expect(mode(next)).toBe('TRADING');
  });

  test('after a crash is halted until a person resumes', async () => {
    const next = (await tradingRig()).restarted({ cleanStop: false });
    await next.startUp();
    expect(kinds(next)).toEqual(['CRASH']);
    expect(next.token.content).toBeNull();
    await next.clock.advance(60_000);
    expect(mode(next)).toBe('HALTED');
    expect(await next.safety.resume('operator', 'power cut')).toMatchObject({ ok: true });
  });

  test('with REDUCE_ONLY before a clean stop is REDUCE_ONLY again', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ kind: 'LIMIT', mode: 'REDUCE_ONLY', flatten: 'none', actor: 'gateway' }));
    await settle();
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(next.safety.state()).toMatchObject({ mode: 'REDUCE_ONLY', causes: [{ kind: 'LIMIT' }] });
  });

  test('after a resume and a clean stop trades', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    await rig.safety.resume('operator', 'all fine');
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(mode(next)).toBe('TRADING');
  });

  test('waits for an unknown outcome, and trades three beats after it is known', async () => {
    const rig = new Rig();
    await rig.startUp({ unknownOrders: 1 });
    await rig.clock.advance(60_000);
    expect(kinds(rig)).toEqual(['UNKNOWN_ORDER']);
    rig.safety.clear('UNKNOWN_ORDER');
    await rig.clock.advance(3_000);
    expect(mode(rig)).toBe('TRADING');
  });
});

describe('a crash during a kill', () => {
  test('before anything was recorded leaves it halted', async () => {
    const rig = await tradingRig();
    rig.audit.hold();
    rig.token.hold();
    rig.safety.raise(kill());
    await settle();
    const next = rig.restarted({ cleanStop: false });
    next.token.release();
    await next.startUp();
    expect(mode(next)).toBe('HALTED');
  });

  test('after only the token was gone leaves it halted, also when the log claims a clean stop', async () => {
    const rig = await tradingRig();
    rig.audit.hold();
    rig.safety.raise(kill());
    await settle();
    const next = rig.restarted({ cleanStop: true });
    await next.startUp();
    expect(kinds(next)).toEqual(['TOKEN']);
  });

  test('after only the record was written leaves it halted, and takes up the flatten', async () => {
    const rig = await tradingRig();
    rig.token.canDisarm = false;
    rig.terminal.open();
    rig.terminal.everyClose = () => new Promise(() => {});
    rig.safety.raise(kill());
    await settle();
    const next = rig.restarted({ cleanStop: true });
    next.token.canDisarm = true;
    next.terminal.everyClose = (_close, execute) => execute();
    await next.startUp();
    await next.clock.advance(5_000);
    expect(next.safety.state()).toMatchObject({ mode: 'HALTED', flattenPhase: 'FLAT' });
    expect(next.terminal.book.size).toBe(0);
    expect(next.token.content).toBeNull();
  });

  test('during the flatten takes it up again, with who asked for it', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.everyClose = () => new Promise(() => {});
    rig.safety.raise(kill());
    await settle();
    const next = rig.restarted({ cleanStop: false });
    next.terminal.everyClose = (_close, execute) => execute();
    await next.startUp();
    expect(next.safety.state().causes).toMatchObject([
      { kind: 'WIRE', actor: 'alpha', reason: 'enough' },
      { kind: 'CRASH' },
    ]);
    await next.clock.advance(5_000);
    expect(next.terminal.book.size).toBe(0);
    expect(next.safety.state().flattenPhase).toBe('FLAT');
    const triggers = next.audit.rows.filter(({ type }) => type === 'KILL_TRIGGER').map(({ actor }) => actor);
    expect(triggers).toEqual(['alpha', 'gateway']);
  });

  test('after the book was verified flat does not close what was opened by hand since', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(rig.audit.types()).toContain('FLAT_VERIFIED');
    rig.terminal.open({ comment: 'by hand' });
    const next = rig.restarted({ cleanStop: false });
    await next.startUp();
    await next.clock.advance(10_000);
    expect(mode(next)).toBe('HALTED');
    expect(next.terminal.book.size).toBe(1);
    const after = next.restarted({ cleanStop: false });
    await after.startUp();
    await after.clock.advance(10_000);
    expect(after.terminal.book.size).toBe(1);
  });

  test('after a second halt that came when the book was flat does not flatten again', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    rig.safety.raise(kill({ kind: 'EXCEPTION', flatten: 'none', actor: 'gateway' }));
    await settle();
    rig.terminal.open({ comment: 'by hand' });
    const next = rig.restarted({ cleanStop: false });
    await next.startUp();
    await next.clock.advance(5_000);
    expect(next.terminal.book.size).toBe(1);
  });

  test('latches the terminal at an epoch that no order of before carries', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await settle();
    const next = rig.restarted({ cleanStop: false });
    await next.startUp();
    expect(next.safety.state().epoch).toBe(rig.safety.state().epoch + 1);
    expect(next.terminal.latchedAt).toBe(next.safety.state().epoch);
  });
});
