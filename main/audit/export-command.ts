import { dirname, resolve } from 'node:path';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { AuditInvocation } from './audit-arguments.ts';
import { type AuditCommandIo, messageOf, report } from './audit-io.ts';
import { exportToFile, type ExportTime, type WrittenExport } from './export-file.ts';
import { exportManifest } from './export-manifest.ts';
import { exportRows, type ExportRequest } from './export-rows.ts';
import type { AuditReader } from './reader.ts';

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
      out === undefined
        ? await toStdout(request, origin, reader, io)
        : await exportToFile(out, request, origin, reader);
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

async function toStdout(
  request: ExportRequest,
  origin: ExportTime,
  reader: AuditReader,
  { stdout, stderr }: AuditCommandIo,
): Promise<WrittenExport> {
  const exported = await exportRows(reader, request, stdout);
  const manifest = exportManifest(request, exported, { ...origin, file: null });
  stderr(`${JSON.stringify(manifest)}\n`);
  return { ...exported, manifest };
}

function isReaderGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
