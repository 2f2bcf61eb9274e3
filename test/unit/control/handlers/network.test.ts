import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../../main/config/settings.ts';
import { CONTROL_CALLS, type ControlInput } from '../../../../main/control/contract.ts';
import { networkHandlers } from '../../../../main/control/handlers/network.ts';
import { createLog } from '../../../../main/log.ts';
import { fakeNetwork, SECRETS } from '../../../fakes/fake-pairings.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { recorder } from './recorder.ts';

const BY = 'operator@me';
const NOON_MS = Date.UTC(2026, 0, 5, 12);
const DAY_MS = 86_400_000;
const ALPHA = { name: 'alpha', role: 'trade' } as const;

function rig(settings: Partial<Settings> = {}, canRecord = true) {
  const network = fakeNetwork();
  const { recorded, record } = recorder();
  const logged: string[] = [];
  const handlers = networkHandlers({
    ...{ network, clock: new SimulatedClock(NOON_MS), log: createLog((line) => logged.push(line)) },
    settings: { security: 'encrypted', host: '0.0.0.0', allowFrom: [], ...settings },
    endpoints: { command: 'tcp://0.0.0.0:5555', data: 'tcp://0.0.0.0:5556', events: 'tcp://0.0.0.0:5557' },
    addresses: () => [{ address: '192.168.1.5', device: 'eth0' }],
    record: async (...row) => (await record(...row)) && canRecord,
  });
  const pair = async (input: ControlInput<'pair'> = ALPHA) => {
    const output = await handlers.pair(input, BY);
    expect(CONTROL_CALLS.pair.output.parse(output)).toEqual(output);
    return output;
  };
  return { network, handlers, recorded, logged, pair };
}

describe('pairing a brain', () => {
  it('gives its connection file, a name for that, and what to type on its machine', async () => {
    const paired = await rig().pair({ ...ALPHA, host: 'gateway.lan' });
    expect(paired).toMatchObject({
      ...{ paired: true, file: 'alpha.connection.json', client: { name: 'alpha', label: 'alpha', role: 'trade' } },
      connection: { version: 1, client_id: 'alpha', role: 'trade', host: 'gateway.lan', expires: null },
    });
    expect(paired.paired ? paired.commands.slice(1) : []).toEqual([
      'chmod 600 ~/alpha.connection.json',
      'mt5-fabric-brain heartbeat --connection ~/alpha.connection.json',
    ]);
  });

  it('puts no secret into any command, row or line of the log', async () => {
    const { pair, recorded, logged } = rig();
    const paired = await pair();
    const told = JSON.stringify([paired.paired ? paired.commands : [], recorded, logged]);
    for (const secret of Object.values(SECRETS)) expect(told).not.toContain(secret);
  });

  it('is recorded as the doing of whoever asked, with what tells the key', async () => {
    const { pair, recorded } = rig();
    await pair({ ...ALPHA, expires_days: 90 });
    const expires = new Date(NOON_MS + 90 * DAY_MS).toISOString();
    const payload = { name: 'alpha', role: 'trade', fingerprint: 'AB12 CD34 EF56 7890', expires, host: '10.9.9.9' };
    expect(recorded).toEqual([{ type: 'CLIENT_PAIRED', payload, by: BY }]);
  });

  it('expires whole days from now, or never', async () => {
    const { pair, network } = rig();
    await pair({ ...ALPHA, expires_days: 1 });
    await pair({ ...ALPHA, name: 'beta' });
    expect(network.pairings.list().map(({ expiresMs }) => expiresMs)).toEqual([NOON_MS + DAY_MS, null]);
  });

  it('in local mode is for the address under which others will reach this machine', async () => {
    const paired = await rig({ security: 'local', host: '127.0.0.1' }).pair();
    expect(paired).toMatchObject({ paired: true, connection: { host: '192.168.1.5' } });
  });

  it('that cannot be recorded does not stand', async () => {
    const { pair, network } = rig({}, false);
    expect(await pair()).toEqual({ paired: false, message: 'the audit log cannot record it, so nobody was paired' });
    expect(network.pairings.list()).toEqual([]);
  });

  it('that can neither be recorded nor undone says so', async () => {
    const { pair, network, logged } = rig({}, false);
    network.pairings.revoke = () => Promise.resolve({ ok: false, message: 'disk full' });
    expect(await pair()).toEqual({ paired: false, message: 'alpha is paired, but not on record: revoke it' });
    expect(logged.join()).toContain('disk full');
  });

  it('of a name that is paired is refused in words and leaves no row', async () => {
    const { pair, recorded } = rig();
    await pair();
    expect(await pair()).toEqual({ paired: false, message: '"alpha" is paired already' });
    expect(recorded).toHaveLength(1);
  });

  it('for kill alone names no command that the brain may not give', async () => {
    const paired = await rig().pair({ name: 'panic', role: 'kill' });
    expect(paired.paired ? paired.commands.join() : '').not.toContain('mt5-fabric-brain');
  });

  it.each([
    [{ name: 'a b', role: 'trade' }, '1 to 64 characters'],
    [{ name: 'alpha', role: 'admin' }, 'one of read, trade, kill'],
    [{ ...ALPHA, host: 'a; rm' }, 'an address or name'],
    [{ ...ALPHA, expires_days: 0 }, ''],
    [{ ...ALPHA, expires_days: 3_651 }, ''],
  ])('takes no %j', (input, message) => {
    const parsed = CONTROL_CALLS.pair.input.safeParse(input);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues[0]?.message).toContain(message);
  });
});

