import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeGateway, until } from '../../../fakes/fake-gateway.ts';
import { countOf, leasing } from '../../../fakes/leasing-gateway.ts';

const PROGRAM = fileURLToPath(new URL('../brain-program.ts', import.meta.url));
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MT5_FABRIC_')));

let gateway: FakeGateway;
let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  gateway = await FakeGateway.start(leasing({ mode: 'TRADING', session: 'one' }));
  folder = mkdtempSync(join(tmpdir(), 'brain-run-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await gateway.shut();
  rmSync(folder, { recursive: true });
});

function run(name: string, text: string, ...words: string[]) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const child = spawn(process.execPath, [PROGRAM, 'run', file, '--json', ...gateway.flags, ...words], {
    env: environment,
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines = () =>
    said.out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const line = (message: string) => lines().find((one) => one['message'] === message);
  return { child, code, said, line };
}

describe('a strategy as a process', () => {
  it('in TypeScript is run as it is, with its words and flags, and ended in order by SIGTERM', async () => {
    const text = `
      import type { StrategyContext } from 'mt5-fabric/brain';
      export const settings: { leaseS: number } = { leaseS: 60 };
      export function onStart({ log, args, clientId }: StrategyContext): void { log.info('here', { args, clientId }); }
      export function onStop({ kind }: { kind: string }, { log }: StrategyContext): void { log.info(kind); }`;
    const { child, code, said, line } = run('typed.ts', text, '--lease', '30', '--client-id', 'me', '--', '--x', '1');
    await until(() => line('here') !== undefined, 10_000);
    expect(line('here')).toMatchObject({ level: 'info', args: ['--x', '1'], clientId: 'me' });
    expect(gateway.received[0]).toMatchObject({ client_id: 'me', payload: { lease_s: 30, on_expiry: 'halt' } });
    child.kill('SIGTERM');
    expect(await code).toBe(0);
    expect(line('SIGNAL')).toMatchObject({ level: 'info' });
    expect(said.err).toBe('');
    expect(countOf(gateway, 'BYE')).toBe(1);
  });

  it.each([
    ['node_modules/x/s.ts', 'export const onTick = () => {};', 'is in node_modules, where Node runs no TypeScript'],
    ['enum.ts', 'enum A { B } export const onTick = () => {};', 'no enum, namespace or parameter property'],
    [
      'wrong.mjs',
      'export const settings = { leaseS: 0 }; export const onStart = () => {};',
      'settings.leaseS is a number',
    ],
  ])('%s is refused with 78 before the gateway hears of it', async (name, text, why) => {
    const { code, said } = run(name, text);
    expect(await code).toBe(78);
    expect(said.err).toContain(why);
    expect(gateway.received).toEqual([]);
  });

  it('gets a new tick, not an old one, after its own thread was blocked while thousands came', async () => {
    const text = `
      export const settings = { symbols: ['EURUSD'] };
      let seen = 0;
      export function onTick({ seq, missed }, { log }) {
        log.info('tick ' + (seen += 1), { seq, missed });
        if (seen !== 1) return;
        const end = Date.now() + 1_500;
        while (Date.now() < end);
      }`;
    const { child, code, line } = run('blocked.mjs', text);
    const tick = (seq: number) => gateway.publishTick({ symbol: 'EURUSD', bid: 1, ask: 2, time_msc: seq, seq });
    for (let seq = 1; line('tick 1') === undefined; seq += 1) {
      await tick(seq);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (let seq = 10_000; seq < 18_000; seq += 1) await tick(seq);
    await until(() => line('tick 2') !== undefined, 5_000);
    expect(line('tick 2')).toMatchObject({ seq: 17_999 });
    expect(line('tick 2')?.['missed']).toBeGreaterThanOrEqual(7_999);
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('ends although timers of its own would keep it alive', async () => {
    const { code } = run(
      'timer.mjs',
      `setInterval(() => {}, 1_000); export const onStart = ({ stop }) => stop('done');`,
    );
    expect(await code).toBe(0);
  });

  it('ends with 1, after onStop and without a goodbye, on an error in a timer of its own', async () => {
    const text = `
      export const onStart = () => void setTimeout(() => { throw new Error('in a timer'); }, 10);
      export const onStop = ({ kind }, { log }) => log.info(kind);`;
    const { code, said, line } = run('fault.mjs', text);
    expect(await code).toBe(1);
    expect(line('CRASH')).toMatchObject({ level: 'info' });
    expect(said.err).toContain('an error that nothing caught: Error: in a timer');
    expect(said.err).toContain('The lease was not ended');
    expect(countOf(gateway, 'BYE')).toBe(0);
  });
});
