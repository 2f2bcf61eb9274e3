// npm run test:bridge [-- --runs N] [WORDS FOR VITEST]: the program inside MetaTrader, its link and the broker behind it.
import { compilerVersion } from '../mql5/build.ts';
import type { VitestReport } from '../test-figures.ts';
import { runTests } from '../vitest-run.ts';
import { parseRuns, randomRuns, RUNS_VARIABLE } from './random-runs.ts';

const FOLDERS = ['test/bridge', 'test/unit/mql5', 'test/unit/mt5/terminal'];
const BEHAVIOURS_FILE = 'test/bridge/behaviours.test.ts';

const { runs, words } = parse(process.argv.slice(2));
const run = await runTests([...FOLDERS, ...words], { [RUNS_VARIABLE]: String(runs) });
console.log(`compiler: ${compilerVersion() ?? 'none'}`);
for (const [adapter, count] of behavioursByAdapter(run.report)) console.log(`behaviours ${adapter}: ${count}`);
console.log(`random runs: ${runs}`);
run.sayFigures();
process.exitCode = run.exitCode;

function parse(args: readonly string[]): { runs: number; words: readonly string[] } {
  const at = args.indexOf('--runs');
  if (at < 0) return { runs: randomRuns(), words: args };
  return { runs: parseRuns(args[at + 1] ?? ''), words: args.toSpliced(at, 2) };
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
