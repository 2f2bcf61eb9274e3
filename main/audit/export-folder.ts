import { chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exportToFile, type WrittenExport } from './export-file.ts';
import type { ExportRequest } from './export-rows.ts';
import type { AuditReader } from './reader.ts';

/** An export into a folder that holds exports and nothing else. */
export interface ExportJob {
  readonly request: ExportRequest;
  /** Made with mode 0700 where it is missing. */
  readonly folder: string;
  /** Name of the file in it. */
  readonly file: string;
  readonly appVersion: string;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/** Exports into the folder; one at a time. What an export that a crash has ended left there goes first. */
export async function exportIntoFolder(
  reader: AuditReader,
  { request, folder, file, appVersion, nowMs }: ExportJob,
): Promise<WrittenExport> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // It may have been there with another mode.
  chmodSync(folder, 0o700);
  for (const name of readdirSync(folder)) if (isDraft(name)) rmSync(join(folder, name), { force: true });
  const { seq, hash } = reader.head();
  try {
    return await exportToFile(join(folder, file), request, { head: { seq, hash }, appVersion, nowMs }, reader);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new Error(`the disk of ${folder} is full`);
    throw error;
  }
}

function isDraft(name: string): boolean {
  return /^audit-.*\.partial-\d+$/.test(name);
}
