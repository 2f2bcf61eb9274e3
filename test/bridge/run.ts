// npm run test:bridge [-- --runs N] [--seed N] [WORDS FOR VITEST]: the program inside MetaTrader, its link and the broker
// behind it. `--seed` plays the random runs from that seed on, one unless there are to be more, and nothing else.
import { compilerVersion } from '../mql5/build.ts';
import type { VitestReport } from '../test-figures.ts';
import { runTests } from '../vitest-run.ts';
import { firstSeed, parseRuns, parseSeed, randomRuns, RUNS_VARIABLE, SEED_VARIABLE } from './random-runs.ts';

const FOLDERS = ['test/bridge', 'test/unit/mql5', 'test/unit/mt5/terminal'];
const RANDOM_FOLDER = 'test/bridge/faults';
const BEHAVIOURS_FILE = 'test/bridge/behaviours.test.ts';

const { runs, seed, words } = parse(process.argv.slice(2));
const run = await runTests(words, { [RUNS_VARIABLE]: String(runs), [SEED_VARIABLE]: String(seed) });
console.log(`compiler: ${compilerVersion() ?? 'none'}`);
for (const [adapter, count] of behavioursByAdapter(run.report)) console.log(`behaviours ${adapter}: ${count}`);
console.log(`random runs: ${runs}, from seed ${seed} on`);
run.sayFigures();
process.exitCode = run.exitCode;

function parse(args: readonly string[]) {
  const [runs, withoutRuns] = take('--runs', args);
  const [seed, words] = take('--seed', withoutRuns);
  if (seed === null) {
    return { runs: runs === null ? randomRuns() : parseRuns(runs), seed: firstSeed(), words: [...FOLDERS, ...words] };
  }
  return { runs: parseRuns(runs ?? '1'), seed: parseSeed(seed), words: [RANDOM_FOLDER, ...words] };
}

/** The word behind a flag, null without the flag, and what is left. */
function take(flag: string, args: readonly string[]): [value: string | null, rest: readonly string[]] {
  const at = args.indexOf(flag);
  return at < 0 ? [null, args] : [args[at + 1] ?? '', args.toSpliced(at, 2)];
}

/** How many behaviours held on each adapter, of those that there are. */
function behavioursByAdapter({ testResults }: VitestReport): ReadonlyMap<string, string> {
  const tests = testResults
    .filter(({ name }) => name.replaceAll('\\', '/').endsWith(BEHAVIOURS_FILE))
    .flatMap(({ assertionResults }) => assertionResults);
  const byAdapter = Map.groupBy(tests, ({ ancestorTitles }) => ancestorTitles[0] ?? '');
  byAdapter.delete('');
  return new Map(
    [...byAdapter].map(([adapter, own]) => {
      const passed = own.filter(({ status }) => status === 'passed').length;
      return [adapter, `${passed} of ${own.length}`];
    }),
  );
}
