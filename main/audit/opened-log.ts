import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { FLATTEN_SCOPES } from '../protocol/payloads.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import type { AuditHead, OpenedLog, RowType, StandingHalt } from './audit-log.ts';
import { followChain, GENESIS_HEAD } from './chain.ts';
import { type Cell, COLUMNS } from './columns.ts';

/** How many of the last rows are re-hashed when the log is opened. */
const TAIL_ROWS = 1_000;

/** Last row of the log. */
export function readHead(db: Database): AuditHead {
  const row = db.prepare<[], AuditHead>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get();
  return row ?? GENESIS_HEAD;
}

/** What the log says of the run before. */
export function readOpenedLog(db: Database): OpenedLog {
  const lastType = db.prepare<[], RowType>('SELECT type FROM audit ORDER BY seq DESC LIMIT 1').pluck().get();
  return {
    fresh: lastType === undefined,
    cleanStop: lastType === 'SESSION_STOPPED',
    tailIntact: tailIsIntact(db),
    epoch: highestEpoch(db),
    standingHalt: readStandingHalt(db),
  };
}

/** Also looks at the tail's rows of requests, in case the disk refused the row of the rise itself. */
function highestEpoch(db: Database): number {
  const highest = (sql: string) => db.prepare<[], number | null>(sql).pluck().get() ?? 0;
  return Math.max(
    highest('SELECT max(epoch) FROM audit WHERE req_id IS NULL'),
    highest(`SELECT max(epoch) FROM (SELECT epoch FROM audit ORDER BY seq DESC LIMIT ${TAIL_ROWS})`),
  );
}

function tailIsIntact(db: Database): boolean {
  const tail = db
    .prepare<[number], Cell[]>(`SELECT ${COLUMNS.join(', ')} FROM audit ORDER BY seq DESC LIMIT ?`)
    .raw()
    .all(TAIL_ROWS + 1)
    .reverse();
  // The row before the tail is where it begins; a whole log begins with its first row.
  const before = tail.length > TAIL_ROWS ? tail.shift() : undefined;
  let head = before === undefined ? GENESIS_HEAD : { seq: Number(before[0]), hash: String(before.at(-1)) };
  for (const cells of tail) {
    const next = followChain(head, cells);
    if ('what' in next) return false;
    head = next;
  }
  return true;
}

function readStandingHalt(db: Database): StandingHalt | null {
  const lastSeq = db.prepare<[RowType], number | null>('SELECT max(seq) FROM audit WHERE type = ?').pluck();
  const seqOf = (type: RowType) => lastSeq.get(type) ?? 0;
  const latchedSeq = seqOf('KILL_LATCHED');
  if (latchedSeq <= Math.max(seqOf('RESUME'), seqOf('ARMED'))) return null;
  const causes = db.prepare<[number], string | null>('SELECT payload FROM audit WHERE seq = ?').pluck().get(latchedSeq);
  return {
    flatten: flattenOf(causes ?? ''),
    flatVerified: seqOf('FLAT_VERIFIED') > latchedSeq,
    causes: causes ?? '',
  };
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
