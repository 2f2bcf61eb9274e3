import type { AuditHead } from './audit-log.ts';
import { beginSegment, type RowSource } from './begin-segment.ts';
import { isoTime } from './close-month.ts';
import { auditFile } from './schema.ts';
import { announceMove, moveDamaged } from './segment-moves.ts';
import { surveyDamaged } from './segment-survey.ts';
import { freeName, type SegmentManifest } from './segments.ts';

/** What is known of a damaged live file. */
export interface Damage {
  /** What is damaged, for people. */
  readonly why: string;
  /** Last row of the files before it. */
  readonly base: AuditHead;
  /** Rows that are known to have been on disk: what the writer holds, and what it has noted. The highest counts. */
  readonly written: readonly AuditHead[];
}

/**
 * Moves a damaged live file out of the way and begins a new one on the last row that is known, one step at a time. After a
 * crash at any step `finishMoves` ends it. Nothing of the damaged file is changed or lost.
 */
export function* moveAside(dataDir: string, damage: Damage, source: RowSource): Generator<string, void> {
  const manifest = damageManifest(dataDir, damage, source);
  announceMove(dataDir, manifest);
  yield 'announced';
  yield* moveDamaged(dataDir, manifest);
  yield* beginSegment(dataDir, source);
}

function damageManifest(dataDir: string, { why, base, written }: Damage, { stamp, clock }: RowSource): SegmentManifest {
  const survey = surveyDamaged(auditFile(dataDir));
  const heads = [base, ...written, ...(survey === null ? [] : [survey.head])];
  const head = heads.reduce((highest, each) => (each.seq > highest.seq ? each : highest));
  const now = isoTime(clock.nowMs());
  return {
    form: 1,
    file: `${freeName(dataDir, `audit-damaged-${now.replace(/[-:]|\.\d+/g, '')}`)}.sqlite`,
    reason: 'QUARANTINE',
    first_seq: base.seq + 1,
    last_seq: head.seq,
    rows: head.seq - base.seq,
    prev_hash: base.hash,
    head_hash: head.hash,
    from: survey === null ? null : isoTime(survey.fromMs),
    to: survey === null ? null : isoTime(survey.toMs),
    closed_at: now,
    app_version: stamp.appVersion,
    sha256: null,
    note: why,
  };
}
