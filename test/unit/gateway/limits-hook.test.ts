import { describe, expect, it } from 'vitest';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { refusal } from '../../../main/protocol/codes.ts';
import { FakeLimits } from '../../fakes/fake-guards.ts';
import { answered, LOST } from '../../fakes/fake-terminal.ts';
import { ORDER, Rig } from './rig.ts';

function withLimits() {
  const limits = new FakeLimits();
  return { limits, rig: new Rig({}, { limits }) };
}

describe('an order and the limits', () => {
  it('is shown to them as it was asked for, before anything is recorded', async () => {
    const { rig, limits } = withLimits();
    const held = Promise.withResolvers<undefined>();
    limits.gate = held.promise;
    await rig.open({ reqId: 'a', client: 'alpha' });
    expect(limits.asked).toMatchObject([{ client: 'alpha', order: { ...ORDER, type: 'MARKET' } }]);
    expect(rig.statuses('a')).toEqual([]);
    held.resolve(undefined);
    await rig.settle();
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE']);
  });

  it('that they refuse is not sent, is recorded, and has used its id up', async () => {
    const { rig, limits } = withLimits();
    limits.refusal = refusal('RISK_LIMIT', '0.1 lots are more than the limit of 0.05');
    const refused = await rig.open({ reqId: 'a' });
    expect(refused.answer).toMatchObject({ status: 'ERROR', code: 'RISK_LIMIT', error: limits.refusal.message });
    limits.refusal = null;
    expect((await rig.open({ reqId: 'a' })).answer).toMatchObject({ code: 'RISK_LIMIT', duplicate: true });
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    expect(rig.terminal.sent).toEqual([]);
  });

  it('a halt while they think is noticed', async () => {
    const { rig, limits } = withLimits();
    const held = Promise.withResolvers<undefined>();
    limits.gate = held.promise;
    const asked = await rig.open();
    rig.safety.become('HALTED');
    held.resolve(undefined);
    await rig.settle();
    expect(asked.answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect([rig.terminal.sent.length, limits.open]).toEqual([0, 0]);
  });

  it('when they do not answer in time nothing is sent, and a late yes counts no longer', async () => {
    const { rig, limits } = withLimits();
    const held = Promise.withResolvers<undefined>();
    limits.gate = held.promise;
    const asked = await rig.open({ reqId: 'a' });
    await rig.clock.advance(1_500);
    await rig.settle();
    expect(asked.replies).toBe(1);
    expect(rig.statuses('a')).toEqual(['REFUSED']);
    held.resolve(undefined);
    await rig.settle();
    expect([rig.terminal.sent.length, limits.open]).toEqual([0, 0]);
  });

  it.each([
    ['is filled', () => {}],
    ['is rejected', (rig: Rig) => rig.terminal.sendScripts.push(() => answered(RETCODE.NO_MONEY))],
    ['cannot be recorded', (rig: Rig) => rig.audit.breakDown()],
  ])('counts until it has its outcome: it %s', async (_what, prepare) => {
    const { rig, limits } = withLimits();
    prepare(rig);
    await rig.open();
    expect([limits.asked.length, limits.open]).toEqual([1, 0]);
  });

  it('counts as long as its outcome is not known', async () => {
    const { rig, limits } = withLimits();
    rig.terminal.sendScripts.push(() => LOST);
    await rig.open();
    expect(limits.open).toBe(1);
    await rig.clock.advance(2_000);
    expect(limits.open).toBe(0);
  });

  it('a duplicate of a recorded order does not count', async () => {
    const before = new Rig();
    await before.open({ reqId: 'a' });
    const limits = new FakeLimits();
    const rig = new Rig({}, { limits, audit: before.audit.reopened(), clock: before.clock });
    expect((await rig.open({ reqId: 'a' })).answer.duplicate).toBe(true);
    expect(limits.open).toBe(0);
  });

  it('are not asked about what opens nothing', async () => {
    const { rig, limits } = withLimits();
    const { ticket } = rig.terminal.open();
    await rig.ask('CLOSE_POSITION', { payload: { ticket } });
    await rig.ask('CLOSE_ALL');
    expect(limits.asked).toEqual([]);
  });
});

describe('a rejection', () => {
  it('by the broker is told to the limits, whatever was asked for', async () => {
    const { rig, limits } = withLimits();
    rig.terminal.sendScripts.push(() => answered(RETCODE.NO_MONEY));
    await rig.open({ client: 'alpha' });
    const { ticket } = rig.terminal.open();
    rig.terminal.everyClose = () => answered(RETCODE.MARKET_CLOSED);
    await rig.ask('CLOSE_POSITION', { client: 'beta', payload: { ticket } });
    await rig.ask('CLOSE_ALL', { client: 'gamma' });
    expect(limits.rejections).toEqual(['alpha', 'beta', 'gamma']);
  });

  it('by the gateway, a lost answer, and what was never sent are none', async () => {
    const { rig, limits } = withLimits();
    rig.terminal.sendScripts.push(
      () => LOST,
      () => ({ kind: 'unsent', message: 'the terminal is away' }),
    );
    await rig.open();
    await rig.open();
    await rig.open({ timestamp: 1 });
    expect(limits.rejections).toEqual([]);
  });
});
