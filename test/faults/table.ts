import type { Tally } from './part.ts';
import { VIOLATION_KINDS } from './violation.ts';

const HEAD = ['part', 'faults', 'commands', 'acknowledged', 're-sent', ...VIOLATION_KINDS];

/** All figures as a table for people. */
export function table(tallies: readonly Tally[]): string {
  const lines = [HEAD, ...tallies.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, column) => pad(cell, column, widths[column]!)).join('  ')).join('\n');
}

function cells({ name, faults, commands, acknowledged, resent, violations }: Tally): readonly string[] {
  const counts = VIOLATION_KINDS.map((kind) => violations.filter((violation) => violation.kind === kind).length);
  return [name, ...[faults, commands, acknowledged, resent, ...counts].map((count) => count.toLocaleString('en-US'))];
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
