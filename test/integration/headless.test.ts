import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram as run } from '../running-gateway.ts';
import { dataFolder, startGateway } from './gateway-process.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { RawClient, subscribe } from './raw-client.ts';

describe('the headless gateway', () => {
  it('ends in order on SIGTERM and SIGINT, with code 0', async () => {
    const first = await startGateway();
    expect(await first.stop()).toMatchObject({ code: 0 });
    const second = await startGateway();
    second.signal('SIGINT');
    expect(await second.stop()).toMatchObject({ code: 0 });
  });

  it('trades on when nobody reads its diagnostic log any more', async () => {
    const gateway = await startGateway({ flags: ['--panel-port', '0'] });
    gateway.leaveLog();
    // Signing in is logged.
    expect(await fetch(gateway.panel, { redirect: 'manual' })).toMatchObject({ status: 303 });
    const client = new RawClient(gateway.endpoints.command);
    const opened = await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
    expect(opened).toMatchObject({ status: 'SUCCESS' });
    expect(await client.send('HEARTBEAT')).toMatchObject({ data: { mode: 'TRADING' } });
    expect(await gateway.stop()).toMatchObject({ code: 0 });
  });

  it('refuses a second gateway in its data folder with code 78', async () => {
    const { dataDir } = await startGateway();
    const second = await run(
      '--headless',
      '--data-dir',
      dataDir,
      '--command-port',
      '0',
      '--data-port',
      '0',
      '--event-port',
      '0',
    );
    expect(second).toMatchObject({ code: 78 });
    expect(second.stderr).toContain('another gateway is running');
  });

  it('names a port that is in use in one line, with code 78', async () => {
    const { ports } = await startGateway();
    const port = String(ports.command);
    const second = await run(
      '--headless',
      '--data-dir',
      dataFolder(),
      '--command-port',
      port,
      '--data-port',
      '0',
      '--event-port',
      '0',
    );
    expect(second).toMatchObject({ code: 78 });
    expect(second.stderr).toContain(port);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [['--security', 'plain-network', '--allow-from', '10.0.0.0/8'], '--accept-unencrypted'],
    [['--security', 'plain-network'], '--allow-from'],
    [['--terminal', 'bridge', '--bridge-pipe', 'a b'], '--bridge-pipe'],
    [['--host', '0.0.0.0'], '0.0.0.0'],
    [['--paper-ticks', '/no/such/file.csv'], '/no/such/file.csv'],
    [['--command-port', 'x'], '--command-port'],
  ])('refuses %j with a clear line and code 78', async (flags, words) => {
    const ran = await run('--headless', '--data-dir', dataFolder(), ...flags);
    expect(ran).toMatchObject({ code: 78 });
    expect(ran.stderr).toContain(words);
  });

  it('publishes parseable ticks in single frames, and to a topic only its own', async () => {
    const { endpoints } = await startGateway();
    const all = await subscribe(endpoints.data, '', 40);
    expect(all.every((frames) => frames.length === 1)).toBe(true);
    const symbols = new Set(all.map(([frame]) => (JSON.parse(String(frame)) as { symbol: string }).symbol));
    expect(symbols.size).toBeGreaterThan(1);
    const own = await subscribe(endpoints.data, '{"symbol":"EURUSD",', 10);
    const ticks = own.map(
      ([frame]) => JSON.parse(String(frame)) as { symbol: string; seq: number; bid: number; ask: number },
    );
    expect(ticks.every((tick) => tick.symbol === 'EURUSD' && tick.ask >= tick.bid)).toBe(true);
    ticks.slice(1).forEach((tick, index) => {
      expect(tick.seq).toBe(ticks[index]!.seq + 1);
    });
  });

  it('keeps the paper account over a restart, and empties it with --paper-reset', async () => {
    const dataDir = dataFolder();
    const first = await startGateway({ dataDir });
    await new RawClient(first.endpoints.command).send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
    await first.stop();
    const second = await startGateway({ dataDir });
    expect((await new RawClient(second.endpoints.command).send('GET_POSITIONS')).data).toHaveLength(1);
    await second.stop();
    const third = await startGateway({ dataDir, flags: ['--paper-reset'] });
    expect((await new RawClient(third.endpoints.command).send('GET_POSITIONS')).data).toEqual([]);
  });
});

describe.runIf(hasSystemPackage('python3-zmq'))('Python clients', () => {
  const python = (script: string, words: readonly string[]) =>
    spawnSync('/usr/bin/python3', [join(import.meta.dirname, '../python', script), ...words], {
      encoding: 'utf8',
      timeout: 30_000,
    });

  it.each(['seed_client.py', 'pyzmq_client.py'])(
    '%s, which shares no code with this project, runs a whole session',
    async (script) => {
      const gateway = await startGateway();
      const ports = ['--command-port', String(gateway.ports.command), '--data-port', String(gateway.ports.data)];
      const ran = python(script, ['--host', '127.0.0.1', ...ports]);
      expect(ran.stderr).toBe('');
      expect(ran.status).toBe(0);
    },
  );
});
