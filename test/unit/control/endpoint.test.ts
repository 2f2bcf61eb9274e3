import { statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { callGateway } from '../../../main/control/client.ts';
import { openControlEndpoint, type ControlEndpoint } from '../../../main/control/endpoint.ts';
import { silentLog } from '../../../main/log.ts';
import { FakeControlService, TRADING_VIEW } from '../../fakes/control-service.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const asked: string[] = [];
const api = new FakeControlService({
  halt: ({ reason }, by) => {
    asked.push(`${by}: ${reason ?? ''}`);
    return Promise.resolve(TRADING_VIEW);
  },
  resume: () => Promise.resolve({ resumed: true, state: TRADING_VIEW }),
}).handlers;

async function open(paths: readonly [string, ...string[]]): Promise<ControlEndpoint> {
  const opened = await openControlEndpoint(paths, silentLog);
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.endpoint.stop());
  return opened.endpoint;
}

function sendRaw(path: string, line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.write(`${line}\n`));
    socket.once('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
  });
}

describe('the control endpoint', () => {
  it('answers calls of its own user and nobody else', async () => {
    const path = join(temporaryFolder(), 'control');
    (await open([path])).serve(api);
    expect(await callGateway([path], 'halt', { reason: 'lunch' }, 1000)).toEqual({
      kind: 'answered',
      output: TRADING_VIEW,
    });
    expect(asked.at(-1)).toMatch(/^operator@.+: lunch$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('keeps a call that comes before the gateway is ready, and answers it then', async () => {
    const path = join(temporaryFolder(), 'control');
    const endpoint = await open([path]);
    const early = callGateway([path], 'halt', {}, 2000);
    endpoint.serve(api);
    expect(await early).toMatchObject({ kind: 'answered' });
  });

  it('refuses a second gateway in the same folder, wherever the first one listens', async () => {
    const folder = temporaryFolder();
    await open([join(folder, 'first')]);
    expect(await openControlEndpoint([join(folder, 'second'), join(folder, 'first')], silentLog)).toMatchObject({
      ok: false,
      reason: 'taken',
    });
  });

  it('replaces the socket that a crash left behind', async () => {
    const path = join(temporaryFolder(), 'control');
    const crashed = createServer();
    await new Promise<void>((resolve) => crashed.listen(path, resolve));
    const hidden = `${path}.hidden`;
    const { renameSync } = await import('node:fs');
    renameSync(path, hidden);
    await new Promise((resolve) => crashed.close(resolve));
    renameSync(hidden, path);
    (await open([path])).serve(api);
    expect(await callGateway([path], 'halt', {}, 1000)).toMatchObject({ kind: 'answered' });
  });

  it('says so when no gateway runs', async () => {
    expect(await callGateway([join(temporaryFolder(), 'nobody')], 'status', {}, 1000)).toEqual({ kind: 'no-gateway' });
  });

  it.each([
    ['not json', 'JSON'],
    [
      '{"id":1,"call":"trade","input":{}}',
      'no such call: trade; there are status, market, halt, kill, close, takeOut, endLease, pair, revoke',
    ],
    ['{"id":1,"call":"__proto__","input":{}}', 'no such call'],
    ['{"id":1,"call":"resume","input":{"reason":"x"}}', 'a reason of 3 to 280 characters'],
  ])('answers %j with what is wrong, and goes on', async (line, message) => {
    const path = join(temporaryFolder(), 'control');
    (await open([path])).serve(api);
    expect(await sendRaw(path, line)).toContain(message);
    expect(await callGateway([path], 'halt', {}, 1000)).toMatchObject({ kind: 'answered' });
  });
});
