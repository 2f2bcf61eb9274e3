import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { FLATTEN_SCOPES } from '../protocol/payloads.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import type { AuditHead, OpenedLog, RowType, StandingHalt } from './audit-log.ts';
import { followChain, GENESIS_HEAD } from './chain.ts';
import { type Cell, COLUMNS } from './columns.ts';
import { readSegmentStart, type SegmentStart } from './segment-start.ts';

/** How many of the last rows are re-hashed when the log is opened. */
const TAIL_ROWS = 1_000;

/** Last row of the log. */
export function readHead(db: Database): AuditHead {
  const row = db.prepare<[], AuditHead>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get();
  return row ?? GENESIS_HEAD;
}

/** What the log says of the run before. `base` is the last row of the file before this one. */
export function readOpenedLog(db: Database, base: AuditHead = GENESIS_HEAD): OpenedLog {
  const lastType = db.prepare<[], RowType>('SELECT type FROM audit ORDER BY seq DESC LIMIT 1').pluck().get();
  const start = readSegmentStart(db);
  const quarantined = start === null ? null : unansweredQuarantine(db, start);
  return {
    fresh: lastType === undefined && base.seq === 0,
    // A file that has only begun has its first rows from the one before, and so how that one ended.
    cleanStop: lastType === 'SESSION_STOPPED' || (start?.cleanStop === true && readHead(db).seq === start.lastSeq),
    tailIntact: tailIsIntact(db, base),
    epoch: highestEpoch(db),
    standingHalt: readStandingHalt(db),
    lastSession: readLastSession(db),
    ...(quarantined === null ? {} : { quarantined }),
  };
}

function readLastSession(db: Database): NonNullable<OpenedLog['lastSession']> {
  const payload = db.prepare<[number], string | null>('SELECT payload FROM audit WHERE seq = ?').pluck();
  const [started, stopped] = [lastSeqOf(db, 'SESSION_STARTED'), lastSeqOf(db, 'SESSION_STOPPED')];
  return { started: payload.get(started) ?? null, stopped: stopped > started ? (payload.get(stopped) ?? null) : null };
}

/** The rows that keep a halt standing, in order: a new file begins with copies of them. */
export function standingRows(db: Database): Cell[][] {
  const latchedSeq = standingLatch(db);
  if (latchedSeq === null) return [];
  const seqs = [latchedSeq, lastSeqOf(db, 'FLAT_VERIFIED')].filter((seq) => seq >= latchedSeq);
  const row = db.prepare<[number], Cell[]>(`SELECT ${COLUMNS.join(', ')} FROM audit WHERE seq = ?`).raw();
  return seqs.map((seq) => row.get(seq)).filter((cells) => cells !== undefined);
}

/** That a file was moved aside is told until a halt of that, or whoever ended it, is on record. */
function unansweredQuarantine(db: Database, { quarantined, lastSeq }: SegmentStart): string | null {
  if (quarantined === null) return null;
  const answers: readonly RowType[] = ['KILL_LATCHED', 'RESUME', 'ARMED'];
  return answers.some((type) => lastSeqOf(db, type) > lastSeq) ? null : quarantined;
}

/** Also looks at the tail's rows of requests, in case the disk refused the row of the rise itself. */
function highestEpoch(db: Database): number {
  const highest = (sql: string) => db.prepare<[], number | null>(sql).pluck().get() ?? 0;
  return Math.max(
    highest('SELECT max(epoch) FROM audit WHERE req_id IS NULL'),
    highest(`SELECT max(epoch) FROM (SELECT epoch FROM audit ORDER BY seq DESC LIMIT ${TAIL_ROWS})`),
  );
}

function tailIsIntact(db: Database, base: AuditHead): boolean {
  const tail = db
    .prepare<[number], Cell[]>(`SELECT ${COLUMNS.join(', ')} FROM audit ORDER BY seq DESC LIMIT ?`)
    .raw()
    .all(TAIL_ROWS + 1)
    .reverse();
  // The row before the tail is where it begins; a whole file begins where the one before it ended.
  const before = tail.length > TAIL_ROWS ? tail.shift() : undefined;
  let head = before === undefined ? base : { seq: Number(before[0]), hash: String(before.at(-1)) };
  for (const cells of tail) {
    const next = followChain(head, cells);
    if ('what' in next) return false;
    head = next;
  }
  return before === undefined || beginsAfter(db, base);
}

/** Whether the first row of a file follows `base`. */
export function beginsAfter(db: Database, base: AuditHead): boolean {
  const first = db.prepare<[], { seq: number; prev_hash: string }>(
    'SELECT seq, prev_hash FROM audit ORDER BY seq LIMIT 1',
  );
  const row = first.get();
  return row?.seq === base.seq + 1 && row.prev_hash === base.hash;
}

function readStandingHalt(db: Database): StandingHalt | null {
  const latchedSeq = standingLatch(db);
  if (latchedSeq === null) return null;
  const causes = db.prepare<[number], string | null>('SELECT payload FROM audit WHERE seq = ?').pluck().get(latchedSeq);
  return {
    flatten: flattenOf(causes ?? ''),
    flatVerified: lastSeqOf(db, 'FLAT_VERIFIED') > latchedSeq,
    causes: causes ?? '',
  };
}

/** Number of the last KILL_LATCHED row that nothing has ended, or null. */
function standingLatch(db: Database): number | null {
  const latchedSeq = lastSeqOf(db, 'KILL_LATCHED');
  return latchedSeq > Math.max(lastSeqOf(db, 'RESUME'), lastSeqOf(db, 'ARMED')) ? latchedSeq : null;
}

/** 0 where there is none. */
function lastSeqOf(db: Database, type: RowType): number {
  const lastSeq = db.prepare<[RowType], number | null>('SELECT max(seq) FROM audit WHERE type = ?').pluck();
  return lastSeq.get(type) ?? 0;
}

const latchedSchema = z.object({ flatten: z.enum(FLATTEN_SCOPES) });

/** `flatten` of a KILL_LATCHED payload; as on the wire, what cannot be read counts as the whole account. */
function flattenOf(payload: string): StandingHalt['flatten'] {
  try {
    return latchedSchema.parse(parseTrustedJson(payload)).flatten;
  } catch {
    return 'account';
  }
}
