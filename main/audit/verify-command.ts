import { setImmediate as nextTurn } from 'node:timers/promises';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { AuditInvocation } from './audit-arguments.ts';
import { type AuditCommandIo, report } from './audit-io.ts';
import type { AuditHead } from './audit-log.ts';
import { Progress } from './progress.ts';
import type { AuditReader } from './reader.ts';
import type { VerifyResult } from './verify.ts';

/** `--audit verify`: checks the log, says what it found, and has it recorded. Ends with 1 where the log is not intact. */
export async function verifyWholeLog(
  { witness, json }: Extract<AuditInvocation, { command: 'verify' }>,
  reader: AuditReader,
  io: AuditCommandIo,
): Promise<ExitCode> {
  const result = await verify(reader, witness, io);
  await io.stdout(json ? `${JSON.stringify(resultData(result))}\n` : resultText(result));
  await report(io, 'VERIFIED', resultData(result));
  return result.ok ? EXIT.ok : EXIT.refused;
}

async function verify(reader: AuditReader, witness: AuditHead | undefined, io: AuditCommandIo): Promise<VerifyResult> {
  const steps = reader.verifySteps(witness);
  const rows = reader.lastSeq();
  reader.release();
  const progress = new Progress(io, (done) => progressText(done, rows));
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    progress.at(step.value.seq);
    await nextTurn();
  }
  progress.end();
  return step.value;
}

/** A verification as JSON: for programs, and for the VERIFIED row. */
export function resultData(result: VerifyResult): JsonObject {
  const { seq, hash } = result.head;
  const found = { intact: result.ok, head: { seq, hash } };
  if (result.ok) return { ...found, broken: null, damaged: [] };
  return {
    ...found,
    broken: result.kind === 'broken' ? { seq: result.seq, what: result.what } : null,
    damaged: result.damaged.map(({ file, firstSeq, lastSeq, note }) => ({
      file,
      first_seq: firstSeq,
      last_seq: lastSeq,
      note,
    })),
  };
}

/** A verification in words, a line a finding. */
export function resultText(result: VerifyResult): string {
  const { head } = result;
  const reached = head.seq === 0 ? 'the audit log is empty\n' : `verified to entry ${head.seq}, head ${head.hash}\n`;
  if (result.ok) return reached;
  const damaged = result.damaged.map(
    ({ file, firstSeq, lastSeq, note }) =>
      `not verified: entries ${firstSeq} to ${lastSeq} in ${file}, which was set aside as damaged: ${note}\n`,
  );
  const ending = result.kind === 'broken' ? `broken at entry ${result.seq}: ${result.what}\n` : `otherwise ${reached}`;
  return `${damaged.join('')}${ending}`;
}

function progressText(done: number, rows: number): string {
  // A log of which the end cannot be read is verified as far as it goes.
  if (rows === 0) return `verified ${done} entries`;
  return `verified ${done} of ${rows} entries (${Math.min(100, Math.floor((done / rows) * 100))} %)`;
}
