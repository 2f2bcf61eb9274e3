import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditHead } from '../../../main/audit/audit-log.ts';
import { AuditReader } from '../../../main/audit/reader.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import type { VerifyResult } from '../../../main/audit/verify.ts';
import { dataDirWith, tamper } from '../../fakes/audit-file.ts';
import { dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';

const key = keyOf('r1');
const TEN_ROWS = [...Array.from({ length: 7 }, () => entry('ARMED')), intent(key), dispatch(key), entry('FENCED')];

function readerOf(dataDir: string): AuditReader {
  const reader = new AuditReader(dataDir);
  onTestFinished(() => reader.close());
  return reader;
}

function verify(dataDir: string, witness?: AuditHead): VerifyResult {
  const steps = readerOf(dataDir).verifySteps(witness);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function verifyAfter(sql: string, witness?: AuditHead): VerifyResult {
  const dataDir = dataDirWith(TEN_ROWS);
  tamper(dataDir, sql);
  return verify(dataDir, witness);
}

describe('verification', () => {
  it('gives the head of an intact log', () => {
    const dataDir = dataDirWith(TEN_ROWS);
    expect(verify(dataDir)).toEqual({ ok: true, head: readerOf(dataDir).head() });
  });

  it('takes an empty log for intact', () => {
    expect(verify(dataDirWith([]))).toMatchObject({ ok: true, head: { seq: 0 } });
  });

  it('goes step by step through a long log', () => {
    const dataDir = dataDirWith(Array.from({ length: 1_200 }, () => entry('ARMED')));
    expect([...readerOf(dataDir).verifySteps()].map(({ seq }) => seq)).toEqual([500, 1_000]);
  });

  it('audit log 03: verification names the row of which one byte was changed', () => {
    expect(verifyAfter("UPDATE audit SET volume = '0.02' WHERE seq = 8")).toMatchObject({
      ok: false,
      head: { seq: 7 },
      seq: 8,
      what: 'hash differs from the row’s content',
    });
  });

  it.each(['ts_utc_us', 'epoch', 'claim', 'answer', 'app_version', 'bridge_version'])(
    'covers the column %s',
    (column) => {
      const value = column === 'claim' ? 'NULL' : "CASE typeof(ts_utc_us) WHEN 'integer' THEN '5' END";
      expect(verifyAfter(`UPDATE audit SET ${column} = ${value} WHERE seq = 8`)).toMatchObject({ ok: false, seq: 8 });
    },
  );

  it('audit log 04: verification names the gap that a deleted row leaves', () => {
    expect(verifyAfter('DELETE FROM audit WHERE seq = 5')).toMatchObject({
      ok: false,
      seq: 6,
      what: 'row 5 is missing, between 4 and 6',
    });
    expect(verifyAfter('DELETE FROM audit WHERE seq = 1')).toMatchObject({ ok: false, seq: 2 });
  });

  it('audit log 04: verification names the link that is broken when a deleted row was papered over', () => {
    expect(verifyAfter('DELETE FROM audit WHERE seq = 5; UPDATE audit SET seq = seq - 1 WHERE seq > 5')).toMatchObject({
      ok: false,
      seq: 5,
      what: 'prev_hash is not the hash of row 4',
    });
  });

  it('notices two rows that changed places', () => {
    const sql = `UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;
      UPDATE audit SET seq = 4 WHERE seq = -3`;
    expect(verifyAfter(sql)).toMatchObject({ ok: false, seq: 3 });
  });

  it('notices rows before the first one', () => {
    expect(verifyAfter('UPDATE audit SET seq = -2 WHERE seq = 2')).toMatchObject({ ok: false, seq: -2 });
  });

  it('audit log 03: verification names the first of several edited rows', () => {
    expect(verifyAfter("UPDATE audit SET actor = 'x' WHERE seq IN (9, 4)")).toMatchObject({ ok: false, seq: 4 });
  });

  it('cannot see a cut tail by itself, and sees it against a head that was noted elsewhere', () => {
    const dataDir = dataDirWith(TEN_ROWS);
    const witness = readerOf(dataDir).head();
    tamper(dataDir, 'DELETE FROM audit WHERE seq > 9');
    expect(verify(dataDir)).toMatchObject({ ok: true, head: { seq: 9 } });
    expect(verify(dataDir, witness)).toMatchObject({
      ok: false,
      seq: 10,
      what: 'the log ends with row 9, the witness names 10',
    });
  });

  it('sees a rewritten log against a head that was noted elsewhere', () => {
    const dataDir = dataDirWith(TEN_ROWS);
    expect(verify(dataDir, { seq: 4, hash: 'ab'.repeat(32) })).toMatchObject({ ok: false, seq: 4 });
  });

  it('notices an open command that was taken off the list, or put on it', () => {
    expect(verifyAfter('DELETE FROM open_command')).toMatchObject({ ok: false, seq: 8 });
    expect(verifyAfter('INSERT INTO open_command VALUES (2)')).toMatchObject({ ok: false, seq: 2 });
  });

  it('names where a damaged file stops being readable', () => {
    const dataDir = dataDirWith(Array.from({ length: 3_000 }, () => entry('ARMED')));
    const file = auditFile(dataDir);
    const bytes = readFileSync(file);
    bytes.fill(0xff, 40 * 4_096);
    writeFileSync(file, bytes);
    const result = verify(dataDir);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? '' : result.what).toContain('cannot be read');
  });

  it('takes settled commands for settled', () => {
    expect(verify(dataDirWith([...TEN_ROWS, outcome(key)]))).toMatchObject({ ok: true });
  });
});
