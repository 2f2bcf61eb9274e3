import { describe, expect, test } from 'vitest';
import { AuditReader } from '../../../main/audit/reader.ts';
import { verifyLog } from '../../../main/audit/verify-log.ts';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { append, ask, claim, writerIn } from '../../fakes/log-writer.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const ROWS = 3_000;
const APPENDED = 20;

/** A log of some length with its writer at work. */
function busyLog() {
  const dataDir = temporaryFolder();
  const writer = writerIn(dataDir);
  writer.run([append(...Array.from({ length: ROWS }, () => entry('ARMED'))), claim('r0')]);
  return { dataDir, writer };
}

/** Reads step by step; the writer commits between any two of them. Gives how often it did. */
function writingBetween<T>(steps: Iterator<unknown, T>, write: (step: number) => void): { result: T; writes: number } {
  for (let writes = 0; ; writes += 1) {
    const step = steps.next();
    if (step.done === true) return { result: step.value, writes };
    write(writes);
  }
}

describe('a reader in the middle of its work', () => {
  test('audit log 15: a verification does not hold the writer up, which commits and claims between its steps', () => {
    const { dataDir, writer } = busyLog();
    const { result, writes } = writingBetween(verifyLog(dataDir), (step) => {
      const key = keyOf(`during-${step}`);
      expect(writer.run([claim(key.reqId), append(entry('FENCED'))])).toMatchObject({ fault: null });
      expect(ask(writer, claim(key.reqId, [intent(key)]))).toMatchObject({ kind: 'existing' });
    });
    expect(writes).toBeGreaterThan(3);
    expect(writer.head.seq).toBe(ROWS + 1 + 2 * writes);
    expect(result).toMatchObject({ ok: true });
    expect(writingBetween(verifyLog(dataDir), () => {}).result).toEqual({ ok: true, head: writer.head });
  });

  test('audit log 15: pages and exports do not hold the writer up', () => {
    const { dataDir, writer } = busyLog();
    const reader = new AuditReader(dataDir);
    const first = reader.list({ limit: 50 });
    expect(first.rows[0]?.seq).toBe(ROWS + 1);
    const { writes } = writingBetween(reader.exportPages({ type: 'ARMED' }), () => {
      for (let n = 0; n < APPENDED; n += 1) expect(writer.run([append(entry('ARMED'))])).toMatchObject({ fault: null });
    });
    expect(writes).toBeGreaterThan(1);
    expect(writer.head.seq).toBe(ROWS + 1 + writes * APPENDED);
    // A page that was begun before goes on where it was.
    expect(reader.list({ limit: 1, beforeSeq: first.next ?? 0 }).rows[0]?.seq).toBe(ROWS + 1 - 50);
    expect(reader.list({ limit: 1 }).rows[0]?.seq).toBe(writer.head.seq);
    reader.close();
  });
});
