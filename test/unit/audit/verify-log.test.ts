import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { AuditHead } from '../../../main/audit/audit-log.ts';
import { readManifest, type SegmentManifest } from '../../../main/audit/segments.ts';
import type { VerifyResult } from '../../../main/audit/verify.ts';
import { verifyLog } from '../../../main/audit/verify-log.ts';
import { appendTo, dataDirWithMonths, setLiveAside } from '../../fakes/audit-segments.ts';
import { dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const key = keyOf('r1');
const JANUARY = 'audit-2026-01';

/** Rows 1 to 4 in January, 5 to 6 in February, 7 to 9 live with an open command. */
const months = () =>
  dataDirWithMonths(
    [entry('ARMED'), intent(key), dispatch(key), outcome(key)],
    [entry('RESUME')],
    [intent(keyOf('r2')), entry('RESUME')],
  );

function verify(dataDir: string, witness?: AuditHead): VerifyResult {
  const steps = verifyLog(dataDir, witness);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Runs SQL on a closed file as somebody with the means to would. */
function tamperClosed(dataDir: string, name: string, sql: string): void {
  const file = join(dataDir, `${name}.sqlite`);
  chmodSync(file, 0o600);
  const db = new Database(file);
  db.exec(`DROP TRIGGER no_update; DROP TRIGGER no_delete; ${sql}`);
  db.close();
}

function changeManifest(dataDir: string, name: string, change: Partial<SegmentManifest>): void {
  const file = join(dataDir, `${name}.manifest.json`);
  writeFileSync(file, JSON.stringify({ ...readManifest(file), ...change }));
}

describe('verification of a log of several files', () => {
  it('follows the chain from the first file into the live one', () => {
    expect(verify(months())).toMatchObject({ ok: true, head: { seq: 9 } });
  });

  it('names the broken row of a closed file', () => {
    const dataDir = months();
    tamperClosed(dataDir, JANUARY, "UPDATE audit SET volume = '7' WHERE seq = 2");
    expect(verify(dataDir)).toMatchObject({
      ok: false,
      kind: 'broken',
      head: { seq: 1 },
      seq: 2,
      what: 'hash differs from the row’s content',
    });
  });

  it('holds a closed file against its SHA-256, where every row still links', () => {
    const dataDir = months();
    tamperClosed(dataDir, JANUARY, 'CREATE TABLE more (x)');
    expect(verify(dataDir)).toMatchObject({ ok: false, seq: 1, what: expect.stringContaining('SHA-256') as string });
  });

  it('notices rows that were cut off a closed file, and rows that were added', () => {
    const cut = months();
    tamperClosed(cut, JANUARY, 'DELETE FROM audit WHERE seq = 4; INSERT INTO open_command VALUES (2)');
    expect(verify(cut)).toMatchObject({
      ok: false,
      seq: 4,
      what: `${JANUARY}.sqlite ends with row 3, its manifest names 4`,
    });
    const added = months();
    tamperClosed(
      added,
      JANUARY,
      'INSERT INTO audit SELECT * FROM audit WHERE 0; UPDATE audit SET seq = 9 WHERE seq = 4',
    );
    expect(verify(added)).toMatchObject({ ok: false, seq: 9 });
  });

  it('notices a manifest that was changed', () => {
    const hash = 'ab'.repeat(32);
    const head = months();
    changeManifest(head, JANUARY, { head_hash: hash });
    expect(verify(head)).toMatchObject({ ok: false, seq: 4, what: expect.stringContaining('manifest') as string });
    const link = months();
    changeManifest(link, 'audit-2026-02', { prev_hash: hash });
    expect(verify(link)).toMatchObject({ ok: false, head: { seq: 4 }, seq: 5 });
  });

  it('says which file is missing', () => {
    const dataDir = months();
    rmSync(join(dataDir, `${JANUARY}.sqlite`));
    rmSync(join(dataDir, `${JANUARY}.manifest.json`));
    expect(verify(dataDir)).toMatchObject({
      ok: false,
      head: { seq: 0 },
      what: expect.stringMatching(/audit-2026-02\.sqlite begins with row 5.*a file of the log is missing/) as string,
    });
  });

  it('names the file that cannot be read', () => {
    const dataDir = months();
    const file = join(dataDir, `${JANUARY}.sqlite`);
    chmodSync(file, 0o600);
    writeFileSync(file, readFileSync(file).fill(0xff, 0, 100));
    expect(verify(dataDir)).toMatchObject({
      ok: false,
      seq: 1,
      what: `${JANUARY}.sqlite cannot be read: file is not a database`,
    });
  });

  it('checks the closed files of a log whose live one cannot be read', () => {
    const dataDir = months();
    writeFileSync(join(dataDir, 'audit.sqlite'), Buffer.alloc(8_192, 0xff));
    expect(verify(dataDir)).toMatchObject({
      ok: false,
      head: { seq: 6 },
      seq: 7,
      what: 'audit.sqlite cannot be read: file is not a database',
    });
  });

  it('is not intact with a damaged file that was set aside, and follows the chain behind it to its end', () => {
    const dataDir = months();
    setLiveAside(dataDir, [entry('ARMED')]);
    const damaged = { firstSeq: 7, lastSeq: 9, note: expect.stringContaining('not a database') as string };
    expect(verify(dataDir)).toMatchObject({
      ok: false,
      kind: 'damaged',
      seq: 7,
      head: { seq: 11 },
      damaged: [damaged],
    });
    appendTo(dataDir, [entry('ARMED')]);
    expect(verify(dataDir)).toMatchObject({ kind: 'damaged', head: { seq: 12 } });
  });

  it('names a broken row behind a damaged file, and both', () => {
    const dataDir = months();
    setLiveAside(dataDir, [entry('ARMED')]);
    tamperClosed(dataDir, 'audit', "UPDATE audit SET actor = 'x' WHERE seq = 11");
    expect(verify(dataDir)).toMatchObject({ ok: false, kind: 'broken', seq: 11, damaged: [{ firstSeq: 7 }] });
  });

  it('checks a head that was noted elsewhere in whichever file it is', () => {
    const dataDir = months();
    const { head_hash: hash } = readManifest(join(dataDir, `${JANUARY}.manifest.json`));
    expect(verify(dataDir, { seq: 4, hash })).toMatchObject({ ok: true });
    expect(verify(dataDir, { seq: 4, hash: 'ab'.repeat(32) })).toMatchObject({ ok: false, seq: 4 });
    expect(verify(dataDir, { seq: 10, hash })).toMatchObject({ ok: false, seq: 10 });
  });

  it('finds nothing in a folder without a log', () => {
    expect(verify(temporaryFolder())).toMatchObject({ ok: false, seq: 1 });
  });
});
