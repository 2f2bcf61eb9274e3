import { describe, expect, it } from 'vitest';
import type { Role } from '../../../main/protocol/connection-file.ts';
import { Action } from '../../../main/protocol/actions.ts';
import type { ClientKeys } from '../../../main/security/key-file.ts';
import { macOf, proveRequest } from '../../../main/security/request-proof.ts';
import { mayDo } from '../../../main/security/roles.ts';

const BODY = Buffer.from('{"action":"GET_POSITIONS","client_id":"alpha"}');

function client(
  name: string,
  role: Role = 'trade',
  macKey = name.padEnd(64, '0').replaceAll(/[^0-9a-f]/g, 'c'),
): ClientKeys {
  return { name, label: name, role, publicKey: 'p', macKey, pairedMs: 0, expiresMs: name === 'late' ? 1 : null };
}

const clients = [client('alpha'), client('beta'), client('reader', 'read'), client('stopper', 'kill'), client('late')];
const known = {
  find: (name: string) => clients.find((one) => one.name === name) ?? null,
  isExpired: ({ expiresMs }: ClientKeys) => expiresMs !== null,
};
const keyOf = (name: string) => known.find(name)!.macKey;

function prove(clientId: string | null, proof: readonly Uint8Array[], action = 'GET_POSITIONS', renewsLease = false) {
  return proveRequest(BODY, proof, { clientId, action, renewsLease }, known);
}

describe('whose a request is', () => {
  it('is proved by the HMAC-SHA-256 of its bytes', () => {
    expect(prove('alpha', [macOf(BODY, keyOf('alpha'))])).toEqual({ ok: true, client: 'alpha' });
  });

  // RFC 4231, test case 2, with the key as hexadecimal digits.
  it('is proved as the standard has it', () => {
    const mac = macOf('what do ya want for nothing?', Buffer.from('Jefe').toString('hex')).toString('hex');
    expect(mac).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it.each([
    ['no name', null, [macOf(BODY, keyOf('alpha'))], /client_id is missing/],
    ['a name that is not paired', 'mallory', [macOf(BODY, keyOf('alpha'))], /no brain "mallory" is paired/],
    ['no proof', 'alpha', [], /two frames.*got 1/],
    ['two proofs', 'alpha', [macOf(BODY, keyOf('alpha')), macOf(BODY, keyOf('alpha'))], /two frames.*got 3/],
    ['the proof of another', 'beta', [macOf(BODY, keyOf('alpha'))], /under the key of "beta"/],
    ['the proof of another body', 'alpha', [macOf('{}', keyOf('alpha'))], /is not the HMAC/],
    ['half a proof', 'alpha', [macOf(BODY, keyOf('alpha')).subarray(0, 16)], /is not the HMAC/],
    ['an empty proof', 'alpha', [new Uint8Array()], /is not the HMAC/],
    ['a proof and more', 'alpha', [Buffer.concat([macOf(BODY, keyOf('alpha')), Buffer.of(0)])], /is not the HMAC/],
  ])('is not proved by %s, and counts for nobody', (_, name, proof, message) => {
    expect(prove(name, proof)).toMatchObject({
      ...{ ok: false, client: 'unproven' },
      refusal: { code: 'NOT_AUTHORISED', message: expect.stringMatching(message) as string },
    });
  });

  it('is known of one that has expired, and it may do nothing', () => {
    expect(prove('late', [macOf(BODY, keyOf('late'))], 'KILL_SWITCH')).toMatchObject({
      ...{ ok: false, client: 'late', refusal: { message: 'the pairing of "late" has expired' } },
    });
  });

  it('comes before what its role may do', () => {
    expect(prove('reader', [macOf(BODY, keyOf('alpha'))], 'OPEN_ORDER')).toMatchObject({ client: 'unproven' });
    expect(prove('reader', [macOf(BODY, keyOf('reader'))], 'OPEN_ORDER')).toMatchObject({
      ok: false,
      client: 'reader',
    });
  });
});

describe('a role', () => {
  const READS = ['HEARTBEAT', 'GET_ACCOUNT_INFO', 'GET_POSITIONS', 'GET_COMMAND', 'GET_ORDERS', 'GET_SYMBOLS'];
  const MORE_READS = ['GET_SYMBOL', 'GET_TICK', 'GET_CANDLES', 'GET_HISTORY', 'BYE'];
  const allowed: Readonly<Record<Role, readonly string[]>> = {
    read: [...READS, ...MORE_READS],
    kill: ['KILL_SWITCH'],
    trade: Object.values(Action),
  };

  it.each(['read', 'kill', 'trade'] as const)('%s may do its own and nothing else', (role) => {
    const actions = Object.values(Action).filter((action) => mayDo('x', role, { action, renewsLease: false }) === null);
    expect(actions.toSorted()).toEqual(allowed[role].toSorted());
  });

  it('read takes no lease, whose end would stop trading', () => {
    expect(mayDo('x', 'read', { action: 'HEARTBEAT', renewsLease: true })).toMatchObject({ code: 'NOT_AUTHORISED' });
    expect(mayDo('x', 'trade', { action: 'HEARTBEAT', renewsLease: true })).toBeNull();
  });

  it('does not judge what is no action: that is refused as such', () => {
    expect(mayDo('x', 'kill', { action: 'GET_RICH', renewsLease: false })).toBeNull();
    expect(mayDo('x', 'read', { action: null, renewsLease: false })).toBeNull();
  });
});
