import { setImmediate as nextTurn } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../assert-never.ts';
import { messageOf } from './audit-io.ts';
import type { AuditHead } from './audit-log.ts';
import { yieldToTrading } from './background.ts';
import { exportIntoFolder } from './export-folder.ts';
import { AuditReader } from './reader.ts';
import type { FromReader, ReaderCalls, ToReader } from './reader-protocol.ts';
import { auditFile } from './schema.ts';
import type { VerifyResult } from './verify.ts';
import { wholePage } from './whole-page.ts';

/** How often a verification tells how far it is, in rows. */
const PROGRESS_ROWS = 10_000;

if (parentPort !== null) serve(parentPort, (workerData as { readonly dataDir: string }).dataDir);

function serve(port: MessagePort, dataDir: string): void {
  yieldToTrading('thread');
  const reader = new AuditReader(dataDir);
  const say = (message: FromReader) => port.postMessage(message);
  let unanswered = 0;
  const answer = async (question: ToReader) => {
    unanswered += 1;
    const said = await answerTo(reader, question, say).catch((error: unknown) => failure(dataDir, question, error));
    unanswered -= 1;
    // Before the answer goes out: who has it may count on the live file being free.
    if (unanswered === 0) reader.release();
    say({ id: question.id, ...said });
  };
  port.on('message', (question: ToReader) => void answer(question));
}

type Said =
  | { readonly kind: 'answer'; readonly output: ReaderCalls[keyof ReaderCalls]['output'] }
  | { readonly kind: 'failed'; readonly message: string };

async function answerTo(reader: AuditReader, question: ToReader, say: (message: FromReader) => void): Promise<Said> {
  return { kind: 'answer', output: await run(reader, question, say) };
}

function failure(dataDir: string, { call }: ToReader, error: unknown): Said {
  const message = messageOf(error);
  if (call === 'export') return { kind: 'failed', message: `the export was not completed: ${message}` };
  return { kind: 'failed', message: `the audit log ${auditFile(dataDir)} cannot be read: ${message}` };
}

function run(reader: AuditReader, question: ToReader, say: (message: FromReader) => void) {
  switch (question.call) {
    case 'list':
      return wholePage(reader, question.input);
    case 'show':
      return reader.show(question.input);
    case 'verify':
      return verify(reader, question.id, question.input.witness, say);
    case 'export':
      return exportIntoFolder(reader, question.input);
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
  const rows = reader.lastSeq();
  const steps = reader.verifySteps(witness);
  for (let told = 0; ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (step.value.seq - told >= PROGRESS_ROWS) {
      told = step.value.seq;
      say({ id, kind: 'progress', verified: step.value, rows });
    }
    await nextTurn();
  }
}
