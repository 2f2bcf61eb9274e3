import { AUDIT_WORDS, type ControlInput } from '../../../../main/control/contract.ts';
import type { Preferences } from '../../../preferences/preferences.tsx';
import { timeOf } from './time-value.ts';

/** What a token can be about, in the order of the suggestions. */
export const KEYS = ['type', 'by', 'client', 'action', 'symbol', 'status', 'code', 'req', 'after', 'before'] as const;
export type Key = (typeof KEYS)[number];
/** Keys whose values are a closed list. */
export type WordKey = keyof typeof AUDIT_WORDS;
export type RowFilter = ControlInput<'auditPage'>['filter'];

/** One condition: `key:value`. */
export interface Token {
  readonly key: Key;
  readonly value: string;
}

/** Why a piece is no token. */
export type TokenFault =
  | { readonly kind: 'unknownKey'; readonly key: string }
  | { readonly kind: 'noValue'; readonly key: Key }
  | { readonly kind: 'badWord'; readonly key: WordKey; readonly value: string }
  | { readonly kind: 'replyStatus'; readonly value: keyof typeof REPLY_STATUSES }
  | { readonly kind: 'badTime'; readonly key: 'after' | 'before'; readonly value: string }
  | { readonly kind: 'bareWord'; readonly word: string };
export type Parsed = { readonly ok: true; readonly token: Token } | { readonly ok: false; readonly fault: TokenFault };

/** What the log records where a reply said SUCCESS, ERROR or PENDING: people know the replies. */
export const REPLY_STATUSES = {
  SUCCESS: ['DONE', 'PLACED'],
  ERROR: ['REJECTED', 'REFUSED', 'EXPIRED', 'FENCED'],
  PENDING: ['DISPATCHING', 'UNKNOWN'],
} as const;

const PIECE = /(?:"(?:\\.|[^"\\])*"?|[^\s"])+/gu;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The pieces of a text; a blank inside quotes parts nothing. */
export function piecesOf(text: string): readonly string[] {
  return text.match(PIECE) ?? [];
}

/** Whether the last piece of a text has come to its end: a blank follows it, outside of quotes. */
export function isFinished(text: string): boolean {
  return /\s$/.test(text) && !text.endsWith(piecesOf(text).at(-1) ?? '');
}

/** A piece as a token. A bare word is what it can only be: a row type, an action, or a uuid, which is a `req_id`. */
export function parsePiece(piece: string): Parsed {
  const [, name, quoted] = /^([^:"]*):(.*)$/su.exec(piece) ?? [];
  if (name === undefined || quoted === undefined) return bareWord(unquoted(piece));
  const key = KEYS.find((known) => known === name.toLowerCase());
  if (key === undefined) return failed({ kind: 'unknownKey', key: name });
  const value = unquoted(quoted).trim();
  if (value === '') return failed({ kind: 'noValue', key });
  return valueOf(key, value);
}

function valueOf(key: Key, value: string): Parsed {
  switch (key) {
    case 'client':
    case 'symbol':
    case 'req':
      return parsed(key, value);
    case 'after':
    case 'before':
      // Whether it is a time does not hang on zone and moment.
      return timeOf(value, 'utc', 0) === null ? failed({ kind: 'badTime', key, value }) : parsed(key, value);
    case 'type':
    case 'by':
    case 'action':
    case 'status':
    case 'code':
      return wordOf(key, value);
  }
}

function wordOf(key: WordKey, value: string): Parsed {
  const words: readonly string[] = AUDIT_WORDS[key];
  const word = words.find((known) => known.toUpperCase() === value.toUpperCase());
  if (word !== undefined) return parsed(key, word);
  const reply = value.toUpperCase();
  if (key === 'status' && isReplyStatus(reply)) return failed({ kind: 'replyStatus', value: reply });
  return failed({ kind: 'badWord', key, value });
}

function isReplyStatus(text: string): text is keyof typeof REPLY_STATUSES {
  return Object.hasOwn(REPLY_STATUSES, text);
}

function bareWord(word: string): Parsed {
  if (UUID.test(word)) return parsed('req', word);
  for (const key of ['type', 'action'] as const) {
    const found = wordOf(key, word);
    if (found.ok) return found;
  }
  return failed({ kind: 'bareWord', word });
}

function parsed(key: Key, value: string): Parsed {
  return { ok: true, token: { key, value } };
}

function failed(fault: TokenFault): Parsed {
  return { ok: false, fault };
}

function unquoted(text: string): string {
  return text.replace(/"((?:\\.|[^"\\])*)"?/gsu, (_, inside: string) => inside.replace(/\\(.)/gsu, '$1'));
}

/** A token as it is typed; quotes where its value needs them. */
export function tokenText({ key, value }: Token): string {
  return /[\s"\\]/u.test(value) ? `${key}:"${value.replace(/["\\]/g, '\\$&')}"` : `${key}:${value}`;
}

/** Tokens as one text, the form of the address. */
export function queryText(tokens: readonly Token[]): string {
  return tokens.map(tokenText).join(' ');
}

/** What a text holds: its tokens, the last of each key, and the pieces that are none. */
export function parseQuery(text: string): { readonly tokens: readonly Token[]; readonly others: readonly string[] } {
  const others: string[] = [];
  let tokens: readonly Token[] = [];
  for (const piece of piecesOf(text)) {
    const result = parsePiece(piece);
    if (result.ok) tokens = withToken(tokens, result.token);
    else others.push(piece);
  }
  return { tokens, others };
}

/** The tokens with one more; it takes the place of one of the same key, since all must match. */
export function withToken(tokens: readonly Token[], token: Token): readonly Token[] {
  const isKnown = tokens.some(({ key }) => key === token.key);
  return isKnown ? tokens.map((one) => (one.key === token.key ? token : one)) : [...tokens, token];
}

export function withoutKey(tokens: readonly Token[], key: Key): readonly Token[] {
  return tokens.filter((one) => one.key !== key);
}

/** The rows that match all tokens, with times of this zone and `2h` counted from `nowMs`. */
export function filterOf(tokens: readonly Token[], zone: Preferences['zone'], nowMs: number): RowFilter {
  const filter: Record<string, string | number> = {};
  for (const { key, value } of tokens) {
    const atMs = key === 'after' || key === 'before' ? timeOf(value, zone, nowMs) : null;
    if (atMs === null) filter[key] = value;
    else filter[key === 'after' ? 'since_ms' : 'until_ms'] = atMs;
  }
  return filter;
}
