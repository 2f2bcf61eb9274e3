import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutation } from './mutations.ts';
import type { ModelRun } from './run-model.ts';

/** What the model needs of the tree. */
const COPIED = ['main', 'test/model', 'test/fakes', 'test/scenarios/process-clock.ts'];

/** How the model ended on a copy of the tree. */
export interface MutantRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs the model on a copy of the tree with one line changed, or none. The copy is inside the tree, so that packages are found. */
export async function runMutant(mutation: Mutation | null, { sequences, seed }: ModelRun): Promise<MutantRun> {
  const folder = join('dist/mutants', mutation?.name ?? 'none');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const path of COPIED) cpSync(path, join(folder, path), { recursive: true });
  if (mutation !== null) mutate(join(folder, mutation.file), mutation);
  const run = await runNode([join(folder, 'test/model/model.ts'), `--sequences=${sequences}`, `--seed=${seed}`]);
  rmSync(folder, { recursive: true, force: true });
  return run;
}

/** A change that is no longer possible must not pass for one that was caught. */
function mutate(file: string, { name, original, mutated }: Mutation): void {
  const parts = readFileSync(file, 'utf8').split(original);
  if (parts.length !== 2) throw new Error(`${name}: ${parts.length - 1} times in ${file}: ${original}`);
  writeFileSync(file, parts.join(mutated));
}

function runNode(words: readonly string[]): Promise<MutantRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}
