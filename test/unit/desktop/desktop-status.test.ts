import { describe, expect, it } from 'vitest';
import { DesktopStatus } from '../../../main/desktop/desktop-status.ts';
import type { DesktopState } from '../../../main/desktop/desktop-state.ts';
import { FakeControlService } from '../../fakes/control-service.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { account, live, network, terminal } from './states.ts';

const TOPICS = ['state', 'terminal', 'account', 'network'] as const;

function rig() {
  const service = new FakeControlService();
  const clock = new SimulatedClock();
  const changes: [DesktopState, DesktopState][] = [];
  const status = new DesktopStatus(service.feed, clock, (before, after) => changes.push([before, after]));
  status.start();
  status.start();
  const unrecorded = (reason = 'x') => service.tell('state', live('HALTED', reason, { recorded: false }));
  return { service, clock, status, changes, unrecorded };
}

describe('what the desktop knows', () => {
  it('is what the gateway last told, each change with what was before', () => {
    const { service, status, changes } = rig();
    service.tell('terminal', terminal());
    service.tell('account', account());
    service.tell('state', live('TRADING'));
    expect(status.state()).toEqual({
      ...{ live: live('TRADING'), terminal: terminal(), account: account(), isUnrecorded: false },
      exposedTo: null,
    });
    expect(changes).toHaveLength(3);
    expect(changes[2]?.[0].live).toBeNull();
  });

  it('follows each topic once, and none in the end', () => {
    const { service, status } = rig();
    const followers = () => TOPICS.map((topic) => service.followers(topic));
    expect(followers()).toEqual([1, 1, 1, 1]);
    status.stop();
    status.stop();
    expect(followers()).toEqual([0, 0, 0, 0]);
  });

  it('of the network is only in which networks everyone can read and trade', () => {
    const { service, status, changes } = rig();
    service.tell('network', network('encrypted', ['10.0.0.0/24']));
    expect([status.state().exposedTo, changes.length]).toEqual([null, 0]);
    service.tell('network', network('plain-network', ['10.0.0.0/24']));
    service.tell('network', { ...network('plain-network', ['10.0.0.0/24']), refused: { 'not-in-list': 1 } });
    expect([status.state().exposedTo, changes.length]).toEqual([['10.0.0.0/24'], 1]);
  });

  it('takes a halt for unrecorded only after longer than recording takes', async () => {
    const { clock, status, unrecorded } = rig();
    unrecorded();
    await clock.advance(2_000);
    unrecorded('a second cause');
    await clock.advance(999);
    expect(status.state().isUnrecorded).toBe(false);
    await clock.advance(1);
    expect(status.state().isUnrecorded).toBe(true);
    unrecorded('a third cause');
    expect(status.state().isUnrecorded).toBe(true);
  });

  it('forgets that with the record', async () => {
    const { service, clock, status, unrecorded } = rig();
    unrecorded();
    await clock.advance(3_000);
    service.tell('state', live('HALTED'));
    expect(status.state().isUnrecorded).toBe(false);
    await clock.advance(10_000);
    expect(status.state().isUnrecorded).toBe(false);
  });

  it('says nothing of a halt that was recorded in time', async () => {
    const { service, clock, status, unrecorded } = rig();
    unrecorded();
    await clock.advance(500);
    service.tell('state', live('HALTED'));
    await clock.advance(10_000);
    expect(status.state().isUnrecorded).toBe(false);
  });
});
