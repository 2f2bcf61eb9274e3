import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { runProgram as run } from '../running-gateway.ts';
import { startGateway } from './gateway-process.ts';
import { RawClient } from './raw-client.ts';

interface Named {
  readonly name: string;
}

/** Does to the log's file what somebody with write access to it could do. */
function tamper(dataDir: string, statement: string): void {
  const file = new Database(join(dataDir, 'audit.sqlite'));
  const triggers = file.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as Named[];
  for (const { name } of triggers) file.exec(`DROP TRIGGER "${name}"`);
  file.exec(statement);
  file.close();
}

async function logOfSixOrders(): Promise<string> {
  const gateway = await startGateway();
  const client = new RawClient(gateway.endpoints.command);
  for (let order = 0; order < 6; order += 1)
    await client.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' });
  await gateway.stop();
  expect(await run('--audit', 'verify', '--data-dir', gateway.dataDir)).toMatchObject({ code: 0 });
  return gateway.dataDir;
}

const tableOf = (dataDir: string) =>
  (inLog(dataDir, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%prev_hash%'") as Named).name;

const inLog = (dataDir: string, query: string): unknown => {
  const file = new Database(join(dataDir, 'audit.sqlite'), { readonly: true });
  const row = file.prepare(query).get();
  file.close();
  return row;
};

describe('--audit verify', () => {
  it('audit log 03: --audit verify names the row of which one byte was changed', async () => {
    const dataDir = await logOfSixOrders();
    const table = tableOf(dataDir);
    const { seq } = inLog(dataDir, `SELECT max(seq) AS seq FROM ${table} WHERE type = 'INTENT'`) as { seq: number };
    tamper(dataDir, `UPDATE ${table} SET volume = '0.02' WHERE seq = ${seq}`);
    const verified = await run('--audit', 'verify', '--data-dir', dataDir);
    expect(verified.code).toBe(1);
    expect(verified.stdout + verified.stderr).toContain(`broken at entry ${seq}`);
  });

  it('audit log 04: --audit verify notices a deleted row', async () => {
    const dataDir = await logOfSixOrders();
    tamper(dataDir, `DELETE FROM ${tableOf(dataDir)} WHERE seq = 7`);
    const verified = await run('--audit', 'verify', '--data-dir', dataDir);
    expect(verified.code).toBe(1);
    expect(verified.stdout + verified.stderr).toMatch(/broken at entry [78]\b/);
  });
});
