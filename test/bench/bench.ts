// Measures this program against zeromq.js with nothing around it and a small pyzmq gateway, on this machine, in turns.
//   npm run bench -- [--quick] [--rows a,b] [--json FILE]
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { RunningGateway } from '../running-gateway.ts';
import { bringSystemPackages, type SystemPackageName } from '../system-packages.ts';
import { parseBenchArguments, type BenchArguments } from './arguments.ts';
import { plot } from './plot.ts';
import { measureRow, type Effort, type Measured } from './row.ts';
import { ROWS } from './rows.ts';
import { table } from './table.ts';
import { judge, missed, ratio } from './verdict.ts';

const LONGEST_MS = { quick: 240_000, full: 1_200_000 };

const wanted = argumentsOrExit();
endOn('SIGINT', 130);
endOn('SIGTERM', 143);
const longestMs = wanted.quick ? LONGEST_MS.quick : LONGEST_MS.full;
setTimeout(() => {
  say(`stopped: it took over ${longestMs / 1000} s`);
  process.exit(75);
}, longestMs).unref();

process.exit(await bench(wanted));

async function bench({ quick, rows, jsonFile }: BenchArguments): Promise<number> {
  const absent = bringSystemPackages(say);
  for (const { name, neededBy, why } of absent) say(`left out: ${neededBy}, since ${name} is not there (${why})`);
  const isThere = (package_: SystemPackageName) => absent.every(({ name }) => name !== package_);
  const effort: Effort = {
    ...{ quick, rounds: quick ? 3 : 5 },
    ...{ python: isThere('python3-zmq'), compiler: isThere('g++'), browser: isThere('chromium') },
  };
  const startMs = performance.now();
  const all: Measured[] = [];
  for (const row of ROWS) {
    const isWanted = rows.length > 0 ? rows.includes(row.name) : !(quick && row.isSlow === true);
    if (!isWanted) continue;
    const rowStartMs = performance.now();
    all.push(...(await measureRow(row, effort)));
    say(`${row.name}: ${seconds(rowStartMs)} – ${row.about}`);
  }
  writeFigures(all, effort, jsonFile);
  console.log(table(all));
  console.log(
    `\nmedians [min–max] of ${effort.rounds} rounds in turn${exceptions()}, ${machine()}, ${seconds(startMs)} in all`,
  );
  const misses = missed(all);
  for (const miss of misses) console.log(`missed: ${miss}`);
  return misses.length === 0 ? 0 : 1;
}

function writeFigures(all: readonly Measured[], effort: Effort, jsonFile: string): void {
  const figures = all.map((measured) => ({
    ...measured,
    toBare: ratio(measured, 'bare'),
    toPython: ratio(measured, 'python'),
    verdicts: judge(measured),
  }));
  const svgFile = jsonFile.replace(/(\.json)?$/, '.svg');
  mkdirSync(dirname(jsonFile), { recursive: true });
  // JSON has no Infinity; a median of null is one that never came.
  writeFileSync(
    jsonFile,
    `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), effort, figures }, null, 2)}\n`,
  );
  writeFileSync(svgFile, plot(all, `MT5 Fabric, ${machine()}`));
  say(`figures in ${jsonFile}, plot in ${svgFile}`);
}

function argumentsOrExit(): BenchArguments {
  try {
    return parseBenchArguments(
      process.argv.slice(2),
      ROWS.map(({ name }) => name),
    );
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exit(64);
  }
}

// Leaving runs the exit listeners, which end every other child and remove the folders.
function endOn(signal: NodeJS.Signals, code: number): void {
  process.once(signal, () => void RunningGateway.stopAll().then(() => process.exit(code)));
}

function machine(): string {
  const [first, ...others] = cpus();
  return `${others.length + 1} × ${first?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`;
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** Rows that take a number of rounds of their own. */
function exceptions(): string {
  const rows = ROWS.filter(({ rounds }) => rounds !== undefined).map(({ name, rounds }) => `${name} ${rounds}`);
  return rows.length === 0 ? '' : ` (${rows.join(', ')})`;
}
