import { describe, expect, test } from 'vitest';
import { endStartUp } from '../../../main/safety/end-start-up.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, Rig } from './rig.ts';

const ACCOUNT = { login: '7001', server: 'Broker', mode: 'DEMO' } as const;

async function ended(rig: Rig, unknownOrders = 0): Promise<() => void> {
  const { safety, terminal, audit } = rig;
  const token = await rig.token.read();
  const found = () => ({ log: audit.opened, token, unknownOrders, selfTestPassed: true, haltFile: false });
  const stop = await endStartUp({ safety, terminal, found });
  await settle();
  return stop;
}

describe('the end of start-up', () => {
  test('is at once where the terminal has said its account', async () => {
    const rig = new Rig();
    await ended(rig);
    expect(rig.safety.state()).toMatchObject({ mode: 'TRADING', causes: [] });
  });

  test('waits, suspended, for a terminal that links later, and is judged by what it says then', async () => {
    const rig = new Rig();
    rig.terminal.become({ account: null, linked: false });
    await ended(rig);
    expect(rig.safety.state().causes).toContainEqual(expect.objectContaining({ kind: 'STARTING' }));
    expect(rig.safety.state().mode).toBe('SUSPENDED');
    rig.terminal.become({ account: ACCOUNT, linked: true, latch: { epoch: 7, isOn: false } });
    await settle();
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'FIRST_RUN' }] });
    expect(rig.safety.state().epoch).toBeGreaterThan(7);
  });

  test('leaves a kill in force that came while it waited', async () => {
    const rig = new Rig();
    rig.terminal.become({ account: null });
    await ended(rig);
    rig.safety.raise(kill({ flatten: 'none' }));
    rig.terminal.become({ account: { ...ACCOUNT, mode: 'PAPER' } });
    await settle();
    expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', causes: [{ kind: 'WIRE' }] });
  });

  test('is not waited for any more once that is stopped', async () => {
    const rig = new Rig();
    rig.terminal.become({ account: null });
    const stop = await ended(rig);
    stop();
    rig.terminal.become({ account: { ...ACCOUNT, mode: 'PAPER' } });
    await settle();
    expect(rig.safety.state().mode).toBe('SUSPENDED');
  });
});
