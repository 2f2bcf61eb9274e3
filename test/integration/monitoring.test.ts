import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram, type RunningGateway } from '../running-gateway.ts';
import { startGateway } from './gateway-process.ts';
import { RawClient } from './raw-client.ts';

/** What monitoring at the gateway's machine gets for a path. */
async function scrape(gateway: RunningGateway, path: string): Promise<{ status: number; text: string }> {
  const token = readFileSync(join(gateway.dataDir, 'scrape.token'), 'utf8');
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(new URL(path, gateway.panel), { headers });
  return { status: answer.status, text: await answer.text() };
}

describe('a gateway that is monitored', () => {
  it('tells what it counts, says when it was halted, and keeps its log in a file', async () => {
    const gateway = await startGateway({ flags: ['--panel-port', '0'] });
    const client = new RawClient(gateway.endpoints.command);
    for (let order = 0; order < 3; order += 1) {
      await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
    }
    await client.send('OPEN_ORDER', { symbol: 'NOSUCH', volume: 0.01, side: 'BUY' });
    client.close();

    const metrics = await scrape(gateway, '/metrics');
    const value = (series: string) =>
      Number(
        metrics.text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length),
      );
    expect(metrics.status).toBe(200);
    // The gateway's own question at its start is one too.
    expect(value('mt5_fabric_commands_total')).toBe(5);
    expect(value('mt5_fabric_commands_rejected_total{code="NOT_FOUND"}')).toBe(1);
    expect(value('mt5_fabric_command_duration_seconds_count')).toBe(5);
    expect(value('mt5_fabric_command_duration_seconds_sum')).toBeGreaterThan(0);
    expect(value('mt5_fabric_clients')).toBe(1);
    expect(value('mt5_fabric_trading_mode{mode="TRADING"}')).toBe(1);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(20_000_000);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);

    expect(await scrape(gateway, '/healthz')).toMatchObject({
      status: 200,
      text: expect.stringContaining('"ok"') as string,
    });
    await runProgram('--kill', '--reason', 'a test', '--data-dir', gateway.dataDir);
    const halted = await scrape(gateway, '/healthz');
    expect(halted.status).toBe(200);
    expect(JSON.parse(halted.text)).toMatchObject({
      status: 'halted',
      can_trade: false,
      reasons: ['OPERATOR: a test'],
    });

    const log = readFileSync(join(gateway.dataDir, 'logs/gateway.log'), 'utf8').trimEnd().split('\n');
    const events = log.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toContain('audit log open');
  });
});
