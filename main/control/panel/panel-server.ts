import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { errorCode } from '../../gateway/bind.ts';
import { openExport, sendExport } from './export-download.ts';
import type { Scrape } from './metrics-scrape.ts';
import { notice } from './notices.ts';
import type { PanelAccess } from './panel-access.ts';
import { FILE_POLICY, pagePolicy, send, type PanelReply } from './panel-reply.ts';
import { shortName, type PanelScreens } from './panel-screens.ts';
import { cookieOf, isForeign, isOwnOrigin, ownHost } from './request-rules.ts';
import type { StaticFile } from './static-files.ts';

const EXPORTS = '/exports/';
const SCREENS = '/control';
/** Refused screens are said in the log at most so often: a page tries again every two seconds. */
const REFUSAL_SAID_EVERY_MS = 60_000;

export interface PanelServerOptions {
  readonly port: number;
  readonly dataDir: string;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly access: PanelAccess;
  readonly screens: PanelScreens;
  readonly scrape: Scrape;
  readonly clock: Clock;
  readonly log: Log;
}

type ScreenEntry =
  { readonly session: string } | { readonly session: null; readonly status: string; readonly why: string };

const refusal = (status: string, why: string): ScreenEntry => ({ session: null, status, why });

/** What the panel answers to whom: the rules of every request, in the order in which they hold. */
export class PanelServer {
  readonly #options: PanelServerOptions;
  readonly #cookieName: string;
  #refusalSaidAtMs = -Infinity;

  constructor(options: PanelServerOptions) {
    this.#options = options;
    // Cookies do not know ports: two panels of one machine must not end each other's sessions.
    this.#cookieName = `mt5-fabric-${options.port}`;
  }

  /** Answers a request; a fault of ours is an answer too, and never thrown. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.#replyTo(request, response);
      if (reply !== null) send(response, reply, request.method !== 'HEAD');
    } catch (error) {
      if (isPrematureClose(error)) return;
      this.#options.log.error('the panel could not answer', { error });
      if (response.headersSent) response.destroy();
      else send(response, notice('failed', request.headers), true);
    }
  }

  /** Makes a request to upgrade a screen, or refuses it. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    connection.on('error', () => connection.destroy());
    const entry = this.#screenEntry(request);
    if (entry.session === null) this.#refuse(connection, entry.status, entry.why);
    else this.#options.screens.accept(request, connection, head, entry.session);
  }

  #screenEntry(request: IncomingMessage): ScreenEntry {
    const { access, screens } = this.#options;
    const host = this.#ownHost(request);
    if (host === null) return refusal('421 Misdirected Request', 'wrong host');
    if (request.url !== SCREENS) return refusal('404 Not Found', 'no such address');
    if (!isOwnOrigin(request.headers, host)) return refusal('403 Forbidden', 'foreign page');
    const session = access.sessionOf(cookieOf(request.headers, this.#cookieName));
    if (session === null) return refusal('403 Forbidden', 'no session');
    if (screens.isFull) return refusal('503 Service Unavailable', 'too many screens');
    return { session };
  }

  async #replyTo(request: IncomingMessage, response: ServerResponse): Promise<PanelReply | null> {
    const { headers, method } = request;
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const isReading = method === 'GET' || method === 'HEAD';
    // Under any name, through a proxy or a tunnel too: no page can make a browser show a token that it does not have.
    const scraped = isReading ? await this.#options.scrape.replyTo(path, headers) : null;
    if (scraped !== null) return scraped;
    const host = this.#ownHost(request);
    if (host === null) return notice('wrongHost', headers);
    if (!isReading) return notice('wrongMethod', headers);
    if (isForeign(headers, path)) return notice('foreign', headers);
    const session = this.#options.access.sessionOf(cookieOf(headers, this.#cookieName));
    const token = new URLSearchParams(query).get('token');
    if (path === '/' && token !== null && method === 'GET') return this.#signIn(request, token, session);
    if (session === null) return notice('signIn', headers);
    if (path.startsWith(EXPORTS)) return this.#download(path.slice(EXPORTS.length), request, response);
    return this.#page(path, host, request);
  }

  /** Whoever has a session comes in with an address that is used up too; the address is used up in any case. */
  async #signIn({ headers }: IncomingMessage, token: string, session: string | null): Promise<PanelReply> {
    const cookie = await this.#options.access.redeem(token);
    if (cookie === null && session === null) return notice('signIn', headers);
    const welcome: PanelReply = { status: 303, policy: FILE_POLICY, headers: { Location: '/' } };
    if (cookie === null) return welcome;
    this.#options.log.info('panel session opened', { session: shortName(cookie) });
    const setCookie = `${this.#cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict`;
    return { ...welcome, headers: { Location: '/', 'Set-Cookie': setCookie } };
  }

  #page(path: string, host: string, { headers }: IncomingMessage): PanelReply {
    const { files } = this.#options;
    if (!files.has('/index.html')) return notice('missing', headers);
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return notice('notFound', headers);
    return { status: 200, policy: pagePolicy(host), ...file };
  }

  async #download(name: string, request: IncomingMessage, response: ServerResponse): Promise<PanelReply | null> {
    const found = await openExport(this.#options.dataDir, name);
    if (found === null) return notice('notFound', request.headers);
    await sendExport(found, response, request.method !== 'HEAD');
    return null;
  }

  #ownHost({ headers }: IncomingMessage): string | null {
    return ownHost(headers, this.#options.port);
  }

  #refuse(connection: Duplex, status: string, why: string): void {
    const { clock, log } = this.#options;
    const nowMs = clock.monoMs();
    if (nowMs - this.#refusalSaidAtMs >= REFUSAL_SAID_EVERY_MS) {
      this.#refusalSaidAtMs = nowMs;
      log.warn('panel screen refused', { why });
    }
    connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => connection.destroy());
  }
}

/** The browser went away in the middle of a download: no fault. */
function isPrematureClose(error: unknown): boolean {
  return errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE';
}
