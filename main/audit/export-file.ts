import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { JsonObject } from '../protocol/json-value.ts';
import { exportManifest, type ExportOrigin } from './export-manifest.ts';
import { type Exported, exportRows, type ExportRequest } from './export-rows.ts';
import type { AuditReader } from './reader.ts';
import { WholeFile } from './whole-file.ts';

/** From which state of the log an export is made, and when. */
export type ExportTime = Omit<ExportOrigin, 'file'>;

/** An export that was made. */
export type WrittenExport = Exported & { readonly manifest: JsonObject };

/** Where the manifest of an exported file is. */
export function manifestOf(file: string): string {
  return `${file}.manifest.json`;
}

/**
 * Exports into a file with its manifest beside it. The manifest of an older export goes first and the new one comes last:
 * one that is there belongs to its file.
 */
export async function exportToFile(
  out: string,
  request: ExportRequest,
  origin: ExportTime,
  reader: AuditReader,
): Promise<WrittenExport> {
  const file = new WholeFile(out);
  const manifestPath = manifestOf(out);
  try {
    const exported = await exportRows(reader, request, (text) => {
      file.write(text);
      return Promise.resolve();
    });
    const manifest = exportManifest(request, exported, { ...origin, file: basename(out) });
    rmSync(manifestPath, { force: true });
    file.complete();
    writeWhole(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
    return { ...exported, manifest };
  } finally {
    file.discard();
  }
}

function writeWhole(path: string, text: string): void {
  const file = new WholeFile(path);
  try {
    file.write(text);
    file.complete();
  } finally {
    file.discard();
  }
}
