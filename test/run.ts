// Runs the tests: brings the system packages they need, hands the arguments to vitest, says what was not run and why,
// and ends with one plain line of figures.
import { runTests } from './vitest-run.ts';

const run = await runTests(process.argv.slice(2));
run.sayFigures();
process.exitCode = run.exitCode;
