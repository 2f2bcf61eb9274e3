import type { Database } from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { Clock } from '../clock.ts';
import type { AuditHead, OpenedLog } from './audit-log.ts';
import { sealRow } from './chain.ts';
import { type Cell, HASHED_COLUMNS, INSERT_ROW, type RowStamp, toCells } from './columns.ts';
import { moveDurably } from './durable-files.ts';
import { readOpenedLog, standingRows } from './opened-log.ts';
import { auditFile, createStandAlone, openForReading } from './schema.ts';
import { segmentStartPayload, type SegmentStart } from './segment-start.ts';
import { type ClosedSegment, listClosedSegments } from './segments.ts';

/** Who writes a row of the log's own, and when. */
export interface RowSource {
  readonly stamp: RowStamp;
  readonly clock: Pick<Clock, 'nowMs' | 'monoMs'>;
}

/** What a file takes over from those before it. */
interface Inheritance {
  readonly start: SegmentStart;
  readonly epoch: number;
  /** Rows that keep a halt standing, as they stood in the file before. */
  readonly standing: readonly Cell[][];
}

/**
 * Makes the live file that follows the closed ones, one step at a time: it is built under another name, so that it is
 * either whole or not there. May be begun again after any of its steps. Throws where there is nothing to follow.
 */
export function* beginSegment(dataDir: string, source: RowSource): Generator<string, void> {
  const live = auditFile(dataDir);
  const next = `${live}.next`;
  for (const leftover of [next, `${next}-journal`]) rmSync(leftover, { force: true });
  const inheritance = inherit(listClosedSegments(dataDir));
  createStandAlone(next, (db) => writeFirstRows(db, inheritance, source));
  yield 'built';
  moveDurably(next, live);
  yield 'in place';
}

function writeFirstRows(db: Database, { start, epoch, standing }: Inheritance, { stamp, clock }: RowSource): void {
  const insert = db.prepare<Cell[]>(INSERT_ROW);
  const entry = {
    type: 'SEGMENT_STARTED',
    tsUtcUs: clock.nowMs() * 1000,
    tsMonoUs: clock.monoMs() * 1000,
    actorKind: 'gateway',
    actor: 'gateway',
    epoch,
    payload: segmentStartPayload(start),
  } as const;
  let head: AuditHead = start.head;
  const write = (cells: Cell[]) => {
    head = sealRow(head, cells);
    insert.run(...cells);
  };
  write(toCells(entry, head.seq + 1, false, stamp));
  for (const row of standing) write([head.seq + 1, ...row.slice(1, HASHED_COLUMNS)]);
}

function inherit(closed: readonly ClosedSegment[]): Inheritance {
  const last = closed.at(-1);
  if (last === undefined) throw new Error('the log has no closed file that another could follow');
  const { reason, last_seq: lastSeq, head_hash: lastHash } = last.manifest;
  const isWhole = reason === 'MONTH';
  const old = isWhole ? readEnd(last) : readDamagedEnd(last);
  const standing = old?.standing ?? [];
  return {
    start: {
      segment: basename(last.file),
      reason,
      head: { seq: lastSeq, hash: lastHash },
      cleanStop: isWhole && old?.opened.cleanStop === true,
      lastSeq: lastSeq + 1 + standing.length,
      quarantined: isWhole ? (old?.opened.quarantined ?? null) : movedAside(last),
    },
    epoch: old?.opened.epoch ?? epochBefore(closed),
    standing,
  };
}

/** One sentence on a damaged file. */
function movedAside({ manifest: { file, note, last_seq: lastSeq } }: ClosedSegment): string {
  return `the audit log was damaged (${note ?? 'unknown'}): it was moved aside as ${file}, a new file goes on after row ${lastSeq}`;
}

interface SegmentEnd {
  readonly opened: OpenedLog;
  readonly standing: readonly Cell[][];
}

function readEnd({ file, manifest }: ClosedSegment): SegmentEnd {
  const db = openForReading(file);
  try {
    const base = { seq: manifest.first_seq - 1, hash: manifest.prev_hash };
    return { opened: readOpenedLog(db, base), standing: standingRows(db) };
  } finally {
    db.close();
  }
}

function readDamagedEnd(segment: ClosedSegment): SegmentEnd | null {
  try {
    return readEnd(segment);
  } catch {
    return null;
  }
}

/** The newest epoch that the older files tell, for a damaged one that tells nothing. */
function epochBefore(closed: readonly ClosedSegment[]): number {
  const epochs = closed.map((segment) => readDamagedEnd(segment)?.opened.epoch ?? 0);
  return Math.max(0, ...epochs);
}
