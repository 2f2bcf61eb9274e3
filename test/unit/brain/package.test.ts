import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeGateway } from '../../fakes/fake-gateway.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
// Outside the tree, so that nothing of it can be imported by accident.
const folder = mkdtempSync(join(tmpdir(), 'brain-package-'));
const installed = join(folder, 'node_modules/mt5-fabric');
const declarations = () => readFileSync(join(installed, 'brain.d.cts'), 'utf8');

/** A consumer in either module system: the same program after another first line. */
const PROGRAM = `
(async () => {
  const client = new ZmqClient({ host: '127.0.0.1', reqPort: Number(process.argv[2]) });
  const reply = await client.sendCommand(Action.HEARTBEAT);
  const failed = await client.sendCommand('CLOSE_POSITION', { ticket: 7n }, { timeoutMs: 60 }).catch((error) => error);
  client.close();
  console.log(JSON.stringify([reply.data.status, failed instanceof CommandTimeout, failed.sent]));
})();
`;
const NAMES = 'Action, CommandTimeout, ResponseStatus, ZmqClient, createRequest, getZmqClient, validateRequest';

const TYPED_PROGRAM = `
import { ${NAMES} } from 'mt5-fabric/brain';
import type { Reply, ReplyTo, TickStream, WireTick } from 'mt5-fabric/brain';

export async function trade(): Promise<void> {
  await using client = new ZmqClient({ host: '127.0.0.1', timeoutMs: 500 });
  const reply: ReplyTo<'OPEN_ORDER'> = await client.sendCommand(Action.OPEN_ORDER, { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
  const ticket: number | bigint | undefined = reply.status === ResponseStatus.SUCCESS ? reply.data.ticket : undefined;
  const code: string | null | undefined = reply.status === 'SUCCESS' ? null : reply.code;
  const positions = await client.sendCommand('GET_POSITIONS');
  const profit: number = positions.status === 'SUCCESS' ? positions.data.reduce((sum, { profit }) => sum + profit, 0) : 0;
  const ticks: TickStream = client.streamData({ symbols: ['EURUSD'] });
  for await (const tick of ticks) { const exact: WireTick = tick; void exact; break; }
  for await (const { event } of client.events({ kinds: ['TRADE'] })) { const kind: string = event; void kind; break; }
  const again: Reply = await client.resend('id');
  const request: unknown = createRequest('HEARTBEAT');
  if (validateRequest(request)) { const id: string = request.req_id; void id; }
  const failure: unknown = null;
  if (failure instanceof CommandTimeout) { const sent: boolean = failure.sent; void sent; }
  getZmqClient().close();
  void [ticket, code, profit, again];
  // @ts-expect-error a symbol is text
  await client.sendCommand('OPEN_ORDER', { symbol: 1, volume: 0.01, side: 'BUY' });
  // @ts-expect-error a payload is required
  await client.sendCommand('CLOSE_POSITION');
  // @ts-expect-error there is no such action
  await client.sendCommand('OPEN');
}
`;

