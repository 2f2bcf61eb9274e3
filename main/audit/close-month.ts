import type { Database } from 'better-sqlite3';
import { sha256OfFile, syncFile } from './durable-files.ts';
import { beginSegment, type RowSource } from './begin-segment.ts';
import { auditFile, makeStandAlone } from './schema.ts';
import { announceMove, moveMonth } from './segment-moves.ts';
import { type SegmentSurvey, surveyRows } from './segment-survey.ts';
import { freeName, type SegmentManifest } from './segments.ts';

/** UTC month in which the live file began, like 2026-11, if now is another month; else null. */
export function monthToClose(db: Database, nowMs: number): string | null {
  const first = db.prepare<[], number>('SELECT ts_utc_us FROM audit ORDER BY seq LIMIT 1').pluck().get();
  if (first === undefined) return null;
  const month = monthOf(first / 1000);
  return month === monthOf(nowMs) ? null : month;
}

/** Whether a command of the live file has no known end yet: a closed file holds none. */
export function holdsOpenCommands(db: Database): boolean {
  return db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM open_command)').pluck().get() === 1;
}

/**
 * Closes the live file as a month's and begins the next, one step at a time; it closes the connection. After a crash at any
 * step, opening the log finds one of both files whole. Throws SQLITE_BUSY before anything is changed where another
 * connection is open on the file.
 */
export function* closeMonth(dataDir: string, db: Database, month: string, source: RowSource): Generator<string, void> {
  const survey = surveyRows(db);
  if (survey === null) throw new Error('a file without rows has no month');
  makeStandAlone(db);
  db.close();
  const live = auditFile(dataDir);
  syncFile(live);
  yield 'stands alone';
  const manifest = monthManifest(`${freeName(dataDir, `audit-${month}`)}.sqlite`, survey, sha256OfFile(live), source);
  announceMove(dataDir, manifest);
  yield 'announced';
  yield* moveMonth(dataDir, manifest);
  yield* beginSegment(dataDir, source);
}

function monthManifest(
  file: string,
  { base, head, rows, fromMs, toMs }: SegmentSurvey,
  sha256: string,
  { stamp, clock }: RowSource,
): SegmentManifest {
  return {
    form: 1,
    file,
    reason: 'MONTH',
    first_seq: base.seq + 1,
    last_seq: head.seq,
    rows,
    prev_hash: base.hash,
    head_hash: head.hash,
    from: isoTime(fromMs),
    to: isoTime(toMs),
    closed_at: isoTime(clock.nowMs()),
    app_version: stamp.appVersion,
    sha256,
  };
}

/** ISO 8601 in UTC, to the millisecond. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

function monthOf(atMs: number): string {
  return isoTime(atMs).slice(0, 7);
}
