// Throws everything bad that the design lists at the ports of running gateways, then mutated valid traffic at random:
//   npm run torture -- [--minutes N] [--seed S] [--only NAME] [--modes local,plain-network,encrypted]
//     [--replay FILE]
import { RunningGateway } from '../running-gateway.ts';
import { parseTortureArguments, type TortureArguments } from './arguments.ts';
import { CASES } from './cases.ts';
import { replay, runAtRandom, type RandomResult } from './random/random-run.ts';
import { runTable } from './run-table.ts';
import { table } from './table.ts';

const wanted = argumentsOrExit();
endOn('SIGINT', 130);
endOn('SIGTERM', 143);
process.exit(await run(wanted));

async function run({ only, modes, minutes, seed, replay: file }: TortureArguments): Promise<number> {
  if (file !== null) return tellOfSteps(await replay(file));
  const cases = CASES.filter(({ name, family }) => only === null || name.includes(only) || family === only);
  const rows = await runTable({ cases, modes, kills: 'always', say });
  const failed = rows.filter(({ faults }) => faults.length > 0);
  console.log(table(rows));
  console.log(`${rows.length} rows, ${failed.length} failures`);
  if (minutes === 0) return failed.length === 0 ? 0 : 1;
  console.log(`${minutes} minutes at random, seed ${seed}`);
  const code = tellOfSteps(await runAtRandom({ minutes, seed, say }));
  return failed.length === 0 ? code : 1;
}

function tellOfSteps({ steps, faults }: RandomResult): number {
  for (const fault of faults) console.log(fault);
  console.log(
    `${steps.toLocaleString('en-US')} steps at random, ${faults.length === 0 ? 'nothing' : 'something'} broke`,
  );
  return faults.length === 0 ? 0 : 1;
}

function argumentsOrExit(): TortureArguments {
  try {
    return parseTortureArguments(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(64);
  }
}

// Leaving runs the exit listeners, which end every child.
function endOn(signal: NodeJS.Signals, code: number): void {
  process.once(signal, () => void RunningGateway.stopAll().then(() => process.exit(code)));
}

function say(line: string): void {
  process.stderr.write(`torture: ${line}\n`);
}
