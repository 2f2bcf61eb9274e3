import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOfObstacles } from './machine-abilities.ts';
import { bringSystemPackages, MISSING_PACKAGES_VARIABLE, type MissingPackage } from './system-packages.ts';
import { countTests, figuresLine, readVitestReport, type VitestReport } from './test-figures.ts';

/** How a run of tests ended. */
export interface TestRun {
  readonly report: VitestReport;
  /** 0 where tests ran and none failed. */
  readonly exitCode: number;
  /** Says what was not run and why, and the figures in one plain line. */
  sayFigures(): void;
}

/** Runs tests: brings the system packages they need and hands `words` to vitest, with more variables in its environment. */
export async function runTests(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<TestRun> {
  const missing = bringSystemPackages((line) => {
    console.error(`test: ${line}`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-test-'));
  const reportFile = join(folder, 'report.json');
  const names = missing.map(({ name }) => name).join(',');
  const vitestCode = await runVitest(words, reportFile, { ...environment, [MISSING_PACKAGES_VARIABLE]: names });
  const report = readVitestReport(readReport(reportFile));
  rmSync(folder, { recursive: true, force: true });
  const counts = countTests(report);
  return {
    report,
    exitCode: vitestCode !== 0 ? vitestCode : counts.failed > 0 || counts.passed === 0 ? 1 : 0,
    sayFigures: () => {
      sayWhatWasNotRun(missing);
      for (const line of linesOfObstacles()) console.log(line);
      if (counts.passed + counts.failed === 0) console.log('no test ran');
      console.log(figuresLine(counts));
    },
  };
}

function runVitest(words: readonly string[], reportFile: string, environment: NodeJS.ProcessEnv): Promise<number> {
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
    { stdio: 'inherit', env: { ...process.env, ...environment } },
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

function readReport(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '{}';
  }
}

function sayWhatWasNotRun(packages: readonly MissingPackage[]): void {
  for (const { name, neededBy, why } of packages) {
    console.log(`not run without the Debian package ${name}: ${neededBy} (${why})`);
  }
}
