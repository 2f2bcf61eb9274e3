import { writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuditReader } from '../../../main/audit/open-audit-reader.ts';
import { auditFile, openForWriting } from '../../../main/audit/schema.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { systemClock } from '../../../main/clock.ts';
import { dataDirWith, tamper } from '../../fakes/audit-file.ts';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { dataDirWithMonths } from '../../fakes/audit-segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

function readerOf(dataDir: string) {
  const reader = openAuditReader({ dataDir });
  onTestFinished(() => reader.stop());
  return reader;
}

describe('the reader in its worker', () => {
  it('lists, shows and verifies with progress', async () => {
    const rows = Array.from({ length: 22_000 }, () => entry('ARMED'));
    const reader = readerOf(dataDirWith([intent(keyOf('r1')), ...rows]));
    expect(await reader.list({ limit: 2 })).toMatchObject({ rows: [{ seq: 22_001 }, { seq: 22_000 }], next: 22_000 });
    expect(await reader.show({ reqId: 'r1' })).toMatchObject({ kind: 'row', row: { seq: 1 } });
    const progress: number[][] = [];
    const result = await reader.verify(({ seq }, of) => progress.push([seq, of]));
    expect(result).toMatchObject({ ok: true, head: { seq: 22_001 } });
    expect(progress).toEqual([
      [10_000, 22_001],
      [20_000, 22_001],
    ]);
  });

  it('fills a page also where rows that match are few among many that nearly do', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) =>
      entry(at % 2 === 0 ? 'ARMED' : 'RESUME', { status: at % 2 === 0 || at === 5 ? 'DONE' : 'REFUSED' }),
    );
    const page = await readerOf(dataDirWith(rows)).list({ type: 'RESUME', status: 'DONE', limit: 10 });
    expect(page).toMatchObject({ rows: [{ seq: 6 }], next: null });
  });

  it('lets the live file go once everything is answered, so that its month can be closed', async () => {
    const dataDir = dataDirWithMonths([entry('ARMED')]);
    const reader = readerOf(dataDir);
    await Promise.all([reader.list({ limit: 1 }), reader.verify(), reader.show({ seq: 1 })]);
    const stamp = { session: 's2', appVersion: '0.1.0', bridgeVersion: null };
    const writer = new AuditWriter({ dataDir, stamp, clock: systemClock });
    onTestFinished(() => writer.close());
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    expect(await reader.list({ limit: 9 })).toMatchObject({ rows: [{ type: 'SEGMENT_STARTED' }, { seq: 1 }] });
  });

  it('names the first broken row', async () => {
    const dataDir = dataDirWith([entry('ARMED'), entry('ARMED')]);
    tamper(dataDir, "UPDATE audit SET actor = 'x' WHERE seq = 2");
    expect(await readerOf(dataDir).verify()).toMatchObject({ ok: false, seq: 2 });
  });

  it('says what is broken where the live file cannot be read', async () => {
    const dataDir = dataDirWithMonths([entry('ARMED')], [entry('ARMED')]);
    writeFileSync(auditFile(dataDir), Buffer.alloc(8_192, 0xff));
    expect(await readerOf(dataDir).verify()).toMatchObject({ ok: false, kind: 'broken', seq: 2 });
  });

  it('answers other questions while it verifies', async () => {
    const reader = readerOf(dataDirWith(Array.from({ length: 30_000 }, () => entry('ARMED'))));
    await reader.list({ limit: 1 });
    const order: string[] = [];
    const verified = reader.verify().then(() => order.push('verified'));
    await reader.list({ limit: 1 }).then(() => order.push('listed'));
    await verified;
    expect(order).toEqual(['listed', 'verified']);
  });

  it('rejects where there is no log, names the file, and reads it once it is there', async () => {
    const dataDir = temporaryFolder();
    const reader = readerOf(dataDir);
    await expect(reader.list({ limit: 1 })).rejects.toThrow(/the audit log .*audit\.sqlite cannot be read/);
    openForWriting(auditFile(dataDir)).close();
    expect(await reader.list({ limit: 1 })).toEqual({ rows: [], next: null, gaps: [] });
  });

  it('rejects what is asked after it was stopped, and what was not answered before', async () => {
    const reader = readerOf(dataDirWith(Array.from({ length: 30_000 }, () => entry('ARMED'))));
    await reader.list({ limit: 1 });
    const waiting = expect(reader.verify()).rejects.toThrow('has ended');
    await Promise.all([reader.stop(), reader.stop()]);
    await waiting;
    await expect(reader.list({ limit: 1 })).rejects.toThrow('closed');
  });
});
