import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TerminalSetupError } from '../../../../main/mt5/terminal-setup-error.ts';
import { openListener } from '../../../../main/mt5/terminal/listener.ts';
import { pipePath } from '../../../../main/mt5/terminal/pipe-path.ts';
import { silentLog } from '../../../../main/log.ts';
import { BridgeProgram } from '../../../fakes/bridge-program.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { TerminalRig, until } from './rig.ts';

async function open(path: string, tcpPort: number | null = null, warnings: unknown[] = []) {
  const log = { ...silentLog, warn: (_event: string, fields: unknown) => void warnings.push(fields) };
  const listener = await openListener({ pipePath: path, tcpPort }, log, (socket) => socket.destroy());
  onTestFinished(() => listener.stop());
  return listener;
}

async function occupiedPort(): Promise<number> {
  const server = await listening(createServer(), 0);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function listening(server: Server, at: number | string): Promise<Server> {
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    const opened = () => resolve(server);
    if (typeof at === 'number') server.listen(at, '127.0.0.1', opened);
    else server.listen(at, opened);
  });
}

describe('the listener', () => {
  it('makes a socket for its own user alone, and frees it', async () => {
    const path = join(temporaryFolder(), 'pipe');
    const listener = await open(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await listener.stop();
    expect(existsSync(path)).toBe(false);
  });

  it('replaces the socket that a dead gateway left', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'pipe');
    const { execFileSync } = await import('node:child_process');
    const die = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', die], { stdio: 'ignore' })).toThrow();
    expect(existsSync(path)).toBe(true);
    expect((await open(path)).pipePath).toBe(path);
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  it('does not take the socket of a live gateway, nor a file that is none', async () => {
    const path = join(temporaryFolder(), 'pipe');
    await open(path);
    await expect(open(path)).rejects.toThrow(/another gateway listens there; choose another with --bridge-pipe NAME/);
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'precious');
    await expect(open(file)).rejects.toThrow(/a file that is no socket/);
    expect(statSync(file).size).toBe(8);
  });

  it('lets only one of two that start at once replace a dead socket', async () => {
    const path = join(temporaryFolder(), 'pipe');
    writeFileSync(`${path}.starting`, '');
    await expect(open(path)).rejects.toThrow(/just starting/);
    utimesSync(`${path}.starting`, 0, 0);
    await open(path);
    expect(existsSync(`${path}.starting`)).toBe(false);
  });

  it('goes on with a warning where one of the two places cannot be had', async () => {
    const warnings: unknown[] = [];
    const path = join(temporaryFolder(), 'pipe');
    const port = await occupiedPort();
    expect(await open(path, port, warnings)).toMatchObject({ pipePath: path, tcpPort: null });
    expect(warnings).toEqual([
      { fault: `port ${port} on 127.0.0.1: another program holds it; choose another with --bridge-port N` },
    ]);
    const listener = await open(join(temporaryFolder(), 'none', 'pipe'), 0, warnings);
    expect(listener.pipePath).toBe(null);
    expect(listener.tcpPort).toBeGreaterThan(0);
    expect(warnings).toHaveLength(2);
  });

  it('rejects where neither can be had, and says what to do about each', async () => {
    const path = join(temporaryFolder(), 'pipe');
    await open(path);
    const port = await occupiedPort();
    const failed = open(path, port);
    await expect(failed).rejects.toThrow(TerminalSetupError);
    await expect(failed).rejects.toThrow(/--bridge-pipe NAME.*--bridge-port N/);
  });
});

describe('a terminal handler', () => {
  it('is reached through TCP as well', async () => {
    const rig = await TerminalRig.listening({ tcpPort: 0 });
    const program = await BridgeProgram.connect(rig.handler.endpoints().tcpPort ?? 0);
    onTestFinished(() => program.close());
    expect((await program.hello())[0]).toBe('welcome');
    program.state(1);
    await until(() => rig.handler.state().linked);
    await rig.starting;
  });

  it('frees its places on stop, whoever is connected, and can be started again', async () => {
    const { rig, program } = await TerminalRig.linked();
    const visitor = await rig.visitor();
    await Promise.all([rig.handler.stop(), rig.handler.stop()]);
    await Promise.all([program.untilClosed(), visitor.untilClosed()]);
    expect(existsSync(rig.pipePath)).toBe(false);
    expect(rig.handler.state()).toMatchObject({ linked: false, linkFault: 'the link to the terminal is stopped' });
    await rig.handler.stop();
    const started = rig.handler.start();
    expect(rig.handler.start()).toBe(started);
    await until(() => rig.handler.endpoints().pipePath !== null);
    await rig.link();
    await started;
  });

  it('can be stopped while it waits for a program', async () => {
    const rig = await TerminalRig.listening();
    await rig.handler.stop();
    await rig.starting;
    expect(rig.handler.endpoints()).toEqual({ pipePath: null, tcpPort: null });
  });

  it('does not start where it cannot listen, and can be started when it can', async () => {
    const folder = join(temporaryFolder(), 'later');
    const { TerminalHandler } = await import('../../../../main/mt5/terminal/terminal-handler.ts');
    const { SimulatedClock } = await import('../../../fakes/simulated-clock.ts');
    const { mkdirSync } = await import('node:fs');
    const handler = new TerminalHandler(
      {
        ...{ pipePath: join(folder, 'pipe'), tcpPort: null, token: 't', session: 's', gatewayVersion: '0' },
        ...{ settleMs: 0, startPatienceMs: 0 },
      },
      { clock: new SimulatedClock(), log: silentLog },
    );
    await expect(handler.start()).rejects.toThrow(TerminalSetupError);
    await handler.stop();
    mkdirSync(folder);
    void handler.start();
    await until(() => handler.endpoints().pipePath !== null);
    await handler.stop();
  });
});

describe('the path of the pipe', () => {
  it('is a pipe on Windows, else a socket in the folder for such', () => {
    expect(pipePath('mt5-fabric', {}, 'win32')).toBe('\\\\.\\pipe\\mt5-fabric');
    expect(pipePath('mt5-fabric', { XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux')).toBe('/run/user/1000/mt5-fabric');
    expect(pipePath('mt5-fabric', { XDG_RUNTIME_DIR: '' }, 'linux')).toMatch(/^\/.*\/mt5-fabric$/);
  });

  it('has at most 107 bytes', () => {
    const folder = (bytes: number) => ({ XDG_RUNTIME_DIR: `/${'x'.repeat(bytes - 1)}` });
    expect(Buffer.byteLength(pipePath('pipe', folder(102), 'linux'))).toBe(107);
    expect(() => pipePath('pipe', folder(103), 'linux')).toThrow(/108 bytes.*shorter folder/);
  });

  it.each(['', 'a/b', '..', 'a\\b', 'a b', 'x'.repeat(65)])('takes no name like %j', (name) => {
    expect(() => pipePath(name, {}, 'win32')).toThrow(TerminalSetupError);
  });
});
