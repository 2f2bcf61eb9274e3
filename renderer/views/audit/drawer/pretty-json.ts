import type { AuditRow } from '../list/row-pages.ts';

/** Columns that hold JSON themselves. */
const JSON_COLUMNS: ReadonlySet<string> = new Set(['payload', 'answer', 'latency_us']);
const PART = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/gsu;

/** JSON with a line for each value. Numbers stay as they are written: a ticket is longer than JavaScript's numbers are exact. */
export function prettyJson(text: string): string {
  const parts = text.match(PART) ?? [];
  let depth = 0;
  let out = '';
  const newLine = () => `\n${'  '.repeat(depth)}`;
  for (const [at, part] of parts.entries()) {
    const before = parts[at - 1];
    if (part === '{' || part === '[') {
      depth += 1;
      out += part;
    } else if (part === '}' || part === ']') {
      depth -= 1;
      out += before === '{' || before === '[' ? part : newLine() + part;
    } else {
      out += part;
    }
    const next = parts[at + 1];
    const isEmpty = next === '}' || next === ']';
    if ((part === '{' || part === '[') && !isEmpty) out += newLine();
    if (part === ',') out += newLine();
    if (part === ':') out += ' ';
  }
  return out;
}

/** A row as it stands in the log, what is JSON in it as such. */
export function rowJson(row: AuditRow): string {
  const members = Object.entries(row).map(([name, value]) => {
    const isJson = typeof value === 'string' && JSON_COLUMNS.has(name) && canParse(value);
    return `${JSON.stringify(name)}:${isJson ? value : JSON.stringify(value)}`;
  });
  return prettyJson(`{${members.join(',')}}`);
}

function canParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
