/** A column: numbers stand right, words left. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A column of words. */
export const left = (title: string): Column => ({ title, align: 'left' });
/** A column of numbers. */
export const right = (title: string): Column => ({ title, align: 'right' });

/** Rows under their titles, two spaces apart, one line a row. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines.map((line) => row(columns, widths, line)).join('');
}

/** Names and values, the values one under the other. */
export function fields(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd() + '\n').join('');
}

function row(columns: readonly Column[], widths: readonly number[], cells: readonly string[]): string {
  const padded = columns.map(({ align }, at) => {
    const cell = cells[at] ?? '';
    return align === 'right' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  });
  return `${padded.join('  ').trimEnd()}\n`;
}
