import { createInterface } from 'node:readline';

/** Parameters of a task, as the harness gave them. */
export type Parameters = Readonly<Record<string, number>>;
/** What a worker can do, by name; each answers with numbers. */
export type Tasks = Readonly<Record<string, (parameters: Parameters) => Promise<Record<string, number>>>>;

/** Serves tasks from standard input, one at a time, until it ends; then the process does. */
export async function serveTasks(tasks: Tasks): Promise<never> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { task, ...parameters } = JSON.parse(line) as { task: string } & Record<string, number>;
    const perform = tasks[task];
    if (perform === undefined) throw new Error(`no task ${task}`);
    process.stdout.write(`${JSON.stringify(await perform(parameters))}\n`);
  }
  process.exit(0);
}

/** A time that all processes of the machine share, in milliseconds with a fraction. */
export function sharedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
