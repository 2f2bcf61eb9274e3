import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { AuditLog } from '../../../main/audit/audit-log.ts';
import { openAuditLog } from '../../../main/audit/open-audit-log.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import { systemClock } from '../../../main/clock.ts';
import { silentLog } from '../../../main/log.ts';
import { dispatch, entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

async function logIn(dataDir: string): Promise<AuditLog> {
  const opened = await openAuditLog({
    ...{ dataDir, session: 's1', appVersion: '0.1.0' },
    ...{ clock: systemClock, log: silentLog },
  });
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.log.stop());
  return opened.log;
}

/** Rows of now, so that no month ends in the middle of the test. */
const now = () => ({ tsUtcUs: systemClock.nowMs() * 1_000 });

/** How many transactions the write-ahead log holds: the last frame of each names the file's size, the others name 0. */
function commitsIn(dataDir: string): number {
  const wal = readFileSync(`${auditFile(dataDir)}-wal`);
  const frameBytes = 24 + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + frameBytes <= wal.length; at += frameBytes) {
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
    if (wal.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

test('audit log 01: all that is called in one turn shares a commit, and each is answered when that is on disk', async () => {
  const dataDir = temporaryFolder();
  const log = await logIn(dataDir);
  await log.append([entry('SESSION_STARTED', now())]);
  const before = commitsIn(dataDir);
  const keys = Array.from({ length: 50 }, (_, at) => keyOf(`r${at}`));
  const claims = keys.map((key) => log.claim(key, [intent(key, now()), dispatch(key, now())]));
  const appended = log.append([entry('QUERY_COUNT', now())]);
  const results = await Promise.all([...claims, appended]);
  expect(results).toEqual(results.map(() => expect.objectContaining({ ok: true, head: log.head() }) as object));
  expect(log.head().seq).toBe(102);
  expect(commitsIn(dataDir) - before).toBe(1);
});

test('audit log 01: turns that wait for each other have a commit each', async () => {
  const dataDir = temporaryFolder();
  const log = await logIn(dataDir);
  await log.append([entry('SESSION_STARTED', now())]);
  const before = commitsIn(dataDir);
  for (let n = 0; n < 5; n += 1) await log.append([entry('QUERY_COUNT', now())]);
  expect(commitsIn(dataDir) - before).toBe(5);
});
