import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { APP_HOST, APP_URL, isOwnPage } from '../control/own-page.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** Everything comes from the program's own folder, and nothing is made from text. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Serves `app://gateway/` from a folder: the files that were there at the start, by name, and nothing else. */
export class AppFiles {
  readonly #files: ReadonlyMap<string, string>;

  constructor(folder: string) {
    this.#files = listed(folder);
  }

  answer(request: Pick<Request, 'url' | 'method'>): Response {
    if (!isOwnPage(request.url)) return refused(403, `only ${APP_HOST} is served`);
    if (request.method !== 'GET') return refused(405, 'only GET is served');
    const { pathname } = new URL(request.url);
    const path = this.#files.get(pathname === '/' ? '/index.html' : pathname);
    if (path === undefined) return refused(404, `no such file in ${APP_URL}`);
    return new Response(new Uint8Array(readFileSync(path)), {
      headers: { ...SECURITY_HEADERS, 'Content-Type': contentType(path) },
    });
  }
}

/** Every file below a folder by its path in an address; none where the folder is missing. */
function listed(folder: string): ReadonlyMap<string, string> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path]));
  } catch {
    return new Map();
  }
}

function refused(status: number, why: string): Response {
  return new Response(why, { status, headers: { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' } });
}

function contentType(path: string): string {
  return CONTENT_TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}
