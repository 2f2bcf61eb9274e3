import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CONTROL_CALLS } from '../../../../main/control/contract.ts';
import { EXIT } from '../../../../main/exit-codes.ts';
import { SECRETS } from '../../../fakes/fake-pairings.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { pairedGateway } from './paired-gateway.ts';

const ALPHA = { command: 'pair', client: 'alpha', role: 'trade' } as const;

/** A file system that takes no content, as a full disk. */
async function withFullDisk(): Promise<void> {
  const file = await open(join(temporaryFolder(), 'any'), 'w');
  const prototype = Object.getPrototypeOf(file) as typeof file;
  await file.close();
  vi.spyOn(prototype, 'writeFile').mockRejectedValueOnce(new Error('ENOSPC: no space left on device'));
}

describe('--pair', () => {
  it('writes the connection file for its owner alone, and says what to do with it', async () => {
    const { run, folder } = await pairedGateway();
    const out = join(folder, 'alpha.connection.json');
    const { code, stdout } = await run({ ...ALPHA, out, expiresDays: 90, host: '10.0.0.5' });
    expect(code).toBe(EXIT.ok);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const connection = JSON.parse(readFileSync(out, 'utf8')) as object;
    expect(connection).toMatchObject({ version: 1, client_id: 'alpha', role: 'trade', host: '10.0.0.5', ...SECRETS });
    for (const told of ['Paired alpha: it may trade, until 2026-04-05', 'AB12 CD34 EF56 7890', out, 'chmod 600'])
      expect(stdout).toContain(told);
    expect(stdout).toContain(`scp "${out}" USER@MACHINE:alpha.connection.json`);
    for (const secret of Object.values(SECRETS)) expect(stdout).not.toContain(secret);
    expect(stdout).not.toContain('security mode');
  });

  it('names the file after the brain, in the current folder', async () => {
    const { run, folder } = await pairedGateway();
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
    expect(await run(ALPHA)).toMatchObject({ code: EXIT.ok });
    cwd.mockRestore();
    expect(existsSync(join(folder, 'alpha.connection.json'))).toBe(true);
  });

  it("gives a program the call's answer", async () => {
    const { run, folder } = await pairedGateway();
    const { stdout } = await run({ ...ALPHA, out: join(folder, 'f') }, true);
    expect(CONTROL_CALLS.pair.output.parse(JSON.parse(stdout))).toMatchObject({ paired: true, connection: SECRETS });
  });

  it('says that the pairing waits for encrypted mode where the gateway runs in another', async () => {
    const { run, folder } = await pairedGateway({ security: 'local' });
    const { stdout } = await run({ ...ALPHA, out: join(folder, 'f') });
    expect(stdout).toContain('security mode local. The pairing counts once it runs with --security encrypted');
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'mine')],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to nowhere', (path: string) => symlinkSync('/nowhere/at/all', path)],
  ])('never writes over %s, and pairs nobody then', async (_, put) => {
    const { run, folder, network } = await pairedGateway();
    const out = join(folder, 'f');
    put(out);
    const { code, stderr } = await run({ ...ALPHA, out });
    expect([code, stderr]).toEqual([EXIT.refused, expect.stringContaining('is there already and stays as it is')]);
    expect(network.pairings.list()).toEqual([]);
  });

  it('pairs nobody where there is no folder for the file', async () => {
    const { run, network } = await pairedGateway();
    const { code, stderr } = await run({ ...ALPHA, out: '/no/such/folder/f' });
    expect([code, stderr]).toEqual([EXIT.configuration, expect.stringContaining('nobody was paired')]);
    expect(network.pairings.list()).toEqual([]);
  });

  it('revokes the brain again where the file cannot be filled, and says so', async () => {
    const { run, folder, network, recorded } = await pairedGateway();
    await withFullDisk();
    const out = join(folder, 'f');
    const { code, stderr } = await run({ ...ALPHA, out });
    expect([code, stderr]).toEqual([
      EXIT.configuration,
      expect.stringMatching(/ENOSPC.*so alpha is revoked again/) as string,
    ]);
    expect(network.pairings.list()).toEqual([]);
    expect(recorded.map(({ type }) => type)).toEqual(['CLIENT_PAIRED', 'CLIENT_REVOKED']);
    expect(existsSync(out)).toBe(false);
  });

  it('says that the brain is still paired where it cannot be revoked again either', async () => {
    const refuse = () => Promise.reject(new Error('busy'));
    const { run, folder } = await pairedGateway({ handlers: { revoke: refuse } });
    await withFullDisk();
    const { stderr } = await run({ ...ALPHA, out: join(folder, 'f') });
    expect(stderr).toContain('alpha is still paired: --revoke alpha --reason');
  });

  it.each([
    ['is refused', {}, EXIT.refused, '"alpha" is paired already'],
    ['breaks', { pair: () => Promise.reject(new Error('a bug')) }, EXIT.usage, 'a bug'],
  ])('leaves no file where the call %s', async (_, handlers, expected, words) => {
    const { run, folder } = await pairedGateway({ handlers });
    await run({ ...ALPHA, out: join(folder, 'first') });
    const out = join(folder, 'second');
    const { code, stdout, stderr } = await run({ ...ALPHA, out });
    expect([code, stdout + stderr]).toEqual([expected, expect.stringContaining(words)]);
    expect(existsSync(out)).toBe(false);
  });

  it('leaves no file where no gateway runs', async () => {
    const { run, folder } = await pairedGateway({ isRunning: false });
    const out = join(folder, 'f');
    expect(await run({ ...ALPHA, out })).toMatchObject({ code: EXIT.unavailable });
    expect(existsSync(out)).toBe(false);
  });

  it('says that the brain may be paired all the same where no answer comes', async () => {
    const { run, folder } = await pairedGateway({ handlers: { pair: () => new Promise(() => {}) } });
    const out = join(folder, 'f');
    const { code, stderr } = await run({ ...ALPHA, out });
    expect([code, stderr]).toEqual([EXIT.unavailable, expect.stringContaining('it may still pair alpha')]);
    expect(existsSync(out)).toBe(false);
  });
});
