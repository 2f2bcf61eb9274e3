import { describe, expect, it } from 'vitest';
import { refusal } from '../../../main/protocol/codes.ts';
import { FakeLeases } from '../../fakes/fake-guards.ts';
import { Rig } from './rig.ts';

function withLeases() {
  const leases = new FakeLeases();
  return { leases, rig: new Rig({}, { leases }) };
}

describe('a HEARTBEAT with a lease', () => {
  it('is granted in the turn in which it comes, and answered with the data of a heartbeat and its length', () => {
    const { rig, leases } = withLeases();
    rig.audit.hold();
    const asked = rig.hand('HEARTBEAT', { client: 'alpha', payload: { lease_s: 60, on_expiry: 'halt_flatten' } });
    expect(asked.answer.data).toMatchObject({ status: 'alive', mode: 'TRADING', uptime_s: 0, lease_s: 60 });
    expect(leases.granted.get('alpha')).toEqual({ leaseS: 60, onExpiry: 'halt_flatten' });
  });

  it('that does not say what is to happen halts at its end', () => {
    const { rig, leases } = withLeases();
    rig.hand('HEARTBEAT', { client: 'alpha', payload: { lease_s: 1.5 } });
    expect(leases.granted.get('alpha')).toEqual({ leaseS: 1.5, onExpiry: 'halt' });
  });

  it.each([undefined, 'anonymous'])('of a client without a name of its own (%s) is refused', async (client) => {
    const { rig, leases } = withLeases();
    leases.refusal = refusal('INVALID_REQUEST', 'client_id is required for a lease');
    const asked = await rig.ask('HEARTBEAT', { payload: { lease_s: 60 }, ...(client === undefined ? {} : { client }) });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'INVALID_REQUEST' });
    expect(rig.audit.rows.at(-1)).toMatchObject({
      type: 'CLIENT_REFUSED',
      action: 'HEARTBEAT',
      code: 'INVALID_REQUEST',
    });
  });

  it('with on_expiry alone is INVALID_PAYLOAD: nothing would expire', () => {
    const { rig } = withLeases();
    const asked = rig.hand('HEARTBEAT', { client: 'alpha', payload: { on_expiry: 'halt' } });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'INVALID_PAYLOAD' });
    expect(asked.answer.error).toContain('lease_s');
  });

  it('that is not granted says so instead of an answer that looks alive', () => {
    const { rig, leases } = withLeases();
    leases.refusal = refusal('BUSY', '100 leases run already');
    const asked = rig.hand('HEARTBEAT', { client: 'alpha', payload: { lease_s: 60 } });
    expect(asked.answer).toMatchObject({ status: 'ERROR', code: 'BUSY' });
  });

  it('of a client that may not is refused without a lease', () => {
    const leases = new FakeLeases();
    const rig = new Rig({}, { leases, authorise: () => refusal('NOT_AUTHORISED', 'no') });
    const asked = rig.hand('HEARTBEAT', { client: 'alpha', payload: { lease_s: 60 } });
    expect(asked.answer.code).toBe('NOT_AUTHORISED');
    expect(leases.granted.size).toBe(0);
  });

  it('a plain one renews nothing', () => {
    const { rig, leases } = withLeases();
    const asked = rig.hand('HEARTBEAT', { client: 'alpha' });
    expect(asked.answer.data['lease_s']).toBeUndefined();
    expect(leases.granted.size).toBe(0);
  });
});

describe('BYE', () => {
  it('ends the lease in the turn in which it comes, and the event channel tells that the client goes', () => {
    const { rig, leases } = withLeases();
    rig.hand('HEARTBEAT', { client: 'alpha', payload: { lease_s: 60 } });
    rig.audit.hold();
    expect(rig.hand('BYE', { client: 'alpha' }).answer.data).toEqual({ lease_ended: true });
    expect(leases.granted.size).toBe(0);
    expect(rig.events.filter(({ event }) => event === 'CLIENT').map(({ data }) => data)).toEqual([
      { client_id: 'alpha', change: 'CONNECTED' },
      { client_id: 'alpha', change: 'BYE' },
    ]);
  });

  it('of a client without a lease ends none', () => {
    expect(withLeases().rig.hand('BYE', { client: 'alpha' }).answer.data).toEqual({ lease_ended: false });
    expect(new Rig().hand('BYE').answer.data).toEqual({ lease_ended: false });
  });
});
