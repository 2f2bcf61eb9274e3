import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { AuditInvocation } from './audit-arguments.ts';
import { type AuditCommandIo, messageOf, report } from './audit-io.ts';
import { backUp, type BackupResult } from './backup.ts';
import { Progress } from './progress.ts';
import { resultText } from './verify-command.ts';

type Made = Extract<BackupResult, { ok: true }>;

/** `--audit backup`: copies the log, says what it wrote, and has it recorded. Ends with 1 where the copy is not intact. */
export async function backUpLog(
  { target, json }: Extract<AuditInvocation, { command: 'backup' }>,
  io: AuditCommandIo,
): Promise<ExitCode> {
  const result = await tryBackUp(target, io);
  if (!result.ok) {
    io.stderr(`mt5-fabric: no backup was made: ${result.message}\n`);
    return EXIT.refused;
  }
  await io.stdout(json ? `${JSON.stringify(backupData(result))}\n` : backupText(result));
  await report(io, 'BACKED_UP', backupData(result));
  return result.verified.ok ? EXIT.ok : EXIT.refused;
}

async function tryBackUp(target: string, io: AuditCommandIo): Promise<BackupResult> {
  const progress = new Progress(io, (percent) => `copied ${percent} %`);
  const onProgress = (share: number) => progress.at(Math.floor(share * 100));
  try {
    return await backUp({ dataDir: io.dataDir, target, onProgress });
  } catch (error) {
    return { ok: false, message: messageOf(error) };
  } finally {
    progress.end();
  }
}

function backupData({ target, files, verified: { head, ok } }: Made): JsonObject {
  return { target, files, head: { seq: head.seq, hash: head.hash }, intact: ok };
}

function backupText({ target, isFolder, files, verified }: Made): string {
  const what = isFolder ? `folder ${target} with ${files.join(', ')}` : `file ${target}`;
  return `wrote the ${what}\ncopy: ${resultText(verified)}`;
}
