// Runs the tests: brings the system packages they need, hands the arguments to vitest, says what was not run and why,
// and ends with one plain line of figures.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringSystemPackages, MISSING_PACKAGES_VARIABLE, type MissingPackage } from './system-packages.ts';
import { countTests, figuresLine, readVitestReport } from './test-figures.ts';

const missing = bringSystemPackages((line) => {
  console.error(`test: ${line}`);
});
const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-test-'));
const reportFile = join(folder, 'report.json');

const vitestCode = await runVitest(process.argv.slice(2));
const counts = countTests(readVitestReport(readReport()));
rmSync(folder, { recursive: true, force: true });

sayWhatWasNotRun(missing);
if (counts.passed + counts.failed === 0) console.log('no test ran');
console.log(figuresLine(counts));
process.exitCode = vitestCode !== 0 ? vitestCode : counts.failed > 0 || counts.passed === 0 ? 1 : 0;

function runVitest(words: readonly string[]): Promise<number> {
  const vitest = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...words,
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, [MISSING_PACKAGES_VARIABLE]: missing.map(({ name }) => name).join(',') },
    },
  );
  // Ctrl+C reaches vitest by itself, as a member of the terminal's group.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => vitest.kill('SIGTERM'));
  return new Promise((resolve) => {
    vitest.on('error', (error) => {
      console.error(`test: vitest did not start: ${error.message}`);
      resolve(70);
    });
    vitest.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}

function readReport(): string {
  try {
    return readFileSync(reportFile, 'utf8');
  } catch {
    return '{}';
  }
}

function sayWhatWasNotRun(packages: readonly MissingPackage[]): void {
  for (const { name, neededBy, why } of packages) {
    console.log(`not run without the Debian package ${name}: ${neededBy} (${why})`);
  }
}
