import Database from 'better-sqlite3';
import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditHead } from './audit-log.ts';
import { makeReadOnly, moveDurably, syncFile } from './durable-files.ts';
import { AUDIT_FILE, makeStandAlone } from './schema.ts';
import { SegmentSet } from './segment-set.ts';
import { manifestFileOf, pendingManifestFileOf } from './segments.ts';
import type { VerifyResult } from './verify.ts';
import { verifyLog } from './verify-log.ts';

/** Pages of 4 KiB that are copied before others get a turn. */
const STEP_PAGES = 250;

export interface BackupRequest {
  readonly dataDir: string;
  /** What to make: a file where the log has no closed files, else a folder. */
  readonly target: string;
  /** Share of the live file that is copied, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

export type BackupResult =
  | {
      readonly ok: true;
      readonly target: string;
      readonly isFolder: boolean;
      /** Names of the files in it. */
      readonly files: readonly string[];
      /** How the chain of the copy, all of it, was found. */
      readonly verified: VerifyResult;
    }
  /** Nothing was written. `message` is one sentence. */
  | { readonly ok: false; readonly message: string };

/**
 * Copies a log beside its writer: the live file by SQLite's backup, as it was at one moment, and the closed files with
 * their manifests; then checks the chain of the copy. Never overwrites, and the target is there only when it is complete.
 * Throws what SQLite and the file system throw.
 */
export async function backUp({ dataDir, target, onProgress }: BackupRequest): Promise<BackupResult> {
  const refusal = refuse(dataDir, target);
  if (refusal !== null) return { ok: false, message: refusal };
  const draft = `${target}.partial-${process.pid}`;
  mkdirSync(draft, { mode: 0o700 });
  try {
    const copied = await copyLog(dataDir, draft, onProgress);
    const verified = await verifyCopy(draft);
    const lost = lostRows(copied.head, verified.head);
    if (verified.ok && lost !== null) return { ok: false, message: lost };
    const isFolder = copied.files.length > 1;
    if (existsSync(target)) return { ok: false, message: `${target} is there already` };
    moveDurably(isFolder ? draft : join(draft, AUDIT_FILE), target);
    return { ok: true, target, isFolder, files: isFolder ? copied.files : [basename(target)], verified };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function refuse(dataDir: string, target: string): string | null {
  if (existsSync(target)) return `${target} is there already; a backup overwrites nothing`;
  const folder = dirname(resolve(target));
  if (!existsSync(folder)) return `there is no folder ${folder}`;
  return folder === resolve(dataDir) ? `${folder} is the data folder itself; choose a place outside of it` : null;
}

interface Copied {
  readonly files: readonly string[];
  /** Last row of the log when it was copied. */
  readonly head: AuditHead;
}

async function copyLog(dataDir: string, to: string, onProgress: BackupRequest['onProgress']): Promise<Copied> {
  const set = new SegmentSet(dataDir);
  try {
    // The set holds the live file open, so no month can be closed meanwhile.
    const segments = set.list();
    const live = segments.find(({ isLive }) => isLive)?.rows().db;
    // A backup begins anew with every commit of another connection, unless a transaction keeps it at one moment.
    live?.prepare('BEGIN').run();
    const head = set.head();
    const closed = segments.filter(({ isLive }) => !isLive).flatMap(({ file }) => copyClosed(file, to));
    if (live === undefined) return { files: closed, head };
    await copyLive(live, join(to, AUDIT_FILE), onProgress);
    return { files: [...closed, AUDIT_FILE], head };
  } finally {
    set.close();
  }
}

async function copyLive(live: Database.Database, copy: string, onProgress: BackupRequest['onProgress']): Promise<void> {
  await live.backup(copy, {
    progress: ({ totalPages, remainingPages }) => {
      onProgress?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
      return STEP_PAGES;
    },
  });
  standAlone(copy);
}

/** Without a write-ahead log the copy is one file, which can be read where nothing can be written. */
function standAlone(copy: string): void {
  const db = new Database(copy, { fileMustExist: true });
  try {
    makeStandAlone(db);
  } finally {
    db.close();
  }
  chmodSync(copy, 0o600);
  syncFile(copy);
}

/** A closed file with what belongs to it: its manifest, and the write-ahead log of a damaged one. */
function copyClosed(file: string, to: string): readonly string[] {
  const all = [file, `${file}-wal`, manifestFileOf(file), pendingManifestFileOf(file)];
  const there = all.filter((path) => existsSync(path));
  for (const path of there) {
    const copy = join(to, basename(path));
    copyFileSync(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    chmodSync(copy, 0o600);
    syncFile(copy);
  }
  makeReadOnly(join(to, basename(file)));
  return there.map((path) => basename(path));
}

async function verifyCopy(folder: string): Promise<VerifyResult> {
  const steps = verifyLog(folder);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

function lostRows(head: AuditHead, copied: AuditHead): string | null {
  if (head.seq === copied.seq && head.hash === copied.hash) return null;
  return `the copy ends with row ${copied.seq}, the log with row ${head.seq}`;
}
