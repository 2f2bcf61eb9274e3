import type { IncomingHttpHeaders } from 'node:http';

/** Names by which the panel is reached; a page of another name, led here by DNS, is not answered. */
const NAMES = ['127.0.0.1', 'localhost', '[::1]'] as const;

/** The `Host` header, where it names this panel. */
export function ownHost(headers: IncomingHttpHeaders, port: number): string | null {
  return NAMES.map((name) => `${name}:${port}`).find((host) => host === headers.host) ?? null;
}

/** Whether a WebSocket is asked for by a page of this panel; browsers always say whose page asks. */
export function isOwnOrigin(headers: IncomingHttpHeaders, host: string): boolean {
  return headers.origin === `http://${host}`;
}

/** Whether a page of another origin makes the browser ask; it may lead an operator to `/`, and do nothing else. */
export function isForeign(headers: IncomingHttpHeaders, path: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return false;
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(path === '/' && isVisit);
}

/** A cookie's value; the first of that name. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}
