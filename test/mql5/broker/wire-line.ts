/** What a field of a line can be made of; flags are written as 0 and 1. */
export type Field = string | number | bigint | boolean;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const UNESCAPES: Readonly<Record<string, string>> = { '\\': '\\', t: '\t', n: '\n', r: '\r' };

/** A line with its end, fields separated by tabs. Throws for a number that is none: it must not get to a terminal. */
export function encodeLine(fields: readonly Field[]): string {
  return `${fields.map(encodeField).join('\t')}\n`;
}

/** The fields of a line without its end. */
export function decodeLine(line: string): readonly string[] {
  return line.split('\t').map((field) => field.replace(/\\(.)/g, (_, char: string) => UNESCAPES[char] ?? char));
}

function encodeField(field: Field): string {
  if (typeof field === 'string') return field.replace(/[\\\t\n\r]/g, (char) => ESCAPES[char] ?? char);
  if (typeof field === 'boolean') return field ? '1' : '0';
  if (typeof field === 'number' && !Number.isFinite(field)) throw new Error(`not a number for a line: ${field}`);
  return String(field);
}
