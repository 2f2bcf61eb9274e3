import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway, refusalOf, successTo, until } from '../../fakes/fake-gateway.ts';

const PROGRAM = fileURLToPath(new URL('./brain-program.ts', import.meta.url));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MT5_FABRIC_')));

let gateway: FakeGateway;
const children: ChildProcess[] = [];
beforeEach(async () => {
  gateway = await FakeGateway.start();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await gateway.shut();
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment, stdio: 'pipe' });
  children.push(child);
  const code = new Promise<number | null>((resolve) => child.on('close', (status) => resolve(status)));
  return { child, code, out: text(child.stdout).catch(() => 'cut'), err: text(child.stderr) };
}

describe('the command line as a process', () => {
  it('ends with 0 on success and writes nothing on stderr', async () => {
    const { code, out, err } = start('heartbeat', ...gateway.flags);
    expect(await code).toBe(0);
    expect(await out).toContain('MT5 Gateway, alive');
    expect(await err).toBe('');
  });

  it('ends with 1 when the gateway says no', async () => {
    gateway.script = (request) => ({ body: refusalOf(request, 'NOT_FOUND', 'no such position') });
    const { code, out, err } = start('close', '9007199254740993', ...gateway.flags);
    expect(await code).toBe(1);
    expect(await out).toBe('');
    expect(await err).toBe('mt5-fabric --brain: NOT_FOUND: no such position\n');
    expect(gateway.received[0]?.bytes).toContain('"ticket":9007199254740993}');
  });

  it('ends with 64 on a wrong word, with 78 on a wrong configuration, with 75 without a gateway', async () => {
    const usage = start('hartbeat');
    const configuration = start('heartbeat', '--config', '/nonexistent/brain.json');
    await gateway.shut();
    const nobody = start('heartbeat', '--timeout-ms', '100', ...gateway.flags);
    expect(await usage.code).toBe(64);
    expect(await configuration.code).toBe(78);
    expect(await nobody.code).toBe(75);
    expect(await nobody.err).toContain('100 ms');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends a stream in order on %s', async (signal) => {
    const { child, code, err } = start('ticks', ...gateway.flags);
    await until(() => gateway.tickSubscribers === 1);
    child.kill(signal);
    expect(await code).toBe(0);
    expect(await err).toBe('');
    await until(() => gateway.tickSubscribers === 0);
  });

  it('ends serve on SIGTERM although its input is open', async () => {
    const { child, code } = start('serve', ...gateway.flags);
    child.stdin.write('{"id":1,"action":"HEARTBEAT"}\n');
    await until(() => gateway.received.length === 1);
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const { child, code, err } = start('ticks', ...gateway.flags);
    await until(() => gateway.tickSubscribers === 1);
    child.stdout.destroy();
    const ended = code.then(() => true);
    const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 10));
    while (!(await Promise.race([ended, pause()])))
      await gateway.publishTick({ symbol: 'A', bid: 1, ask: 2, time_msc: 1 });
    expect(await code).toBe(0);
    expect(await err).toBe('');
  });

  it('serves JSON lines until its input ends, and answers what is under way', async () => {
    gateway.script = (request) => ({ body: successTo(request), afterMs: 100 });
    const { child, code, out } = start('serve', ...gateway.flags);
    child.stdin.end('{"id":"a","action":"HEARTBEAT"}\n');
    expect(await code).toBe(0);
    expect(JSON.parse(await out)).toMatchObject({ id: 'a', reply: { status: 'SUCCESS' } });
  });
});
