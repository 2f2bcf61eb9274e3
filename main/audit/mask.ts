import { canonicalJson, parseTrustedJson } from '../protocol/json.ts';
import type { JsonValue } from '../protocol/json-value.ts';
import { type Cell, COLUMNS, type Column } from './columns.ts';

/** What stands where a value was taken out. */
export const MASK = '***';

/** Names under which payloads and answers hold the account's number and its money. */
const MASKED_KEYS = new Set([
  ...['login', 'account', 'balance', 'credit', 'equity', 'profit', 'commission', 'swap'],
  ...['margin', 'margin_free', 'free_margin', 'used_margin', 'margin_level'],
  // What a limit warning has measured, and against what.
  ...['value', 'limit_value'],
]);
/** An amount with its currency, what a limit is and how far it is reached, or a number as long as an account's. */
const TELLING_NUMBER = /(?<=\b(?:of|with) )-?\d+(?:\.\d+)?|(?<![\d.:])-?\d+(?:\.\d+)?(?= [A-Z]{3}\b)|\d{5,}/g;

const TREATMENT: Partial<Record<Column, (text: string) => string>> = {
  account: () => MASK,
  payload: maskedJson,
  answer: maskedJson,
  reason: maskedText,
};
const TREATED = COLUMNS.map((column) => TREATMENT[column] ?? null);

/** The row without the account's number and money: its column, the values of such names in JSON, and numbers in sentences. */
export function maskedRow(cells: readonly Cell[]): readonly Cell[] {
  return cells.map((cell, at) => {
    const treat = TREATED[at];
    return typeof cell === 'string' && treat != null ? treat(cell) : cell;
  });
}

function maskedJson(text: string): string {
  let value: JsonValue;
  try {
    value = parseTrustedJson(text);
  } catch {
    // Not JSON, so nothing says what is in it.
    return MASK;
  }
  return canonicalJson(maskedValue(value));
}

function maskedValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return maskedText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(maskedValue);
  const entries = Object.entries(value).map(([key, held]): [string, JsonValue] => [
    key,
    MASKED_KEYS.has(key) && held !== null ? MASK : maskedValue(held),
  ]);
  return Object.fromEntries(entries);
}

/** Sentences name accounts and amounts too; what has no space in it is a name or an id. */
function maskedText(text: string): string {
  return text.includes(' ') ? text.replace(TELLING_NUMBER, MASK) : text;
}
