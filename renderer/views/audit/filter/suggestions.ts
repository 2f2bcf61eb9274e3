import { AUDIT_WORDS } from '../../../../main/control/contract.ts';
import { type Key, KEYS, tokenText } from './tokens.ts';

/** Values that only the running gateway knows. */
export interface KnownValues {
  readonly client: readonly string[];
  readonly symbol: readonly string[];
}

/** What would stand in the box; `isWhole` where that is a token and not only its key. */
export interface Suggestion {
  readonly text: string;
  readonly key: Key;
  readonly isWhole: boolean;
}

const MOST = 40;
const TIMES = ['15m', '1h', '24h', '7d'] as const;

/** What the piece that is being typed could become: keys, then values of the key, those that begin with it first. */
export function suggestionsFor(draft: string, known: KnownValues): readonly Suggestion[] {
  const typed = draft.trim();
  const [, name, begun] = /^([^:"]*):(.*)$/su.exec(typed) ?? [];
  if (name === undefined || begun === undefined) return [...keysFor(typed), ...wordsFor(typed)].slice(0, MOST);
  const key = KEYS.find((one) => one === name.toLowerCase());
  return key === undefined ? [] : valuesFor(key, begun.replaceAll('"', ''), known);
}

function keysFor(typed: string): readonly Suggestion[] {
  const begun = typed.toLowerCase();
  return KEYS.filter((key) => key.startsWith(begun)).map((key) => ({ text: `${key}:`, key, isWhole: false }));
}

/** Row types and actions, which may stand without their key. */
function wordsFor(typed: string): readonly Suggestion[] {
  if (typed.length < 2) return [];
  return (['type', 'action'] as const).flatMap((key) =>
    matching(AUDIT_WORDS[key], typed).map((word) => whole(key, word)),
  );
}

function valuesFor(key: Key, begun: string, known: KnownValues): readonly Suggestion[] {
  return matching(valuesOf(key, known), begun)
    .slice(0, MOST)
    .map((value) => whole(key, value));
}

function valuesOf(key: Key, known: KnownValues): readonly string[] {
  switch (key) {
    case 'client':
    case 'symbol':
      return known[key];
    case 'after':
    case 'before':
      return TIMES;
    case 'req':
      return [];
    case 'type':
    case 'by':
    case 'action':
    case 'status':
    case 'code':
      return AUDIT_WORDS[key];
  }
}

function matching(values: readonly string[], begun: string): readonly string[] {
  const wanted = begun.toUpperCase();
  const places = values.map((value) => ({ value, at: value.toUpperCase().indexOf(wanted) }));
  const first = places.filter(({ at }) => at === 0);
  return [...first, ...places.filter(({ at }) => at > 0)].map(({ value }) => value);
}

function whole(key: Key, value: string): Suggestion {
  return { text: tokenText({ key, value }), key, isWhole: true };
}
