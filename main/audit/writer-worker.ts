import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import { AuditWriter } from './writer.ts';
import type { FromWriter, ToWriter, WriterSettings } from './writer-protocol.ts';

/** Upper bound of operations in one transaction: beyond it latency grows and throughput does not. */
const MAX_BATCH = 1_024;
/** The head is noted beside the log at most so often, in milliseconds. */
const NOTE_EVERY_MS = 1_000;
/** A month also ends where nothing is written. */
const IDLE_LOOK_EVERY_MS = 60_000;

if (parentPort !== null) serve(parentPort, workerData as WriterSettings);

function serve(port: MessagePort, settings: WriterSettings): void {
  const answer = (message: FromWriter) => port.postMessage(message);
  let writer: AuditWriter;
  try {
    writer = new AuditWriter({ ...settings, clock: systemClock });
  } catch (error) {
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    port.close();
    return;
  }
  answer({ kind: 'opened', opened: writer.opened, head: writer.head });
  const lookAtMonth = () => {
    const report = writer.lookAtMonth();
    if (report !== null) answer(report);
  };
  const note = noteSoon(writer);
  const idle = setInterval(lookAtMonth, IDLE_LOOK_EVERY_MS);
  port.on('message', (first: ToWriter) => {
    const { operations, isLast } = drain(port, first);
    if (operations.length > 0) answer({ kind: 'ran', ...writer.run(operations) });
    if (!isLast) {
      note.due();
      lookAtMonth();
      return;
    }
    clearInterval(idle);
    note.cancel();
    writer.close();
    port.close();
  });
}

/** Notes the head a little later, once for all that is written until then. */
function noteSoon(writer: AuditWriter) {
  let timer: NodeJS.Timeout | null = null;
  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const due = () => {
    timer ??= setTimeout(() => {
      timer = null;
      writer.noteHead();
    }, NOTE_EVERY_MS);
  };
  return { due, cancel };
}

/** All that has arrived by now shares one transaction: while one fsync runs, the next batch gathers. */
function drain(port: MessagePort, first: ToWriter) {
  const operations = [];
  let message: ToWriter | undefined = first;
  while (message !== undefined) {
    if (message.kind === 'stop') return { operations, isLast: true };
    operations.push(...message.operations);
    if (operations.length >= MAX_BATCH) break;
    const received: { message: ToWriter } | undefined = receiveMessageOnPort(port);
    message = received?.message;
  }
  return { operations, isLast: false };
}
