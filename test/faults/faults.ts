// Breaks the gateway in every way that a machine can, and checks what it had promised:
//   npm run faults -- [--cycles N] [--seed S] [--only kill|fsync|full|power] [--json]
import { RunningGateway } from '../running-gateway.ts';
import { bringSystemPackages } from '../system-packages.ts';
import { parseFaultArguments, type FaultArguments } from './arguments.ts';
import { PART_NAMES, type PartResult, type Tally } from './part.ts';
import { PARTS } from './parts.ts';
import { table } from './table.ts';
import { failures } from './verdict.ts';
import { VIOLATION_KINDS } from './violation.ts';

const LINES_SHOWN = 40;

const wanted = argumentsOrExit();
endOn('SIGINT', 130);
endOn('SIGTERM', 143);
process.exit(await run(wanted));

async function run({ cycles, seed, only, json }: FaultArguments): Promise<number> {
  bringSystemPackages(say);
  const startMs = performance.now();
  const tallies: Tally[] = [];
  const notRun: string[] = [];
  for (const name of only === null ? PART_NAMES : [only]) {
    const partMs = performance.now();
    const result: PartResult = await PARTS[name]({ cycles, seed, say });
    if (result.kind === 'ran') tallies.push(...result.tallies);
    else notRun.push(`${name}: ${result.why}`);
    for (const note of result.kind === 'ran' ? result.notes : []) say(note);
    say(`${name}: ${seconds(partMs)}`);
  }
  const wrong = failures(tallies);
  if (json) console.log(JSON.stringify(figures(tallies, notRun, wrong), null, 2));
  else tell(tallies, notRun, wrong);
  say(`${cycles} cycles, seed ${seed}, ${seconds(startMs)} in all`);
  if (wrong.length > 0) return 1;
  return only !== null && notRun.length > 0 ? 75 : 0;
}

function tell(tallies: readonly Tally[], notRun: readonly string[], wrong: readonly string[]): void {
  console.log(table(tallies));
  for (const line of notRun) console.log(`not run: ${line}`);
  for (const line of wrong.slice(0, LINES_SHOWN)) console.log(line);
  if (wrong.length > LINES_SHOWN) console.log(`and ${wrong.length - LINES_SHOWN} more`);
  if (wrong.length === 0) console.log('nothing was lost, doubled or left open');
}

function figures(tallies: readonly Tally[], notRun: readonly string[], wrong: readonly string[]) {
  const parts = tallies.map(({ violations, ...counts }) => ({
    ...counts,
    ...Object.fromEntries(
      VIOLATION_KINDS.map((kind) => [kind, violations.filter((violation) => violation.kind === kind).length]),
    ),
  }));
  return { ...wanted, parts, notRun, failures: wrong };
}

function argumentsOrExit(): FaultArguments {
  try {
    return parseFaultArguments(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(64);
  }
}

// Leaving runs the exit listeners, which end every other child and take the small disks away.
function endOn(signal: NodeJS.Signals, code: number): void {
  process.once(signal, () => void RunningGateway.stopAll().then(() => process.exit(code)));
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stderr.write(`faults: ${line}\n`);
}
