import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TOKEN_BYTES, TokenFile, type TokenContent } from '../../../main/safety/armed-token.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const CONTENT: TokenContent = {
  epoch: 7,
  account: { login: '7001', server: 'Paper "ü"', mode: 'PAPER' },
  armedAtMs: 1_700_000_000_000,
  armedBy: 'operator@desk',
};

const fail = () => Promise.reject(new Error('EPERM'));

async function armedFile(): Promise<TokenFile> {
  const token = new TokenFile(temporaryFolder());
  expect(await token.arm(CONTENT)).toEqual({ ok: true });
  return token;
}

describe('the ARMED token', () => {
  test('reads as it was armed, in a file of fixed size that nobody else reads', async () => {
    const token = await armedFile();
    expect(await token.read()).toEqual({ kind: 'armed', ...CONTENT });
    expect(statSync(token.path).size).toBe(TOKEN_BYTES);
    expect(statSync(token.path).mode & 0o777).toBe(0o600);
  });

  test('is replaced by arming again, and leaves no draft behind', async () => {
    const token = await armedFile();
    await token.arm({ ...CONTENT, epoch: 8 });
    expect(await token.read()).toMatchObject({ kind: 'armed', epoch: 8 });
    expect(readdirSync(join(token.path, '..'))).toEqual(['ARMED']);
  });

  test('is missing where it never was', async () => {
    expect(await new TokenFile(temporaryFolder()).read()).toEqual({ kind: 'missing' });
  });

  test.each<readonly [string, (path: string) => void, string]>([
    ['empty', (path) => truncateSync(path, 0), 'damaged'],
    ['cut short', (path) => truncateSync(path, 100), 'damaged'],
    ['too long', (path) => writeFileSync(path, readFileSync(path, 'utf8') + ' '), 'damaged'],
    [
      'changed in one byte',
      (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('7001', '7002')),
      'damaged',
    ],
    ['of zeros', (path) => writeFileSync(path, Buffer.alloc(TOKEN_BYTES)), 'damaged'],
  ])('that is %s is not armed', async (_what, damage, kind) => {
    const token = await armedFile();
    damage(token.path);
    expect((await token.read()).kind).toBe(kind);
  });

  test('that is a folder is not armed, cannot be armed, and needs no disarming', async () => {
    const token = new TokenFile(temporaryFolder());
    mkdirSync(join(token.path, 'inside'), { recursive: true });
    expect((await token.read()).kind).toBe('unreadable');
    expect((await token.arm(CONTENT)).ok).toBe(false);
    expect((await token.disarm()).kind).toBe('absent');
  });

  test('cannot be armed where the folder is gone', async () => {
    expect((await new TokenFile(join(temporaryFolder(), 'gone')).arm(CONTENT)).ok).toBe(false);
  });

  test('for an account that does not fit is refused', async () => {
    const token = new TokenFile(temporaryFolder());
    const account = { ...CONTENT.account, server: 'x'.repeat(TOKEN_BYTES) };
    expect((await token.arm({ ...CONTENT, account })).ok).toBe(false);
    expect((await token.read()).kind).toBe('missing');
    expect((await token.arm(CONTENT)).ok).toBe(true);
  });
});

describe('disarming', () => {
  test('removes it, and finds nothing to do the second time', async () => {
    const token = await armedFile();
    expect(await token.disarm()).toEqual({ kind: 'removed' });
    expect(await token.read()).toEqual({ kind: 'missing' });
    expect(await token.disarm()).toEqual({ kind: 'absent' });
  });

  test('kill switch 35: a token that the disk does not let go is made invalid in place', async () => {
    const { path } = await armedFile();
    const token = new TokenFile(dirname(path), { unlink: fail });
    expect(await token.disarm()).toEqual({ kind: 'overwritten', message: 'EPERM' });
    expect(statSync(path).size).toBe(TOKEN_BYTES);
    expect(await token.read()).toEqual({ kind: 'revoked' });
  });

  test('says so where neither works, and what is there still counts', async () => {
    const { path } = await armedFile();
    const token = new TokenFile(dirname(path), { unlink: fail, overwrite: fail });
    expect(await token.disarm()).toEqual({ kind: 'failed', message: 'EPERM; EPERM' });
    expect((await token.read()).kind).toBe('armed');
  });

  test('wins over an arm that is under way', async () => {
    const token = new TokenFile(temporaryFolder());
    const arming = token.arm(CONTENT);
    const disarming = token.disarm();
    expect((await arming).ok).toBe(false);
    await disarming;
    expect((await token.read()).kind).toBe('missing');
  });

  test('wins at whatever moment of an arm it comes', async () => {
    for (let turns = 0; turns < 30; turns += 1) {
      const token = await armedFile();
      const arming = token.arm({ ...CONTENT, epoch: 8 });
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await token.disarm();
      await arming;
      expect((await token.read()).kind).toBe('missing');
    }
  });

  test('looks a second time for what an arm put in place after the first', async () => {
    let looks = 0;
    const token = new TokenFile(temporaryFolder(), {
      unlink: (path) => {
        looks += 1;
        return looks === 1 ? Promise.reject(Object.assign(new Error('not there yet'), { code: 'ENOENT' })) : rm(path);
      },
    });
    await token.arm(CONTENT);
    expect(await token.disarm()).toEqual({ kind: 'removed' });
    expect((await token.read()).kind).toBe('missing');
  });

  test('does not undo an arm that is asked for after it', async () => {
    const token = await armedFile();
    const disarming = token.disarm();
    expect(await token.arm({ ...CONTENT, epoch: 8 })).toEqual({ ok: true });
    await disarming;
    expect(await token.read()).toMatchObject({ kind: 'armed', epoch: 8 });
  });
});
