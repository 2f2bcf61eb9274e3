import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEntry } from '../../../main/audit/audit-log.ts';
import { closeMonth } from '../../../main/audit/close-month.ts';
import { sha256OfFile } from '../../../main/audit/durable-files.ts';
import { auditFile, openForReading, openForWriting } from '../../../main/audit/schema.ts';
import { listSegments } from '../../../main/audit/segments.ts';
import { entry, intent, keyOf, NOON_US, outcome } from '../../fakes/audit-entries.ts';
import { chainHead, liveRows } from '../../fakes/log-files.ts';
import { append, ask, claim, find, STAMP, writerIn } from '../../fakes/log-writer.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const FEBRUARY_MS = Date.UTC(2026, 1, 1);
const inFebruary = () => new SimulatedClock(FEBRUARY_MS);
const latched = entry('KILL_LATCHED', { epoch: 5, payload: '{"causes":[],"flatten":"account","mode":"HALTED"}' });

/** A folder with a log of January, in which `r1` has ended. */
function january(...more: readonly AuditEntry[]): string {
  const dataDir = temporaryFolder();
  const writer = writerIn(dataDir);
  writer.run([append(entry('SESSION_STARTED', { epoch: 4 })), claim('r1'), append(outcome(keyOf('r1')), ...more)]);
  writer.close();
  return dataDir;
}

/** Runs a gateway's writer at a time, for one look at the month. */
function lookAt(dataDir: string, nowMs: number): void {
  const writer = writerIn(dataDir, { clock: new SimulatedClock(nowMs) });
  expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
  writer.close();
}

const names = (dataDir: string) => listSegments(dataDir).map(({ file }) => basename(file));