describe('revoking a brain', () => {
  it('ends its pairing and records why', async () => {
    const { pair, handlers, network, recorded } = rig();
    await pair();
    const revoked = await handlers.revoke({ name: 'alpha', reason: 'lost laptop' }, BY);
    expect(CONTROL_CALLS.revoke.output.parse(revoked)).toEqual(revoked);
    expect(revoked).toMatchObject({ revoked: true, client: { name: 'alpha' } });
    expect(network.pairings.list()).toEqual([]);
    const payload = { name: 'alpha', role: 'trade', fingerprint: 'AB12 CD34 EF56 7890' };
    expect(recorded.at(-1)).toEqual({ type: 'CLIENT_REVOKED', payload, by: BY, reason: 'lost laptop' });
  });

  it('stands also where the audit log cannot record it', async () => {
    const { handlers, network, logged } = rig({}, false);
    await network.pairings.pair({ ...ALPHA, expiresMs: null, host: null });
    expect(await handlers.revoke({ name: 'alpha', reason: 'lost' }, BY)).toMatchObject({ revoked: true });
    expect(network.pairings.list()).toEqual([]);
    expect(logged.join()).toContain('revocation-not-recorded');
  });

  it('of nobody is refused in words and leaves no row', async () => {
    const { handlers, recorded } = rig();
    const revoked = await handlers.revoke({ name: 'beta', reason: 'lost' }, BY);
    expect(revoked).toEqual({ revoked: false, message: 'no brain "beta" is paired' });
    expect(recorded).toEqual([]);
  });
});

describe('renaming a brain', () => {
  it('changes what it is called, and records what it was', async () => {
    const { pair, handlers, recorded } = rig();
    await pair();
    const renamed = await handlers.rename({ name: 'alpha', label: 'Trend 1' }, BY);
    expect(CONTROL_CALLS.rename.output.parse(renamed)).toEqual(renamed);
    expect(renamed).toMatchObject({ renamed: true, client: { name: 'alpha', label: 'Trend 1' } });
    const payload = { name: 'alpha', old: 'alpha', new: 'Trend 1' };
    expect(recorded.at(-1)).toEqual({ type: 'CLIENT_RENAMED', payload, by: BY });
    expect(await handlers.rename({ name: 'beta', label: 'x' }, BY)).toMatchObject({ renamed: false });
  });

  it.each(['', 'x'.repeat(65), 'a\u001b[31m', 'a\nb', '\u202eabc', 'a\ud800'])('takes no label %j', (label) => {
    expect(CONTROL_CALLS.rename.input.safeParse({ name: 'alpha', label }).success).toBe(false);
  });
});

describe('the network of a gateway', () => {
  it('is told in the form of the contract', async () => {
    const { pair, handlers } = rig();
    await pair();
    const network = await handlers.network({}, BY);
    expect(CONTROL_CALLS.network.output.parse(network)).toEqual(network);
    expect(network).toMatchObject({
      ...{ security: 'encrypted', host: '0.0.0.0', is_open: true, server_fingerprint: '0123 4567 89AB CDEF' },
      paired: [{ name: 'alpha' }],
    });
  });
});
