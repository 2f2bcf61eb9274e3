import { parentPort, workerData } from 'node:worker_threads';
import { yieldToTrading } from '../../audit/background.ts';
import type { MachinePlace } from './machine-place.ts';
import { performTask, type MachineCalls, type MachineTask } from './machine-tasks.ts';

/** What the worker is started with: one task, after which it ends. */
export interface MachineWork {
  readonly place: MachinePlace;
  readonly task: MachineTask;
}

/** What it says. */
export type FromMachine =
  | { readonly kind: 'done'; readonly output: MachineCalls[keyof MachineCalls]['output'] }
  | { readonly kind: 'failed'; readonly message: string };

if (parentPort !== null) {
  yieldToTrading('thread');
  const { task, place } = workerData as MachineWork;
  parentPort.postMessage(await said(task, place));
}

async function said(task: MachineTask, place: MachinePlace): Promise<FromMachine> {
  try {
    return { kind: 'done', output: await performTask(task, place) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
