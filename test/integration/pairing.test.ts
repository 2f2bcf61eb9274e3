import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ControlOutput } from '../../main/control/contract.ts';
import type { ConnectionFile } from '../../main/protocol/connection-file.ts';
import { runProgram as run } from '../running-gateway.ts';
import { dataFolder, startGateway } from './gateway-process.ts';

const ENCRYPTED = ['--security', 'encrypted'] as const;
const REASON = ['--reason', 'lost laptop'] as const;
/** Everything that a connection file has and nobody else may see. */
const SECRETS = ['secret_key', 'mac_key'] as const;

interface Clients {
  readonly paired: ControlOutput<'network'>['paired'];
}

async function pairedIn(dataDir: string): Promise<Clients['paired']> {
  const ran = await run('--clients', '--json', '--data-dir', dataDir);
  return (JSON.parse(ran.stdout) as Clients).paired;
}

const readConnection = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as ConnectionFile;
const heartbeat = (file: string) => run('--brain', 'heartbeat', '--connection', file, '--timeout-ms', '2000');

describe('pairing through the built program', () => {
  it('gives a private file with which a brain comes in, and out again when it is revoked', async () => {
    const { dataDir, ports } = await startGateway({ flags: ENCRYPTED });
    const file = join(dataFolder(), 'alpha.connection.json');
    const words = ['--role', 'trade', '--expires', '90d', '--out', file, '--data-dir', dataDir];
    const paired = await run('--pair', 'alpha', ...words);
    expect(paired).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readConnection(file)).toMatchObject({
      ...{ version: 1, client_id: 'alpha', role: 'trade', host: '127.0.0.1' },
      ...{ command_port: ports.command, data_port: ports.data, event_port: ports.events },
    });
    expect(await heartbeat(file)).toMatchObject({ code: 0 });
    const [alpha] = await pairedIn(dataDir);
    expect(alpha).toMatchObject({ name: 'alpha', label: 'alpha', role: 'trade', last_address: '127.0.0.1' });
    expect(paired.stdout).toContain(alpha!.fingerprint);
    expect((await run('--status', '--data-dir', dataDir)).stdout).toContain(
      'encrypted, listens on 127.0.0.1, 1 paired',
    );

    expect(await run('--revoke', 'alpha', '--data-dir', dataDir, ...REASON)).toMatchObject({ code: 0 });
    expect(await pairedIn(dataDir)).toEqual([]);
    expect((await heartbeat(file)).code).toBe(75);
    expect(await run('--revoke', 'alpha', '--data-dir', dataDir, ...REASON)).toMatchObject({ code: 1 });
  });

  it('never writes over a file, and pairs nobody under a name that is taken', async () => {
    const { dataDir } = await startGateway({ flags: ENCRYPTED });
    const folder = dataFolder();
    const pair = (name: string, file: string) =>
      run('--pair', name, '--role', 'read', '--out', join(folder, file), '--data-dir', dataDir);
    expect(await pair('alpha', 'a')).toMatchObject({ code: 0 });
    const before = readFileSync(join(folder, 'a'), 'utf8');
    expect(await pair('beta', 'a')).toMatchObject({ code: 1 });
    expect(await pair('alpha', 'b')).toMatchObject({ code: 1 });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe(before);
    expect(existsSync(join(folder, 'b'))).toBe(false);
    expect((await pairedIn(dataDir)).map(({ name }) => name)).toEqual(['alpha']);
  });

  it('outlives a restart with its label, and the brain comes in with the file that it has', async () => {
    const dataDir = dataFolder();
    const first = await startGateway({ dataDir, flags: ENCRYPTED });
    const file = join(dataFolder(), 'f');
    await run('--pair', 'alpha', '--role', 'trade', '--out', file, '--data-dir', dataDir);
    expect(await run('--rename', 'alpha', '--label', 'Trend 1', '--data-dir', dataDir)).toMatchObject({ code: 0 });
    const [before] = await pairedIn(dataDir);
    await first.stop();
    await startGateway({ dataDir, ports: first.ports, flags: ENCRYPTED });
    expect(await pairedIn(dataDir)).toEqual([{ ...before, label: 'Trend 1' }]);
    expect(await heartbeat(file)).toMatchObject({ code: 0 });
  });

  it('records every change as the doing of the operator, with no secret in rows, logs and lists', async () => {
    const gateway = await startGateway({ flags: ENCRYPTED });
    const { dataDir } = gateway;
    const file = join(dataFolder(), 'f');
    const told = [
      await run('--pair', 'alpha', '--role', 'trade', '--out', file, '--data-dir', dataDir),
      await run('--rename', 'alpha', '--label', 'Trend 1', '--data-dir', dataDir),
      await run('--clients', '--json', '--data-dir', dataDir),
      await run('--revoke', 'alpha', '--data-dir', dataDir, ...REASON),
    ];
    const rows = await run('--audit', 'list', '--by', 'operator', '--json', '--data-dir', dataDir);
    for (const words of ['CLIENT_PAIRED', 'CLIENT_RENAMED', 'CLIENT_REVOKED', 'lost laptop'])
      expect(rows.stdout).toContain(words);
    const log = readFileSync(join(dataDir, 'logs', 'gateway.log'), 'utf8');
    const all = [...told, rows].map(({ stdout, stderr }) => stdout + stderr).join('') + log;
    const connection = readConnection(file);
    for (const secret of SECRETS) expect(all).not.toContain(connection[secret]);
    expect(statSync(join(dataDir, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('needs a gateway that runs', async () => {
    const file = join(dataFolder(), 'f');
    const ran = await run('--pair', 'alpha', '--role', 'trade', '--out', file, '--data-dir', dataFolder());
    expect(ran).toMatchObject({ code: 75 });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a gateway that is to be open', () => {
  it.each([
    [
      ['--host', '0.0.0.0'],
      ['--security encrypted --host 0.0.0.0', 'netsh advfirewall', 'ufw allow'],
    ],
    [['--security', 'plain-network', '--host', '0.0.0.0', '--accept-unencrypted', 'true'], ['--allow-from']],
    [['--security', 'plain-network', '--host', '0.0.0.0', '--allow-from', '10.0.0.0/8'], ['--accept-unencrypted']],
  ])('with %j does not start, and says how to go on', async (flags, words) => {
    const ran = await run('--headless', '--data-dir', dataFolder(), ...flags);
    expect(ran).toMatchObject({ code: 78 });
    for (const word of words) expect(ran.stderr).toContain(word);
  });

  it('in a plain network lets in who is listed, and shows who has knocked', async () => {
    const flags = ['--security', 'plain-network', '--allow-from', '127.0.0.0/8', '--accept-unencrypted', 'true'];
    const { dataDir, ports } = await startGateway({ flags });
    const words = ['--host', '127.0.0.1', '--command-port', String(ports.command)];
    expect(await run('--brain', 'heartbeat', ...words)).toMatchObject({ code: 0 });
    const told = JSON.parse((await run('--clients', '--json', '--data-dir', dataDir)).stdout) as object;
    expect(told).toMatchObject({ security: 'plain-network', seen: [{ address: '127.0.0.1', admitted: true }] });
    expect((await run('--status', '--data-dir', dataDir)).stdout).toContain('UNENCRYPTED');
  });

  it('in a plain network answers nobody who is not listed, and shows that too', async () => {
    const flags = ['--security', 'plain-network', '--allow-from', '127.0.0.9/32', '--accept-unencrypted', 'true'];
    const { dataDir, ports } = await startGateway({ flags });
    const words = ['--host', '127.0.0.1', '--command-port', String(ports.command), '--timeout-ms', '2000'];
    expect(await run('--brain', 'heartbeat', ...words)).toMatchObject({ code: 75 });
    expect((await run('--clients', '--data-dir', dataDir)).stdout).toMatch(/127\.0\.0\.1 .* REFUSED/);
  });
});
