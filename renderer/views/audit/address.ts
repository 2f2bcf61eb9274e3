import { useMemo } from 'react';
import { addressOf, goTo, useRoute } from '../../shell/route.ts';
import { parseQuery, queryText, type Token } from './filter/tokens.ts';

/** What the audit log keeps in the address: its filter, and the entry that is open. */
export interface AuditAddress {
  readonly query: string;
  readonly tokens: readonly Token[];
  readonly entry: number | null;
}

export function useAuditAddress(): AuditAddress {
  const { query: parts } = useRoute();
  const query = parts.get('q') ?? '';
  const entry = entryOf(parts.get('entry'));
  return useMemo(() => ({ query, tokens: parseQuery(query).tokens, entry }), [query, entry]);
}

/** Goes to another filter; the open entry stays open. `replace` while it is being typed. */
export function goToFilter(tokens: readonly Token[], options: { readonly replace?: boolean } = {}): void {
  const { entry } = shownNow();
  goTo('audit', partsOf(queryText(tokens), entry), options);
}

/** Opens an entry, or closes it. */
export function goToEntry(entry: number | null): void {
  const before = shownNow();
  // From entry to entry is one step of going back.
  goTo('audit', partsOf(before.query, entry), { replace: before.entry !== null && entry !== null });
}

export function entryAddress(entry: number): string {
  return addressOf('audit', partsOf(shownNow().query, entry));
}

function shownNow(): { readonly query: string; readonly entry: number | null } {
  const parts = new URLSearchParams(window.location.hash.split('?', 2)[1] ?? '');
  return { query: parts.get('q') ?? '', entry: entryOf(parts.get('entry')) };
}

function partsOf(query: string, entry: number | null): Record<string, string> {
  return { ...(query === '' ? {} : { q: query }), ...(entry === null ? {} : { entry: String(entry) }) };
}

function entryOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;
}
