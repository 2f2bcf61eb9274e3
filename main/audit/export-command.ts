import { rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { AuditInvocation } from './audit-arguments.ts';
import { type AuditCommandIo, messageOf, report } from './audit-io.ts';
import { exportManifest, type ExportOrigin } from './export-manifest.ts';
import { type Exported, exportRows, type ExportRequest } from './export-rows.ts';
import type { AuditReader } from './reader.ts';
import { WholeFile } from './whole-file.ts';

/** `--audit export`: writes the rows with a manifest, and has it recorded. Ends quietly where its reader goes away. */
export async function exportLog(
  { request, out }: Extract<AuditInvocation, { command: 'export' }>,
  reader: AuditReader,
  io: AuditCommandIo,
): Promise<ExitCode> {
  if (out !== undefined && dirname(resolve(out)) === resolve(io.dataDir)) {
    io.stderr(`mt5-fabric: ${out} is in the data folder itself; choose a place outside of it\n`);
    return EXIT.refused;
  }
  const { seq, hash } = reader.head();
  const origin = { head: { seq, hash }, appVersion: io.appVersion, nowMs: io.nowMs() };
  try {
    const { rows, gaps, manifest } =
      out === undefined ? await toStdout(request, origin, reader, io) : await toFile(out, request, origin, reader);
    for (const gap of gaps) io.stderr(`mt5-fabric: ${gap}\n`);
    io.stderr(`exported ${rows} rows; head of the log ${seq}:${hash}\n`);
    await report(io, 'EXPORTED', manifest);
    return EXIT.ok;
  } catch (error) {
    if (isReaderGone(error)) return EXIT.ok;
    io.stderr(`mt5-fabric: the export was not completed: ${messageOf(error)}\n`);
    return EXIT.refused;
  }
}

type Origin = Omit<ExportOrigin, 'file'>;
type Done = Exported & { readonly manifest: JsonObject };

async function toStdout(
  request: ExportRequest,
  origin: Origin,
  reader: AuditReader,
  { stdout, stderr }: AuditCommandIo,
): Promise<Done> {
  const exported = await exportRows(reader, request, stdout);
  const manifest = exportManifest(request, exported, { ...origin, file: null });
  stderr(`${JSON.stringify(manifest)}\n`);
  return { ...exported, manifest };
}

/** The manifest of an older export goes first and the new one comes last: one that is there belongs to its file. */
async function toFile(out: string, request: ExportRequest, origin: Origin, reader: AuditReader): Promise<Done> {
  const file = new WholeFile(out);
  const manifestPath = `${out}.manifest.json`;
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

function isReaderGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
