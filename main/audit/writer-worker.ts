import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openForWriting } from './schema.ts';
import { AuditWriter } from './writer.ts';
import type { FromWriter, ToWriter, WriterSettings } from './writer-protocol.ts';

/** Upper bound of operations in one transaction: beyond it latency grows and throughput does not. */
const MAX_BATCH = 1_024;

if (parentPort !== null) serve(parentPort, workerData as WriterSettings);

function serve(port: MessagePort, { file, stamp }: WriterSettings): void {
  const answer = (message: FromWriter) => port.postMessage(message);
  let writer: AuditWriter;
  try {
    writer = new AuditWriter(() => openForWriting(file), stamp);
  } catch (error) {
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    port.close();
    return;
  }
  answer({ kind: 'opened', opened: writer.opened, head: writer.head });
  port.on('message', (first: ToWriter) => {
    const { operations, isLast } = drain(port, first);
    if (operations.length > 0) answer({ kind: 'ran', ...writer.run(operations) });
    if (!isLast) return;
    writer.close();
    port.close();
  });
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
