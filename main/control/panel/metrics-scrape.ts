import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import type { GatewayFigures } from './metrics-figures.ts';
import { gatewayMetrics } from './metrics.ts';
import { healthOf } from './metrics-health.ts';
import { FILE_POLICY, type PanelReply } from './panel-reply.ts';
import { secretFile } from './panel-secret.ts';

/** The file of the token that monitoring has to show. Deleting it makes another at the next start. */
export const scrapeTokenPath = (dataDir: string): string => join(dataDir, 'scrape.token');

const BEARER = /^Bearer +(\S+)$/i;

/**
 * `/metrics` and `/healthz`, for monitoring at this machine: with the token of `scrape.token` in the header
 * `Authorization: Bearer …`, and without it 401. No cookie and no address of the panel opens them, nor the token the panel.
 */
export class Scrape {
  readonly #read: () => GatewayFigures;
  readonly #metrics: ReturnType<typeof gatewayMetrics>;
  readonly #tokenHash: Buffer;

  constructor(dataDir: string, log: Log, read: () => GatewayFigures) {
    const token = secretFile(scrapeTokenPath(dataDir), 'the token of monitoring', log);
    this.#tokenHash = hashOf(token.toString('base64url'));
    this.#read = read;
    this.#metrics = gatewayMetrics(read());
  }

  /** The answer, or null for any other path. */
  async replyTo(path: string, headers: IncomingHttpHeaders): Promise<PanelReply | null> {
    if (path !== '/metrics' && path !== '/healthz') return null;
    if (!this.#isKnown(headers.authorization)) return unauthorised();
    return path === '/metrics' ? this.#scraped() : this.#health();
  }

  async #scraped(): Promise<PanelReply> {
    const { contentType: type } = this.#metrics;
    return { status: 200, policy: FILE_POLICY, type, body: await this.#metrics.text(this.#read()) };
  }

  #health(): PanelReply {
    const health = healthOf(this.#read());
    const status = health.status === 'failing' ? 503 : 200;
    return { status, policy: FILE_POLICY, type: 'application/json', body: `${JSON.stringify(health)}\n` };
  }

  /** Hashes, so that neither length nor content of the right one shows in the time it takes. */
  #isKnown(authorization = ''): boolean {
    const [, token = ''] = BEARER.exec(authorization) ?? [];
    return timingSafeEqual(hashOf(token), this.#tokenHash);
  }
}

function unauthorised(): PanelReply {
  const body = 'give the token of scrape.token as Authorization: Bearer\n';
  return { status: 401, policy: FILE_POLICY, headers: { 'WWW-Authenticate': 'Bearer' }, body };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
