import { closeSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { auditFile } from '../../../main/audit/schema.ts';
import { startGateway } from '../../integration/gateway-process.ts';
import { eventually, listOf, RawClient } from '../../integration/raw-client.ts';
import { runProgram, type RunningGateway } from '../../running-gateway.ts';

const BUY = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };

/** A gateway with one open position. */
async function tradingGateway(): Promise<{ readonly gateway: RunningGateway; readonly client: RawClient }> {
  const gateway = await startGateway();
  const client = new RawClient(gateway.endpoints.command);
  expect(await client.send('OPEN_ORDER', BUY)).toMatchObject({ status: 'SUCCESS' });
  return { gateway, client };
}

async function statusOf({ dataDir }: RunningGateway): Promise<string> {
  return (await runProgram('--status', '--json', '--data-dir', dataDir)).stdout;
}

/** Another process has the log's file for itself. Ends with the test, or by hand. */
function lockFile({ dataDir }: RunningGateway): { unlock(): void } {
  const db = new Database(auditFile(dataDir));
  onTestFinished(() => {
    db.close();
  });
  db.exec('BEGIN IMMEDIATE');
  return { unlock: () => void db.exec('ROLLBACK') };
}

/** Overwrites a file where it is, with its size as before. */
function spoil(file: string): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(statSync(file).size, 'spoilt'), 0);
  fsyncSync(fd);
  closeSync(fd);
}

/** The kill is in force at once and closes the position, whatever the log does. */
async function expectKilled(client: RawClient): Promise<Record<string, unknown>> {
  const kill = await client.send('KILL_SWITCH');
  expect(kill).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', positions_closed: 1, flatten: 'EMPTY' } });
  expect(await client.send('OPEN_ORDER', BUY)).toMatchObject({ status: 'ERROR' });
  expect(listOf(await client.send('GET_POSITIONS'))).toEqual([]);
  return kill.data;
}

/** The next start after SIGKILL is halted, and trades nothing. */
async function expectHaltedAfterCrash(gateway: RunningGateway): Promise<RunningGateway> {
  await gateway.crash();
  const next = await startGateway({ dataDir: gateway.dataDir });
  expect(next.mode).toBe('HALTED');
  const client = new RawClient(next.endpoints.command);
  expect(await client.send('OPEN_ORDER', BUY)).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
  return next;
}

describe('the audit file at K3', () => {
  test('kill switch 36: locked by another process, a kill closes all and says "not recorded" until the lock is gone', async () => {
    const { gateway, client } = await tradingGateway();
    const lock = lockFile(gateway);
    expect(await expectKilled(client)).toMatchObject({ recorded: false });
    expect(await statusOf(gateway)).toContain('"recorded":false');
    lock.unlock();
    const recorded = await eventually(
      () => statusOf(gateway),
      (status) => status.includes('"recorded":true'),
      15_000,
    );
    expect(recorded).toContain('"recorded":true');
    const next = await expectHaltedAfterCrash(gateway);
    expect(await runProgram('--audit', 'verify', '--data-dir', next.dataDir)).toMatchObject({ code: 0 });
    expect(await statusOf(next)).toContain('"kind":"WIRE"');
  }, 60_000);

  test('kill switch 36: locked by another process until the gateway dies, the next start is halted all the same', async () => {
    const { gateway, client } = await tradingGateway();
    const lock = lockFile(gateway);
    await expectKilled(client);
    await gateway.crash();
    lock.unlock();
    await expectHaltedAfterCrash(gateway);
  }, 60_000);

  test('kill switch 36: corrupt, a kill closes all, and the next start is halted and says that the log is damaged', async () => {
    const { gateway, client } = await tradingGateway();
    const file = auditFile(gateway.dataDir);
    for (const part of [file, `${file}-wal`]) spoil(part);
    await expectKilled(client);
    const next = await expectHaltedAfterCrash(gateway);
    expect(await statusOf(next)).toContain('"kind":"AUDIT"');
  }, 60_000);
});
