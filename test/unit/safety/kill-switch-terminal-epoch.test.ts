import { describe, expect, test } from 'vitest';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, Rig, tradingRig } from './rig.ts';

const causes = ({ safety }: Rig) => safety.state().causes.map(({ kind, mode }) => `${kind} ${mode}`);

describe('a terminal that knows more of halts than this gateway', () => {
  test('has its epoch passed at the start', async () => {
    const rig = new Rig();
    rig.terminal.become({ latch: { epoch: 50, isOn: false } });
    await rig.startUp();
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: 51 });
  });

  test('and is latched at the start halts until it is resumed, above its epoch', async () => {
    const rig = new Rig();
    rig.terminal.become({ latch: { epoch: 50, isOn: true } });
    await rig.startUp();
    expect(rig.safety.state().mode).toBe('HALTED');
    expect(causes(rig)).toEqual(['TERMINAL HALTED']);
    expect(rig.safety.state().causes[0]!.reason).toContain('epoch 50');
    await rig.safety.resume('operator', 'looked at everything');
    expect(rig.safety.state().mode).toBe('TRADING');
    expect(rig.safety.state().epoch).toBeGreaterThan(51);
  });

  test('says nothing new at the start where a halt stands in the log anyway', async () => {
    const before = await tradingRig();
    before.safety.raise(kill());
    await settle();
    const rig = before.restarted({ cleanStop: true });
    rig.terminal.become({ latch: { epoch: 2, isOn: true } });
    await rig.startUp();
    expect(causes(rig)).toEqual(['WIRE HALTED']);
  });

  test.each([
    ['that is latched', { epoch: 1, isOn: true }],
    ['that is ahead', { epoch: 9, isOn: false }],
  ])('%s when it links halts a gateway that trades', async (_how, latch) => {
    const rig = await tradingRig();
    rig.terminal.become({ latch });
    await settle();
    expect(rig.safety.state().mode).toBe('HALTED');
    expect(causes(rig)).toEqual(['TERMINAL HALTED']);
    expect(rig.safety.state().epoch).toBeGreaterThan(latch.epoch);
    expect(rig.terminal.latchedAt).toBe(rig.safety.state().epoch);
  });

  test('is overtaken while the gateway is halted', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ flatten: 'none' }));
    rig.terminal.become({ latch: { epoch: 30, isOn: true } });
    await settle();
    expect(rig.safety.state().epoch).toBe(31);
    expect(rig.terminal.latchedAt).toBe(31);
    expect(causes(rig)).toEqual(['WIRE HALTED']);
  });

  test('tells of its own release in the middle of a resume, and that is no news', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ flatten: 'none' }));
    await settle();
    const { epoch } = rig.safety.state();
    const release = rig.terminal.release.bind(rig.terminal);
    rig.terminal.release = (asked) => {
      rig.terminal.become({ latch: { epoch: asked, isOn: false } });
      return release(asked);
    };
    await rig.safety.resume('operator', 'looked at everything');
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', epoch: epoch + 1, causes: [] });
  });
});
