import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeReadOnly, moveDurably, moveIfThere, writeDurably } from './durable-files.ts';
import { auditFile } from './schema.ts';
import { manifestFileOf, namesIn, pendingManifestFileOf, readManifest, type SegmentManifest } from './segments.ts';

const PENDING_NAME = /^audit-.+\.manifest\.json\.tmp$/;

/** Puts a manifest on the disk before anything is moved: from then on a move that was cut off can be understood. */
export function announceMove(dataDir: string, manifest: SegmentManifest): void {
  writeDurably(pendingManifestFileOf(join(dataDir, manifest.file)), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Moves the live file, which stands alone, to the name in its announced manifest. */
export function* moveMonth(dataDir: string, { file }: SegmentManifest): Generator<string, void> {
  const closed = join(dataDir, file);
  moveDurably(auditFile(dataDir), closed);
  yield 'moved';
  publish(closed);
  yield 'published';
}

/**
 * Moves a damaged live file and its write-ahead log to the name in its announced manifest. The log goes first: one that was
 * left behind would be played into the next live file. Where the live file is gone an empty one takes its place in the row.
 */
export function* moveDamaged(dataDir: string, { file }: SegmentManifest): Generator<string, void> {
  const live = auditFile(dataDir);
  const closed = join(dataDir, file);
  moveIfThere(`${live}-wal`, `${closed}-wal`);
  yield 'write-ahead log moved';
  rmSync(`${live}-shm`, { force: true });
  const isThere = moveIfThere(live, closed) || existsSync(closed);
  if (!isThere) closeSync(openSync(closed, 'wx', 0o600));
  yield 'moved';
  publish(closed);
  yield 'published';
}

/** Ends what a crash cut off, so that each file has its manifest and each manifest its file. */
export function finishMoves(dataDir: string): void {
  for (const name of namesIn(dataDir).filter((each) => PENDING_NAME.test(each)))
    finishMove(dataDir, join(dataDir, name));
}

function finishMove(dataDir: string, pendingFile: string): void {
  const closed = pendingFile.replace(/\.manifest\.json\.tmp$/, '.sqlite');
  const manifest = tryReadManifest(pendingFile);
  if (manifest?.reason === 'QUARANTINE' && join(dataDir, manifest.file) === closed) {
    runToEnd(moveDamaged(dataDir, manifest));
  } else if (existsSync(closed)) {
    publish(closed);
  } else {
    // Nothing has been moved, and what is announced may be true no more.
    rmSync(pendingFile);
  }
}

/** Null where the announcement itself was cut off. */
function tryReadManifest(file: string): SegmentManifest | null {
  try {
    return readManifest(file);
  } catch {
    return null;
  }
}

/** The file is at its place: its manifest is final. A damaged one stays writable, or nobody could read its write-ahead log. */
function publish(closed: string): void {
  const pending = pendingManifestFileOf(closed);
  if (readManifest(pending).reason === 'MONTH') makeReadOnly(closed);
  moveDurably(pending, manifestFileOf(closed));
}

/** Runs all steps. */
export function runToEnd(steps: Iterator<string, void>): void {
  while (steps.next().done !== true);
}
