import type { Row } from './run-table.ts';

const HEAD = ['family', 'mode', 'case', 'the gateway', 'honest p99', 'kill', 'MiB before', 'after', 'wrong'];
/** Columns of text; the others are of numbers. */
const TEXT_COLUMNS = [0, 1, 2, 3, 8];

/** The summary as a table for people. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, at) => pad(cell, at, widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells({ family, mode, name, did, p99Ms, killMs, memoryBeforeMib, memoryAfterMib, faults }: Row): string[] {
  const memory = [memoryBeforeMib, memoryAfterMib].map((mib) => mib.toFixed(0));
  return [family, mode, name, did, milliseconds(p99Ms), milliseconds(killMs), ...memory, faults.join('; ')];
}

function milliseconds(value: number | null): string {
  return value === null ? '' : `${value.toFixed(1)} ms`;
}

function pad(cell: string, column: number, width: number): string {
  return TEXT_COLUMNS.includes(column) ? cell.padEnd(width) : cell.padStart(width);
}