describe('the end of a month', () => {
  it('audit log 11: the end of a month closes its file beside a manifest, and begins a new one on its last row', () => {
    const dataDir = january();
    const writer = writerIn(dataDir, { clock: inFebruary() });
    const { head } = writer;
    expect(writer.lookAtMonth()).toEqual({ kind: 'month closed', head: writer.head });
    expect(names(dataDir)).toEqual(['audit-2026-01.sqlite', 'audit.sqlite']);
    const [closed] = listSegments(dataDir);
    expect(closed?.manifest).toEqual({
      form: 1,
      file: 'audit-2026-01.sqlite',
      reason: 'MONTH',
      first_seq: 1,
      last_seq: 3,
      rows: 3,
      prev_hash: '0'.repeat(64),
      head_hash: head.hash,
      from: '2026-01-05T12:00:00.000Z',
      to: '2026-01-05T12:00:00.000Z',
      closed_at: '2026-02-01T00:00:00.000Z',
      app_version: '0.1.0',
      sha256: sha256OfFile(closed?.file ?? ''),
    });
    expect(liveRows(dataDir)).toMatchObject([{ seq: 4, type: 'SEGMENT_STARTED', prev_hash: head.hash, epoch: 4 }]);
    expect(JSON.parse(liveRows(dataDir)[0]?.payload ?? '')).toEqual({
      segment: 'audit-2026-01.sqlite',
      reason: 'MONTH',
      head: { seq: 3, hash: head.hash },
      clean_stop: false,
      carried: 0,
    });
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('leaves a file that stands alone and that nobody writes', () => {
    const dataDir = january();
    writerIn(dataDir, { clock: inFebruary() }).lookAtMonth();
    const file = join(dataDir, 'audit-2026-01.sqlite');
    expect(readdirSync(dataDir).filter((name) => name.startsWith('audit-2026-01'))).toEqual([
      'audit-2026-01.manifest.json',
      'audit-2026-01.sqlite',
    ]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o400);
    const db = openForReading(file);
    onTestFinished(() => void db.close());
    expect(db.pragma('journal_mode', { simple: true })).toBe('delete');
  });

  it('goes on writing durably', () => {
    const dataDir = january();
    let db: Database.Database | undefined;
    const open = (file: string) => (db = openForWriting(file));
    const writer = writerIn(dataDir, { clock: inFebruary(), open });
    writer.lookAtMonth();
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({ fault: null, head: { seq: 5 } });
    expect(db?.pragma('synchronous', { simple: true })).toBe(2);
    expect(db?.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(statSync(auditFile(dataDir)).mode & 0o077).toBe(0);
  });

  it('is not the end of a day, and not that of an empty log', () => {
    const sameMonth = writerIn(january(), { clock: new SimulatedClock(FEBRUARY_MS - 1) });
    expect(sameMonth.lookAtMonth()).toBeNull();
    const empty = temporaryFolder();
    expect(writerIn(empty, { clock: inFebruary() }).lookAtMonth()).toBeNull();
    expect(names(empty)).toEqual(['audit.sqlite']);
  });

  it('comes while the log is written, at the first look of the new month', async () => {
    const clock = new SimulatedClock(FEBRUARY_MS - 30_000);
    const dataDir = temporaryFolder();
    const writer = writerIn(dataDir, { clock });
    writer.run([append(entry('SESSION_STARTED'))]);
    expect(writer.lookAtMonth()).toBeNull();
    await clock.advance(59_999);
    expect(writer.lookAtMonth()).toBeNull();
    await clock.advance(1);
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
  });

  it('waits for a command without a known end, and no longer', () => {
    const dataDir = temporaryFolder();
    const writer = writerIn(dataDir, { clock: inFebruary() });
    writer.run([claim('r1')]);
    expect(writer.lookAtMonth()).toBeNull();
    writer.run([append(outcome(keyOf('r1')))]);
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
  });

  it('waits for a reader of the live file, works meanwhile, and tries again a minute later', async () => {
    const dataDir = january();
    const clock = inFebruary();
    const writer = writerIn(dataDir, { clock });
    const reader = openForReading(auditFile(dataDir));
    reader.prepare('SELECT count(*) FROM audit').get();
    expect(writer.lookAtMonth()).toMatchObject({
      kind: 'month kept',
      why: expect.stringContaining('is open') as string,
    });
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({ fault: null, head: { seq: 4 } });
    reader.close();
    expect(writer.lookAtMonth()).toBeNull();
    await clock.advance(60_000);
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('gives a second file of the same month a number', () => {
    const dataDir = january();
    lookAt(dataDir, FEBRUARY_MS);
    // The clock is put back: what was written in February goes into a file of that month.
    lookAt(dataDir, FEBRUARY_MS - 1);
    lookAt(dataDir, FEBRUARY_MS);
    expect(names(dataDir)).toEqual([
      'audit-2026-01.sqlite',
      'audit-2026-02.sqlite',
      'audit-2026-01-2.sqlite',
      'audit.sqlite',
    ]);
    expect(chainHead(dataDir).seq).toBe(6);
  });
});

describe('a log whose month was closed', () => {
  const reopened = (dataDir: string) => {
    const closing = writerIn(dataDir, { clock: inFebruary() });
    expect(closing.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    closing.close();
    return writerIn(dataDir, { clock: inFebruary() }).opened;
  };

  it('is neither fresh nor broken, and keeps its epoch', () => {
    expect(reopened(january())).toEqual({
      fresh: false,
      cleanStop: false,
      tailIntact: true,
      epoch: 4,
      standingHalt: null,
      lastSession: { started: null, stopped: null },
    });
  });

  it('tells as before how the last session ended', () => {
    expect(reopened(january(entry('SESSION_STOPPED'))).cleanStop).toBe(true);
    expect(reopened(january(entry('SESSION_STOPPED'), entry('SESSION_STARTED'))).cleanStop).toBe(false);
    expect(reopened(january(latched, entry('SESSION_STOPPED'))).cleanStop).toBe(true);
  });

  it('takes a later crash for one, though the month had been closed in order', () => {
    const dataDir = january(entry('SESSION_STOPPED'));
    const writer = writerIn(dataDir, { clock: inFebruary() });
    writer.lookAtMonth();
    writer.run([append(entry('SESSION_STARTED'))]);
    writer.close();
    expect(writerIn(dataDir, { clock: inFebruary() }).opened.cleanStop).toBe(false);
  });

  it('keeps a standing halt, with what has been verified since', () => {
    const halt = { flatten: 'account', flatVerified: false, causes: latched.payload };
    expect(reopened(january(latched))).toMatchObject({ epoch: 5, standingHalt: halt });
    expect(reopened(january(latched, entry('FLAT_VERIFIED'))).standingHalt).toEqual({ ...halt, flatVerified: true });
    expect(reopened(january(entry('FLAT_VERIFIED'), latched)).standingHalt).toEqual(halt);
    expect(reopened(january(latched, entry('RESUME'))).standingHalt).toBeNull();
  });

  it('carries a halt over from month to month, as it was recorded', () => {
    const dataDir = january(latched, entry('FLAT_VERIFIED'));
    lookAt(dataDir, FEBRUARY_MS);
    lookAt(dataDir, Date.UTC(2026, 2, 1));
    expect(liveRows(dataDir)).toMatchObject([
      { seq: 9, type: 'SEGMENT_STARTED', epoch: 5 },
      { seq: 10, type: 'KILL_LATCHED', epoch: 5, ts_utc_us: NOON_US, payload: latched.payload },
      { seq: 11, type: 'FLAT_VERIFIED' },
    ]);
    expect(chainHead(dataDir).seq).toBe(11);
  });

  it('shows that its live file does not follow the closed one', () => {
    const dataDir = january();
    lookAt(dataDir, FEBRUARY_MS);
    const db = new Database(auditFile(dataDir));
    db.exec("DROP TRIGGER no_update; UPDATE audit SET prev_hash = 'x' WHERE seq = 4");
    db.close();
    expect(writerIn(dataDir, { clock: inFebruary() }).opened.tailIntact).toBe(false);
  });

  it('does not close a file that does not follow the one before, since its numbers would not fit any more', () => {
    const dataDir = january();
    lookAt(dataDir, FEBRUARY_MS);
    const db = new Database(auditFile(dataDir));
    db.exec('DROP TRIGGER no_update; UPDATE audit SET seq = 40');
    db.close();
    const writer = writerIn(dataDir, { clock: new SimulatedClock(Date.UTC(2026, 2, 1)) });
    expect(writer.lookAtMonth()).toMatchObject({
      kind: 'month kept',
      why: expect.stringContaining('follow') as string,
    });
    expect(names(dataDir)).toEqual(['audit-2026-01.sqlite', 'audit.sqlite']);
  });
});

describe('a crash while a month is closed', () => {
  const STEPS = ['stands alone', 'announced', 'moved', 'published', 'built', 'in place'];

  /** Begins to close the month and stops after `count` steps, as a killed process does. */
  function crashAfter(dataDir: string, count: number): readonly string[] {
    const source = { stamp: STAMP, clock: inFebruary() };
    const steps = closeMonth(dataDir, openForWriting(auditFile(dataDir)), '2026-01', source);
    return Array.from({ length: count }, () => steps.next().value ?? 'ended');
  }

  it.each(STEPS.map((step, at) => [step, at + 1] as const))('loses nothing after “%s”', (step, count) => {
    const dataDir = january(latched);
    expect(crashAfter(dataDir, count).at(-1)).toBe(step);
    const writer = writerIn(dataDir, { clock: inFebruary() });
    expect(writer.opened).toMatchObject({
      fresh: false,
      tailIntact: true,
      epoch: 5,
      standingHalt: { flatten: 'account' },
    });
    expect(writer.opened.quarantined).toBeUndefined();
    expect(ask(writer, claim('r1', [intent(keyOf('r1'))]))).toMatchObject({ kind: 'existing' });
    expect(ask(writer, find('r1'))).toMatchObject({ record: { state: 'DONE' } });
    writer.lookAtMonth();
    expect(names(dataDir)).toEqual(['audit-2026-01.sqlite', 'audit.sqlite']);
    expect(writer.run([append(entry('ARMED'))]).fault).toBeNull();
    expect(chainHead(dataDir)).toEqual(writer.head);
    expect(existsSync(`${auditFile(dataDir)}.next`)).toBe(false);
    expect(readdirSync(dataDir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('shows a reader every row while it lasts', () => {
    for (const [count] of STEPS.map((_, at) => [at + 1] as const)) {
      const dataDir = january();
      crashAfter(dataDir, count);
      expect(chainHead(dataDir).seq).toBe(count === STEPS.length ? 4 : 3);
    }
  });
});
