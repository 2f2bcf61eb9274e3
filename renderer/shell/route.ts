import { useSyncExternalStore } from 'react';

export const VIEWS = ['overview', 'brains', 'audit', 'metatrader', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** Where the operator is: a view and what it keeps in the address, like the audit log's filter. */
export interface Route {
  readonly view: View;
  readonly query: URLSearchParams;
}

/** `#/audit?q=client:alpha`. An unknown view is the overview. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { view: VIEWS.find((view) => view === path) ?? 'overview', query: new URLSearchParams(query) };
}

export function addressOf(view: View, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  return `#/${view}${text === '' ? '' : `?${text}`}`;
}

/** Goes there; `replace` where going back must not come here again, like while a filter is being typed. */
export function goTo(view: View, query: Readonly<Record<string, string>> = {}, { replace = false } = {}): void {
  const address = addressOf(view, query);
  if (address === window.location.hash) return;
  if (replace) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

let last: { readonly hash: string; readonly route: Route } | null = null;

function current(): Route {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: routeOf(hash) };
  return last.route;
}

function follow(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}

export function useRoute(): Route {
  return useSyncExternalStore(follow, current);
}