beforeAll(async () => {
  await run(process.execPath, [join(root, 'resources/build/pack-npm.mjs'), folder], { cwd: root });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components=1']);
  symlinkSync(join(root, 'node_modules/zeromq'), join(folder, 'node_modules/zeromq'), 'junction');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the npm package', () => {
  it('depends on zeromq alone and holds what it says', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
    const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as typeof manifest;
    const { zeromq } = project['dependencies'] as Record<string, string>;
    expect(manifest).toMatchObject({ name: 'mt5-fabric', version: project['version'], license: 'MIT' });
    expect(manifest['dependencies']).toEqual({ zeromq });
    expect(manifest).not.toHaveProperty('devDependencies');
    for (const name of ['README.md', 'LICENSE', 'brain.mjs', 'brain.cjs', 'brain.d.mts', 'brain.d.cts']) {
      expect(existsSync(join(installed, name)), name).toBe(true);
    }
    const files = readdirSync(installed);
    const parts = files.filter((name) => /^brain.*\.cjs$/.test(name));
    const texts = parts.map((name) => readFileSync(join(installed, name), 'utf8'));
    const required = texts.flatMap((text) =>
      [...text.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name!),
    );
    const foreign = required.filter((name) => !name.startsWith('node:') && !name.startsWith('./'));
    expect(new Set(foreign)).toEqual(new Set(['zeromq']));
    const own = new Set(required.filter((name) => name.startsWith('./')).map((name) => name.slice(2)));
    expect(own).toEqual(new Set(parts.filter((name) => name !== 'brain.cjs')));
  });

  it('loads the strategy runner and the live view only when they are asked for, and exports nothing of theirs', async () => {
    const list = `const brain = require('mt5-fabric/brain');
      const loaded = Object.keys(require.cache).filter((file) => /run-file|watch/.test(file));
      console.log(JSON.stringify([Object.keys(brain).sort(), loaded]));`;
    writeFileSync(join(folder, 'list.cjs'), list);
    const { stdout } = await run(process.execPath, [join(folder, 'list.cjs')]);
    const [names, loaded] = JSON.parse(stdout) as [string[], string[]];
    expect(loaded).toEqual([]);
    expect(names).toEqual([
      ...['Action', 'COMMAND_TIMEOUT_MS', 'ClientClosed', 'CommandRefused', 'CommandTimeout', 'ConnectionFileError'],
      ...['GATEWAY_IP_INTERNAL', 'PROTOCOL_VERSION', 'ResponseStatus'],
      ...['ZMQ_PORT_CMD', 'ZMQ_PORT_DATA', 'ZMQ_PORT_EVENTS', 'ZmqClient', 'createRequest', 'createResponse'],
      ...['getZmqClient', 'readConnectionFile', 'runBrain', 'validateRequest', 'validateResponse'],
    ]);
  });

  it.each([
    ['an ES module', 'consumer.mjs', `import { ${NAMES} } from 'mt5-fabric/brain';`],
    ['a CommonJS module', 'consumer.cjs', `const { ${NAMES} } = require('mt5-fabric/brain');`],
  ])('works in %s', async (_, name, firstLine) => {
    await using gateway = await FakeGateway.start();
    const heartbeat = gateway.script;
    gateway.script = (request) => (request.action === 'HEARTBEAT' ? heartbeat(request) : null);
    writeFileSync(join(folder, name), firstLine + PROGRAM);
    const { stdout } = await run(process.execPath, [join(folder, name), String(gateway.client.reqPort)]);
    expect(JSON.parse(stdout)).toEqual(['alive', true, true]);
    expect(gateway.received[1]?.bytes).toContain('"ticket":7}');
  });

  it('declares its types for both module systems without anything else installed', async () => {
    expect(declarations()).not.toMatch(/\bimport\b.*from|\bzod\b|reference path/);
    const compilerOptions = {
      ...{ module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2022', lib: ['ES2022'], types: [] },
      ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noEmit: true },
    };
    const consumers = ['consumer.mts', 'consumer.cts'];
    for (const name of consumers) writeFileSync(join(folder, name), TYPED_PROGRAM);
    copyFileSync(join(root, 'docs/examples/strategy.ts'), join(folder, 'strategy.mts'));
    const files = [...consumers, 'strategy.mts'];
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const checked = await run(process.execPath, [tsc, '-p', folder]).catch((error: unknown) => error);
    expect(checked).toMatchObject({ stdout: '' });
    expect(checked).not.toBeInstanceOf(Error);
  });

  it('brings its command line, with the flags that keep it small', async () => {
    const program = join(installed, 'mt5-fabric-brain.cjs');
    const [shebang] = readFileSync(program, 'utf8').split('\n');
    expect(shebang).toBe('#!/usr/bin/env -S node --max-opt=1 --max-semi-space-size=1 --v8-pool-size=0');
    const flags = shebang!.split(' ').slice(3);
    await using gateway = await FakeGateway.start();
    const { stdout } = await run(process.execPath, [...flags, program, 'heartbeat', ...gateway.flags]);
    expect(stdout).toContain('MT5 Gateway, alive');
    const wrong = await run(process.execPath, [...flags, program, 'hartbeat']).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 64, stderr: expect.stringContaining('mt5-fabric-brain help') as string });
  });
});
