import { setImmediate as nextTurn } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../assert-never.ts';
import type { AuditHead } from './audit-log.ts';
import { AuditReader } from './reader.ts';
import type { FromReader, ToReader } from './reader-protocol.ts';
import type { VerifyResult } from './verify.ts';

if (parentPort !== null) serve(parentPort, (workerData as { readonly file: string }).file);

function serve(port: MessagePort, file: string): void {
  let reader: AuditReader | null = null;
  const say = (message: FromReader) => port.postMessage(message);
  const answer = async (question: ToReader) => {
    try {
      reader ??= new AuditReader(file);
      say({ id: question.id, kind: 'answer', output: await run(reader, question, say) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      say({ id: question.id, kind: 'failed', message: `the audit log ${file} cannot be read: ${message}` });
    }
  };
  port.on('message', (question: ToReader) => void answer(question));
}

function run(reader: AuditReader, question: ToReader, say: (message: FromReader) => void) {
  switch (question.call) {
    case 'list':
      return reader.list(question.input);
    case 'show':
      return reader.show(question.input);
    case 'verify':
      return verify(reader, question.id, question.input.witness, say);
    default:
      return assertNever(question, 'question to the audit reader');
  }
}

/** Other questions get their turn between the steps. */
async function verify(
  reader: AuditReader,
  id: number,
  witness: AuditHead | undefined,
  say: (message: FromReader) => void,
): Promise<VerifyResult> {
  const rows = reader.head().seq;
  const steps = reader.verifySteps(witness);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    say({ id, kind: 'progress', verified: step.value, rows });
    await nextTurn();
  }
}
