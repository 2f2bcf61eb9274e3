import { isOnStep } from '../volume.ts';
import { LineFault } from './line-fault.ts';

/** Limits of a line, its end not counted. */
export const MAX_LINE_BYTES = 65_536;
export const MAX_FIELDS = 64;

/** Resolution of a volume on the wire. */
const LOT_DECIMALS = 8;
const SMALLEST_LOT = 0.000_000_01;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\', t: '\t', n: '\n', r: '\r' };

/** A line with its end, from fields as they are. */
export function buildLine(fields: readonly string[]): string {
  return `${fields.map(escapeField).join('\t')}\n`;
}

/** The fields of a line without its end. Throws LineFault for more than 64 fields and for an escape that does not exist. */
export function splitLine(text: string): readonly string[] {
  const fields = text.split('\t', MAX_FIELDS + 1);
  if (fields.length > MAX_FIELDS) throw new LineFault('FIELD_COUNT', `more than ${MAX_FIELDS} fields`);
  return text.includes('\\') ? fields.map(unescapeField) : fields;
}

export function escapeField(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

/** Throws LineFault for an escape that does not exist, or one cut off. */
export function unescapeField(text: string): string {
  return text.replace(/\\(.?)/gs, (escape, character: string) => {
    const plain = ESCAPED[character];
    if (plain === undefined) throw new LineFault('ESCAPE', `no such escape: ${escape}`);
    return plain;
  });
}

/** A number in decimals without an exponent, the shortest that reads as the same double. Throws RangeError for NaN and infinity. */
export function formatDecimal(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`not a number for the terminal: ${value}`);
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  if (Number(exponent) > 0) return BigInt(value).toString();
  const sign = mantissa.startsWith('-') ? '-' : '';
  return `${sign}0.${'0'.repeat(-Number(exponent) - 1)}${mantissa.replace(/[-.]/g, '')}`;
}

/** Lots with 8 decimals; one that has more is written as it is, for the terminal to refuse. */
export function formatVolume(lots: number): string {
  return isOnStep(lots, SMALLEST_LOT) ? lots.toFixed(LOT_DECIMALS) : formatDecimal(lots);
}
