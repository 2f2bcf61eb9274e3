import { describe, expect, it } from 'vitest';
import { runProgram as run } from '../running-gateway.ts';
import { dataFolder, startGateway } from './gateway-process.ts';
import { listOf, RawClient } from './raw-client.ts';

const REASON = ['--reason', 'the operator has looked'] as const;

describe('the operator at the gateway machine', () => {
  it('closes one position by its ticket while trading is halted, and it is recorded who did it and why', async () => {
    const { dataDir, endpoints } = await startGateway();
    const brain = new RawClient(endpoints.command);
    const opened = await brain.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
    const { ticket } = opened.data as { ticket: number };
    await run('--halt', '--data-dir', dataDir, ...REASON);
    const refused = await brain.send('CLOSE_POSITION', { ticket });
    expect(refused).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect(await run('--close', String(ticket), '--data-dir', dataDir, ...REASON)).toMatchObject({ code: 0 });
    expect(listOf(await brain.send('GET_POSITIONS'))).toEqual([]);
    const again = await run('--close', String(ticket), '--data-dir', dataDir, ...REASON);
    expect(again).toMatchObject({ code: 1 });
    expect(again.stdout).toContain(String(ticket));
    const rows = await run('--audit', 'list', '--by', 'operator', '--json', '--data-dir', dataDir);
    expect(rows.stdout).toContain('OPERATOR_CLOSE');
    expect(rows.stdout).toContain('the operator has looked');
  });

  it('sees the leases, which outlive a restart in order, and lets a client go', async () => {
    const dataDir = dataFolder();
    const first = await startGateway({ dataDir });
    const lease = { lease_s: 600, on_expiry: 'halt' };
    await new RawClient(first.endpoints.command).send('HEARTBEAT', lease, { client_id: 'alpha' });
    await first.stop();
    await startGateway({ dataDir });
    expect((await run('--status', '--data-dir', dataDir)).stdout).toContain('alpha: 600 s');
    expect(await run('--end-lease', 'alpha', '--data-dir', dataDir, ...REASON)).toMatchObject({ code: 0 });
    expect((await run('--status', '--data-dir', dataDir)).stdout).not.toContain('Lease');
    expect(await run('--end-lease', 'alpha', '--data-dir', dataDir, ...REASON)).toMatchObject({ code: 1 });
  });

  it('is told which two limits contradict each other, and the gateway does not start', async () => {
    const flags = ['--limit-drawdown-soft', '9', '--limit-drawdown-hard', '5'];
    const ran = await run('--headless', '--data-dir', dataFolder(), ...flags);
    expect(ran).toMatchObject({ code: 78 });
    expect(ran.stderr).toContain('--limit-drawdown-soft 9 is above --limit-drawdown-hard 5');
  });

  it('sets limits that hold from the next start, and finds the change in the log', async () => {
    const dataDir = dataFolder();
    await (await startGateway({ dataDir })).stop();
    expect(await run('--settings', 'limit_order_volume=0.5', '--data-dir', dataDir)).toMatchObject({ code: 0 });
    const { endpoints } = await startGateway({ dataDir });
    const order = { symbol: 'EURUSD', volume: 0.51, side: 'BUY' };
    const refused = await new RawClient(endpoints.command).send('OPEN_ORDER', order);
    expect(refused).toMatchObject({ status: 'ERROR', code: 'RISK_LIMIT' });
    expect(refused.error).toMatch(/0\.51 .*0\.5 /);
    const rows = await run('--audit', 'list', '--type', 'SETTINGS_CHANGED', '--json', '--data-dir', dataDir);
    expect(rows.stdout).toContain('limitOrderVolume');
  });
});
