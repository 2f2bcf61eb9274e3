import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import { canonicalJson, parseTrustedJson } from '../protocol/json.ts';
import type { AuditHead } from './audit-log.ts';

/** How a file of the log that follows another begins: what its SEGMENT_STARTED row says. */
export interface SegmentStart {
  /** Name of the file before, and why that one was closed. */
  readonly segment: string;
  readonly reason: 'MONTH' | 'QUARANTINE';
  /** Last row of the file before. */
  readonly head: AuditHead;
  /** Whether the last session had ended in order when the file before was closed. */
  readonly cleanStop: boolean;
  /** Last of the rows that were taken over from the file before. */
  readonly lastSeq: number;
  /** That a damaged file was moved aside, one sentence, where nobody had answered that yet; else null. */
  readonly quarantined: string | null;
}

const payloadSchema = z.object({
  segment: z.string(),
  reason: z.enum(['MONTH', 'QUARANTINE']),
  head: z.object({ seq: z.int(), hash: z.string() }),
  clean_stop: z.boolean(),
  /** How many rows follow that are copies of older ones. */
  carried: z.int(),
  quarantined: z.optional(z.string()),
});

/** Payload of a SEGMENT_STARTED row. */
export function segmentStartPayload(start: SegmentStart): string {
  const { segment, reason, head, cleanStop, lastSeq, quarantined } = start;
  return canonicalJson({
    segment,
    reason,
    head: { seq: head.seq, hash: head.hash },
    clean_stop: cleanStop,
    carried: lastSeq - head.seq - 1,
    ...(quarantined === null ? {} : { quarantined }),
  });
}

/** How a file begins, or null where it does not follow another. */
export function readSegmentStart(db: Database): SegmentStart | null {
  const first = db.prepare<[], { seq: number; type: string; payload: string | null }>(
    'SELECT seq, type, payload FROM audit ORDER BY seq LIMIT 1',
  );
  const row = first.get();
  if (row?.type !== 'SEGMENT_STARTED') return null;
  const payload = payloadSchema.safeParse(parsed(row.payload ?? ''));
  // A row that somebody changed says nothing; the chain shows that it was changed.
  if (!payload.success) return null;
  const { segment, reason, head, clean_stop: cleanStop, carried, quarantined = null } = payload.data;
  return { segment, reason, head, cleanStop, lastSeq: row.seq + carried, quarantined };
}

function parsed(text: string): unknown {
  try {
    return parseTrustedJson(text);
  } catch {
    return null;
  }
}
