import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { buildProgram, type Variant } from '../../mql5/build.ts';
import { ProgramProcess, type ProgramOptions } from '../../mql5/program-process.ts';
import { readSources, type Sources } from '../../mql5/translate.ts';
import { ScriptedBroker } from './scripted-broker.ts';

export const BUILD_TIMEOUT_MS = 300_000;

/** Builds a program of the tests; with sanitizers when MT5_FABRIC_MQL5_VARIANT says so. */
export function build(sources: Sources): Promise<string> {
  return buildProgram({ variant: (process.env['MT5_FABRIC_MQL5_VARIANT'] ?? 'plain') as Variant, sources });
}

/** The program in programs/exchange.mq5, which does one step after the other. */
export function buildExchange(): Promise<string> {
  return build(readSources(join(import.meta.dirname, 'programs')));
}

/** A broker and a data folder for one test. */
export async function rig(): Promise<{ broker: ScriptedBroker; folder: string }> {
  const folder = temporaryFolder();
  const broker = await ScriptedBroker.start(folder);
  onTestFinished(() => broker.stop());
  return { broker, folder };
}

export function run(executable: string, broker: ScriptedBroker, dataDir: string, more: Partial<ProgramOptions> = {}) {
  return ProgramProcess.start({ executable, broker: broker.address, dataDir, ...more });
}

/** Starts exchange.mq5; `step(what)` has it do something and gives back what it printed. */
export async function stepper(exchange: string, more: Partial<ProgramOptions> = {}) {
  const { broker, folder } = await rig();
  const program = run(exchange, broker, folder, more);
  await program.waitForLine('ready');
  let steps = 0;
  const step = async (what: string) => {
    const name = `${++steps}:${what}`;
    broker.say(accountNamed(name));
    return (await program.waitForLine(`${name} = `)).slice(name.length + 3);
  };
  return { broker, folder, program, step };
}

/** The row of an account whose owner has this name: how a step is told. */
export function accountNamed(name: string): string {
  return `account 42 Server ${name} Company USD 100 0 2 1000 0 0 1000 0 1000 0 50 30 1 1 200 2`;
}
