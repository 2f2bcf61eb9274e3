/** How a piece of text stands out; `plain` does not. */
export type Style = 'plain' | 'bold' | 'dim' | 'good' | 'bad' | 'alarm';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** A line of the view. */
export type Line = readonly Span[];

const CODES: Readonly<Record<Exclude<Style, 'plain'>, string>> = {
  bold: '1',
  dim: '2',
  good: '32',
  bad: '31',
  alarm: '1;37;41',
};

/** A piece of a line. */
export function span(text: string, style: Style = 'plain'): Span {
  return { text, style };
}

/** The line's text, cut to `columns`, with colours where wanted. */
export function paint(line: Line, columns: number, colour: boolean): string {
  let left = columns;
  let painted = '';
  for (const { text, style } of line) {
    const shown = cut(text, left);
    left -= shown.length;
    painted += colour && style !== 'plain' && shown !== '' ? `\u001b[${CODES[style]}m${shown}\u001b[0m` : shown;
  }
  return painted;
}

function cut(text: string, columns: number): string {
  if (text.length <= columns) return text;
  return columns === 0 ? '' : `${text.slice(0, columns - 1)}…`;
}
