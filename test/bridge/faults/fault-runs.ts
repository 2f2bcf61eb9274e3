import { FAULTS } from './fault.ts';
import { runFaults, type RunResult } from './fault-run.ts';

/** A run mostly waits: for back-off, for proof, for what is held. */
const AT_ONCE = 6;
const SAY_EVERY = 100;

export interface FaultRunOptions {
  /** Seed of the first run; the others follow it. */
  readonly firstSeed: number;
  readonly runs: number;
  /** The program that is run. */
  readonly executable: string;
  /** Made so that it has to fail: what it leaves behind explains nothing. */
  readonly isControl?: true;
}

/** Plays runs of seeds that follow one another, a few at once; their results in the order of their seeds. */
export async function playRuns({
  firstSeed,
  runs,
  executable,
  isControl,
}: FaultRunOptions): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  let begun = 0;
  const lane = async () => {
    while (begun < runs) {
      begun += 1;
      results.push(await runFaults(firstSeed + begun - 1, executable, isControl !== true));
      if (results.length % SAY_EVERY === 0 && results.length < runs) console.log(`${results.length} of ${runs} runs`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results.sort((a, b) => a.seed - b.seed);
}

/** What was found in runs, with the words that play it again; none where all is well. */
export function failuresOf(results: readonly RunResult[]): readonly string[] {
  return results.flatMap(({ seed, violations, note }) => {
    const found = violations.map(({ kind, what }) => `${kind}: ${what}`);
    const again = `play it again: npm run test:bridge -- --seed ${seed}`;
    return found.length === 0
      ? []
      : [`seed ${seed}: ${[...found, ...(note === null ? [] : [note]), again].join('\n  ')}`];
  });
}

/** Faults that have struck nowhere. */
export function missingFaults(results: readonly RunResult[]): readonly string[] {
  const struck = new Set(results.flatMap((result) => result.struck));
  return FAULTS.filter((name) => !struck.has(name));
}

/** How often each fault has struck at its point, and what the runs came to, for people. */
export function faultTable(results: readonly RunResult[]): string {
  const struck = results.flatMap((result) => result.struck);
  const width = Math.max(...FAULTS.map(({ length }) => length));
  const rows = FAULTS.map((fault) => {
    return `${fault.padEnd(width)}  ${String(struck.filter((name) => name === fault).length).padStart(6)}`;
  });
  return [...rows, figures(results, struck.length)].join('\n');
}

function figures(results: readonly RunResult[], faults: number): string {
  const sum = (countOf: (result: RunResult) => number) => results.reduce((total, result) => total + countOf(result), 0);
  const doubled = sum(({ violations }) => violations.filter(({ kind }) => kind === 'doubled').length);
  return [
    `${results.length} runs, ${faults} faults, ${sum(({ commands }) => commands)} commands:`,
    `${sum(({ succeeded }) => succeeded)} SUCCESS, ${sum(({ refused }) => refused)} ERROR,`,
    `${sum(({ leftToAPerson }) => leftToAPerson)} left to a person,`,
    `${sum(({ violations }) => violations.length)} violations, ${doubled} of them doubles`,
  ].join(' ');
}
