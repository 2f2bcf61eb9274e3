import { rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeyFile } from '../../../main/security/key-file.ts';
import { PairingRegister } from '../../../main/security/pairing-register.ts';
import type { PairRequest } from '../../../main/security/pairings.ts';
import { plainBox } from '../../../main/security/secret-box.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const REACH = { host: '10.0.0.5', commandPort: 5_555, dataPort: 5_556, eventPort: 5_557 };
const DAY_MS = 86_400_000;

async function register(folder = temporaryFolder()) {
  const clock = new SimulatedClock();
  const keyFile = new KeyFile(folder, plainBox);
  const ended: number[] = [];
  const pairings = await PairingRegister.open({
    ...{ clock, keyFile, reach: () => REACH },
    endConnections: () => {
      ended.push(clock.monoMs());
      return Promise.resolve();
    },
  });
  return { clock, folder, keyFile, ended, pairings };
}

const alpha: PairRequest = { name: 'alpha', role: 'trade', expiresMs: null, host: null };

async function paired(pairings: PairingRegister, request: Partial<PairRequest> = {}) {
  const result = await pairings.pair({ ...alpha, ...request });
  if (!result.ok) throw new Error(result.message);
  return result;
}

describe('pairing', () => {
  it('gives a connection file with all that a brain needs, and keeps none of its secret', async () => {
    const { pairings, keyFile } = await register();
    const { client, connection } = await paired(pairings);
    expect(connection).toMatchObject({
      ...{ version: 1, client_id: 'alpha', role: 'trade', host: '10.0.0.5', expires: null },
      ...{ command_port: 5_555, data_port: 5_556, event_port: 5_557 },
    });
    expect(connection.server_key).toBe((await pairings.serverKeys()).publicKey);
    expect(client.fingerprint).toMatch(/^[0-9A-F ]{19}$/);
    expect(JSON.stringify(await keyFile.read())).not.toContain(connection.secret_key);
    expect(pairings.findByKey(connection.public_key)?.name).toBe('alpha');
  });

  it('names the address that was asked for', async () => {
    const { connection } = await paired((await register()).pairings, { host: 'gateway.lan' });
    expect(connection.host).toBe('gateway.lan');
  });

  it('is refused for a name that is paired, and for one of the gateway’s own', async () => {
    const { pairings } = await register();
    await paired(pairings);
    expect(await pairings.pair(alpha)).toMatchObject({ ok: false, message: /is paired already/ });
    for (const name of ['anonymous', 'unproven', 'self-test']) {
      expect(await pairings.pair({ ...alpha, name })).toMatchObject({ ok: false, message: /gateway's own/ });
    }
  });

  it('survives a restart, with the same keys', async () => {
    const { pairings, folder } = await register();
    const { connection } = await paired(pairings);
    const again = (await register(folder)).pairings;
    expect(again.list()).toMatchObject([{ name: 'alpha', lastAddress: null }]);
    expect((await again.serverKeys()).publicKey).toBe(connection.server_key);
    expect(again.find('alpha')?.macKey).toBe(connection.mac_key);
  });

  it('of several at once loses none', async () => {
    const { pairings, folder } = await register();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => paired(pairings, { name })));
    const again = await register(folder);
    expect(again.pairings.list().map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('that cannot be kept is none', async () => {
    const { pairings, folder } = await register();
    await paired(pairings);
    rmSync(folder, { recursive: true });
    expect(await pairings.pair({ ...alpha, name: 'beta' })).toMatchObject({ ok: false, message: /cannot be written/ });
    expect(pairings.list().map(({ name }) => name)).toEqual(['alpha']);
  });
});

describe('revoking', () => {
  it('ends what runs under the key, and the key is nobody’s then', async () => {
    const { pairings, ended, folder } = await register();
    const { connection } = await paired(pairings);
    expect(await pairings.revoke('alpha')).toMatchObject({ ok: true, client: { name: 'alpha' } });
    expect(ended).toHaveLength(1);
    expect(pairings.findByKey(connection.public_key)).toBeNull();
    expect(pairings.find('alpha')).toBeNull();
    expect((await register(folder)).pairings.list()).toEqual([]);
  });

  it('counts at once even where the disk fails', async () => {
    const { pairings, folder } = await register();
    const { connection } = await paired(pairings);
    rmSync(folder, { recursive: true });
    expect(await pairings.revoke('alpha')).toMatchObject({ ok: false, message: /cannot be written/ });
    expect(pairings.findByKey(connection.public_key)).toBeNull();
  });

  it('ends the connections of the others once, not again when it is next looked who has expired', async () => {
    const { pairings, clock, ended } = await register();
    await paired(pairings);
    pairings.start();
    await clock.advance(1_500);
    await pairings.revoke('alpha');
    await clock.advance(5_000);
    expect(ended).toHaveLength(1);
    pairings.stop();
  });

  it('of somebody unknown says so', async () => {
    const { pairings, ended } = await register();
    expect(await pairings.revoke('beta')).toMatchObject({ ok: false, message: /no brain "beta" is paired/ });
    expect(ended).toEqual([]);
  });
});

describe('renaming', () => {
  it('changes what it is called, not its name in the log', async () => {
    const { pairings, folder } = await register();
    await paired(pairings);
    expect(await pairings.rename('alpha', 'Anna’s momentum')).toMatchObject({ ok: true });
    expect((await register(folder)).pairings.list()).toMatchObject([{ name: 'alpha', label: 'Anna’s momentum' }]);
    expect(await pairings.rename('beta', 'x')).toMatchObject({ ok: false });
  });
});

describe('expiry', () => {
  it('ends a pairing to the second, and its connections', async () => {
    const { pairings, clock, ended } = await register();
    pairings.start();
    const { connection } = await paired(pairings, { expiresMs: clock.nowMs() + DAY_MS });
    expect(connection.expires).toBe(new Date(clock.nowMs() + DAY_MS).toISOString());
    await clock.advance(DAY_MS - 1_000);
    expect(pairings.findByKey(connection.public_key)).not.toBeNull();
    await clock.advance(2_000);
    expect(pairings.findByKey(connection.public_key)).toBeNull();
    expect(pairings.isKnownKey(connection.public_key)).toBe(true);
    expect(ended).toHaveLength(1);
    pairings.stop();
  });
});

it('says where a brain has connected from', async () => {
  const { pairings, clock } = await register();
  await paired(pairings);
  pairings.connected('alpha', '10.0.0.9');
  expect(pairings.list()[0]).toMatchObject({ lastAddress: '10.0.0.9', lastConnectedMs: clock.nowMs() });
});

it('a key file that is damaged is an error, not a new key', async () => {
  const { keyFile, folder } = await register();
  writeFileSync(keyFile.path, '{}');
  await expect(register(folder)).rejects.toThrow(/damaged/);
  expect(dirname(keyFile.path)).toBe(folder);
});
