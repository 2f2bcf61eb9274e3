import { span, type Line } from './spans.ts';

/** A part of the view under its heading. */
export interface Section {
  readonly heading: readonly Line[];
  readonly rows: readonly Line[];
}

/** Which section gives way first when there is no room, by its place: events, then orders, quotes, positions. */
const GIVES_WAY = [3, 1, 2, 0];
/** A section keeps so many rows as long as another can give way. */
const KEPT_ROWS = 2;

/** The sections with an empty line before each, in at most `room` lines; what is left out is counted. */
export function fitSections(sections: readonly Section[], room: number): Line[] {
  const shown = sections.map(({ rows }) => rows.length);
  let excess = sections.reduce((sum, { heading, rows }) => sum + 1 + heading.length + rows.length, 0) - room;
  for (const least of [KEPT_ROWS, 0]) {
    for (const at of GIVES_WAY) {
      const given = Math.min(Math.max(0, excess), Math.max(0, (shown[at] ?? 0) - least));
      shown[at] = (shown[at] ?? 0) - given;
      excess -= given;
    }
  }
  return sections.flatMap((section, at) => [[], ...section.heading, ...cut(section.rows, shown[at] ?? 0)]);
}

/** The last line that there is room for says how many are not shown. */
function cut(rows: readonly Line[], room: number): readonly Line[] {
  if (rows.length <= room || room === 0) return rows.slice(0, room);
  return [...rows.slice(0, room - 1), [span(`… ${rows.length - room + 1} more`, 'dim')]];
}
