import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { curveKeyPair } from 'zeromq';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../main/security/fingerprint.ts';
import { type ClientKeys, KeyFile, KeyFileError, type Keys } from '../../../main/security/key-file.ts';
import { plainBox, type SecretBox } from '../../../main/security/secret-box.ts';
import { fromZ85, toZ85 } from '../../../main/security/z85.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

describe('Z85', () => {
  it('is as RFC 32 has it, both ways', () => {
    const bytes = Uint8Array.from([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b]);
    expect(toZ85(bytes)).toBe('HelloWorld');
    expect(fromZ85('HelloWorld')).toEqual(bytes);
  });

  it("writes and reads libzmq's own keys", () => {
    for (let n = 0; n < 50; n += 1) {
      const { publicKey } = curveKeyPair();
      expect(toZ85(fromZ85(publicKey)!)).toBe(publicKey);
    }
  });

  it.each(['Hell', 'Hell"', '%nSc1'.padEnd(5, '#'), '#####'])('refuses %j', (text) => {
    expect(fromZ85(text)).toBeNull();
  });

  it('takes whole words alone', () => {
    expect(() => toZ85(new Uint8Array(5))).toThrow(RangeError);
  });
});

describe('a fingerprint', () => {
  it('is 4 groups of 4, and another for another key', () => {
    const [one, other] = [curveKeyPair().publicKey, curveKeyPair().publicKey];
    expect(fingerprint(one)).toMatch(/^[0-9A-F]{4}( [0-9A-F]{4}){3}$/);
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });
});

const sealing: SecretBox = {
  name: 'system',
  seal: (secret) => Promise.resolve(`sealed:${Buffer.from(secret).toString('base64')}`),
  open: (sealed) =>
    Promise.resolve(sealed.startsWith('sealed:') ? Buffer.from(sealed.slice(7), 'base64').toString() : null),
};

function keys(): Keys {
  const client: ClientKeys = {
    ...{ name: 'alpha', label: 'Alpha at home', role: 'trade' as const, publicKey: curveKeyPair().publicKey },
    ...{ macKey: 'ab'.repeat(32), pairedMs: 1_766_800_000_000, expiresMs: null },
  };
  return { server: curveKeyPair(), clients: [client] };
}

describe('the key file', () => {
  it('is none before the first pairing', async () => {
    await expect(new KeyFile(temporaryFolder(), plainBox).read()).resolves.toBeNull();
  });

  it.each([plainBox, sealing])('gives back what was written ($name), and is its owner’s alone', async (box) => {
    const file = new KeyFile(temporaryFolder(), box);
    const written = keys();
    await file.write(written);
    expect(await file.read()).toEqual(written);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
  });

  it('holds no secret where the system has a key store', async () => {
    const file = new KeyFile(temporaryFolder(), sealing);
    const written = keys();
    await file.write(written);
    const text = readFileSync(file.path, 'utf8');
    expect(text).not.toContain(written.server.secretKey);
    expect(text).not.toContain(written.clients[0]!.macKey);
  });

  it('that the desktop app has sealed is not opened without it, and nothing is made in its place', async () => {
    const folder = temporaryFolder();
    await new KeyFile(folder, sealing).write(keys());
    const file = new KeyFile(folder, plainBox);
    await expect(file.read()).rejects.toThrow(/sealed by the desktop app/);
    expect(readFileSync(file.path, 'utf8')).toContain('sealed:');
  });

  it('that lay open is read by the desktop app too, and sealed with its next change', async () => {
    const folder = temporaryFolder();
    const written = keys();
    await new KeyFile(folder, plainBox).write(written);
    const file = new KeyFile(folder, sealing);
    expect(await file.read()).toEqual(written);
    await file.write(written);
    expect(readFileSync(file.path, 'utf8')).not.toContain(written.server.secretKey);
    expect(await file.read()).toEqual(written);
  });

  it.each(['', '{', '{"version":1}', '{"version":2}', '[]'])('that holds %j is an error with a cure', async (text) => {
    const file = new KeyFile(temporaryFolder(), plainBox);
    writeFileSync(file.path, text);
    chmodSync(file.path, 0o600);
    await expect(file.read()).rejects.toThrow(KeyFileError);
    await expect(file.read()).rejects.toThrow(/Restore it from a backup/);
  });
});
