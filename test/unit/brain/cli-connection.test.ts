import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBrain } from '../../../main/brain/index.ts';
import { until } from '../../fakes/fake-gateway.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { brain, recordedIo } from './recorded-io.ts';
import { SecureGateway } from './secure-gateway.ts';

let gateway: SecureGateway;
let folder: string;
let file: string;
beforeEach(async () => {
  gateway = await SecureGateway.start();
  folder = temporaryFolder();
  file = write('alpha.json', gateway.connection);
});
afterEach(() => gateway[Symbol.asyncDispose]());

function write(name: string, content: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

const names = () => gateway.received.map(({ body }) => (JSON.parse(body) as { client_id: string }).client_id);

describe('a connection file on the command line', () => {
  it('is named by option, variable or configuration, there as seen from the configuration', async () => {
    const config = write('brain.json', { connection: 'alpha.json', timeout_ms: 1_500 });
    expect(await brain(['heartbeat', '--connection', file])).toMatchObject({ code: 0, err: '' });
    expect(await brain(['heartbeat'], { MT5_FABRIC_CONNECTION: file })).toMatchObject({ code: 0 });
    expect(await brain(['heartbeat', '--config', config])).toMatchObject({ code: 0 });
    expect(names()).toEqual(['alpha', 'alpha', 'alpha']);
  });

  it('wins over what variables and configuration say of host, ports and name, and over nothing else of theirs', async () => {
    const config = write('brain.json', {
      host: 'elsewhere.example',
      command_port: 1,
      client_id: 'beta',
      timeout_ms: 77,
    });
    const environment = {
      MT5_FABRIC_HOST: 'elsewhere.example',
      MT5_FABRIC_COMMAND_PORT: 'x',
      MT5_FABRIC_CONFIG: config,
    };
    expect(await brain(['heartbeat', '--connection', file], environment)).toMatchObject({ code: 0 });
    gateway.answers = false;
    expect((await brain(['heartbeat', '--connection', file], environment)).err).toContain('within 77 ms');
  });

  it('gives way to the host and ports of options', async () => {
    const { connection } = gateway;
    const moved = write('moved.json', { ...connection, host: 'elsewhere.example', command_port: 1 });
    const words = ['heartbeat', '--connection', moved, '--host', '127.0.0.1'];
    expect(await brain([...words, '--command-port', String(connection.command_port)])).toMatchObject({ code: 0 });
  });

  it('takes no other name, with 64', async () => {
    const ran = await brain(['heartbeat', '--connection', file, '--client-id', 'beta']);
    expect(ran).toMatchObject({ code: 64, out: '' });
    expect(ran.err).toContain('--client-id: takes alpha under this connection, not beta');
    expect(await brain(['heartbeat', '--connection', file, '--client-id', 'alpha'])).toMatchObject({ code: 0 });
  });

  it('that cannot be is refused with 78, saying who named it and what is wrong', async () => {
    const missing = await brain(['heartbeat', '--connection', join(folder, 'none.json')]);
    expect(missing).toMatchObject({ code: 78, out: '' });
    expect(missing.err).toMatch(/--connection: .*none\.json: it cannot be read: ENOENT\n$/);
    const open = write('open.json', { ...gateway.connection, role: 'root' });
    const wrong = await brain(['heartbeat'], { MT5_FABRIC_CONNECTION: open });
    expect(wrong).toMatchObject({ code: 78 });
    expect(wrong.err).toContain('MT5_FABRIC_CONNECTION: ');
    expect(wrong.err).toContain('role is one of read, trade, kill');
    const config = write('brain.json', { connection: 5 });
    expect(await brain(['heartbeat', '--config', config])).toMatchObject({ code: 78 });
    expect(gateway.received).toEqual([]);
  });

  it('stands in the hint after an order without an answer', async () => {
    gateway.answers = false;
    const order = ['open', 'EURUSD', '0.01', 'buy', '--connection', file, '--timeout-ms', '200'];
    const ran = await brain(order);
    expect(ran.code).toBe(75);
    expect(ran.err).toContain(` --connection ${file} --timeout-ms 200\n`);
  });

  it('goes with a strategy, whose lease is taken under its name', async () => {
    const strategy = write('strategy.mjs', "export const settings = { clientId: 'own' }; export function onEvent() {}");
    const ran = await brain(['run', strategy, '--connection', file]);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('grants no lease') as string });
    expect(new Set(names())).toEqual(new Set(['alpha']));
  });
});

describe('a brain that the gateway turns away', () => {
  beforeEach(() => {
    gateway.isOpen = false;
  });

  it('ends a command with 75 and the reason', async () => {
    const ran = await brain(['positions', '--connection', file, '--timeout-ms', '400']);
    expect(ran).toMatchObject({ code: 75, out: '' });
    expect(ran.err).toContain("refused this brain's key");
    expect(ran.err).toContain('paired? revoked? expired?');
  });

  it('does not start a strategy, and says why', async () => {
    const strategy = write('strategy.mjs', 'export function onEvent() {}');
    const ran = await brain(['run', strategy, '--connection', file, '--timeout-ms', '400']);
    expect(ran).toMatchObject({ code: 75 });
    expect(ran.err).toContain("refused this brain's key");
    expect(ran.err).toContain('the strategy was not started');
  });

  it('says so of a stream that would be silent, and goes on trying', async () => {
    const { io, said } = recordedIo();
    const ran = runBrain(['ticks', '--count', '1', '--json', '--connection', file], io);
    await until(() => said.err !== '');
    expect(said.err).toMatch(/^brain: the gateway at tcp:\/\/127\.0\.0\.1:\d+ refused this brain's key/);
    gateway.isOpen = true;
    await gateway.publishUntil(ran, { symbol: 'EURUSD', bid: 1, ask: 2 });
    expect(await ran).toBe(0);
  });

  it('shows it in the live view, and in what a line server complains of', async () => {
    const watched = await brain(['watch', '--once', '--connection', file, '--timeout-ms', '1500']);
    expect(watched.code).toBe(75);
    expect(watched.out).toContain('the gateway at tcp://127.0.0.1');
    const { io, said, stop } = recordedIo({}, lines('{"subscribe":["EURUSD"]}\n', stopped));
    const serving = runBrain(['serve', '--connection', file], io);
    await until(() => said.err.includes("refused this brain's key"));
    stop.abort();
    expect(await serving).toBe(0);
  });
});

const stopped = new Promise<never>(() => {});

/** Standard input that has more to say than it says. */
async function* lines(text: string, open: Promise<never>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  await open;
}
