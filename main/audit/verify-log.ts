import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { AuditHead } from './audit-log.ts';
import { GENESIS_HEAD } from './chain.ts';
import { type SegmentRange, SegmentSet } from './segment-set.ts';
import type { SegmentManifest } from './segments.ts';
import { type Broken, type DamagedSegment, verifyRows, type VerifyResult } from './verify.ts';

const CHUNK_BYTES = 4 * 1_048_576;

type Outcome = AuditHead | Broken;

/**
 * Checks a whole log, oldest file first, in steps; each gives the row up to which it holds. Every closed file is held
 * against its manifest and linked to the one before. A damaged file that was set aside is named and left out: the log is
 * then not intact, though the chain behind it is checked to its end. A cut tail and a log that was rewritten as a whole
 * link as well: they show against `witness`, a head that was noted elsewhere. Never throws for what it finds.
 */
export function* verifyLog(dataDir: string, witness?: AuditHead): Generator<AuditHead, VerifyResult> {
  const set = new SegmentSet(dataDir);
  try {
    const segments = filesOf(set);
    if ('what' in segments) return { ok: false, kind: 'broken', damaged: [], ...segments };
    return yield* verifySegments(segments, witness);
  } finally {
    set.close();
  }
}

function filesOf(set: SegmentSet): readonly SegmentRange[] | Broken {
  try {
    return set.list();
  } catch (error) {
    return { head: GENESIS_HEAD, seq: 1, what: messageOf(error) };
  }
}

function* verifySegments(
  segments: readonly SegmentRange[],
  witness: AuditHead | undefined,
): Generator<AuditHead, VerifyResult> {
  const damaged: DamagedSegment[] = [];
  let head = GENESIS_HEAD;
  for (const segment of segments) {
    if (segment.manifest?.reason === 'QUARANTINE') {
      damaged.push(damagedOf(segment, segment.manifest));
      head = headOf(segment.manifest);
      continue;
    }
    const outcome: Outcome = yield* verifySegment(segment, head, witness);
    if ('what' in outcome) return { ok: false, kind: 'broken', damaged, ...outcome };
    head = outcome;
  }
  return ending(head, damaged, witness);
}

function ending(head: AuditHead, damaged: readonly DamagedSegment[], witness: AuditHead | undefined): VerifyResult {
  if (witness !== undefined && witness.seq > head.seq) {
    const what = `the log ends with row ${head.seq}, the witness names ${witness.seq}`;
    return { ok: false, kind: 'broken', head, seq: head.seq + 1, what, damaged };
  }
  const [first] = damaged;
  if (first === undefined) return { ok: true, head };
  return {
    ok: false,
    kind: 'damaged',
    head,
    seq: first.firstSeq,
    what: `${first.file} was set aside as damaged: ${first.note}`,
    damaged,
  };
}

function* verifySegment(
  segment: SegmentRange,
  before: AuditHead,
  witness: AuditHead | undefined,
): Generator<AuditHead, Outcome> {
  const { file, manifest } = segment;
  if (manifest !== null && manifest.prev_hash !== before.hash) {
    const what = `the manifest of ${basename(file)} does not continue row ${before.seq}`;
    return { head: before, seq: manifest.first_seq, what };
  }
  try {
    const outcome: Outcome = yield* verifyRows(segment.rows().db, before, witness);
    if ('what' in outcome || manifest === null) return outcome;
    return againstManifest(outcome, manifest) ?? (yield* againstSum(file, manifest, outcome));
  } catch (error) {
    return { head: before, seq: segment.fromSeq, what: `${basename(file)} cannot be read: ${messageOf(error)}` };
  }
}

function againstManifest(head: AuditHead, { file, last_seq, head_hash }: SegmentManifest): Broken | null {
  if (head.seq !== last_seq) {
    const what = `${file} ends with row ${head.seq}, its manifest names ${last_seq}`;
    return { head, seq: Math.min(head.seq, last_seq) + 1, what };
  }
  return head.hash === head_hash
    ? null
    : { head, seq: last_seq, what: `the head of ${file} is not that of its manifest` };
}

function* againstSum(
  path: string,
  { file, sha256, first_seq }: SegmentManifest,
  head: AuditHead,
): Generator<AuditHead, Outcome> {
  const sum = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) {
      sum.update(chunk.subarray(0, read));
      yield head;
    }
  } finally {
    closeSync(descriptor);
  }
  return sum.digest('hex') === sha256
    ? head
    : { head, seq: first_seq, what: `${file} is not the file that its manifest was made for: its SHA-256 differs` };
}

function headOf({ last_seq, head_hash }: SegmentManifest): AuditHead {
  return { seq: last_seq, hash: head_hash };
}

function damagedOf(
  { file }: SegmentRange,
  { first_seq, last_seq, note = 'no more is known' }: SegmentManifest,
): DamagedSegment {
  return { file: basename(file), firstSeq: first_seq, lastSeq: last_seq, note };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
