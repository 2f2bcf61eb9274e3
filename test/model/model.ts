// Plays random sequences against the model: model.ts [--sequences N] [--seed S]. Ends with 1 when one breaks a property.
import { parseArgs } from 'node:util';
import { runModel } from './run-model.ts';

const { values } = parseArgs({ options: { sequences: { type: 'string' }, seed: { type: 'string' } } });
const sequences = Number(values.sequences ?? 10_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

const startedMs = performance.now();
const result = await runModel({ sequences, seed });
const seconds = (performance.now() - startedMs) / 1_000;

if (result.ok) {
  for (const [state, count] of [...result.reached].sort(([, a], [, b]) => b - a)) console.log(`${count}\t${state}`);
  console.log(`${sequences} sequences of seed ${seed} in ${seconds.toFixed(1)} s, every property held`);
} else {
  console.log(result.report);
  process.exitCode = 1;
}
