import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { replaceFileAtomically } from '../../config/write-file-atomically.ts';
import type { Log } from '../../log.ts';
import { panelRecordPath, readPanelRecord, type PanelRecord } from './panel-record.ts';
import { panelSecret } from './panel-secret.ts';

const TOKEN_BYTES = 32;
const SESSION_BYTES = 16;
const MOST_TOKENS = 16;
const MOST_SESSIONS = 32;
/** A session's last use is written at most so often. */
const USE_RECORDED_EVERY_MS = 600_000;

export interface PanelAccessOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly tokenLifeMs: number;
  /** After so long without use a session ends. */
  readonly sessionLifeMs: number;
}

/**
 * Who may use the panel: a token opens one session, once; a session is a signed cookie. Both survive a restart. Bounded:
 * beyond 16 unused tokens or 32 sessions the oldest is good no more.
 */
export class PanelAccess {
  readonly #options: PanelAccessOptions;
  readonly #secret: Buffer;
  /** By hash, when each expires; the oldest first. */
  readonly #tokens: Map<string, number>;
  /** By id, when each was used last; the one that was used longest ago first. */
  readonly #sessions: Map<string, number>;
  #recordedAtMs = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: PanelAccessOptions) {
    const { dataDir, log } = options;
    this.#options = options;
    this.#secret = panelSecret(dataDir, log);
    const record = readPanelRecord(dataDir, log);
    this.#tokens = new Map(record.tokens.map(({ hash, expires_at_ms: expiresAtMs }) => [hash, expiresAtMs]));
    this.#sessions = new Map(record.sessions.map(({ id, used_at_ms: usedAtMs }) => [id, usedAtMs]));
  }

  /** A token that opens one session. */
  newToken(): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#tokens.set(hashOf(token), this.#options.clock.nowMs() + this.#options.tokenLifeMs);
    dropOldest(this.#tokens, MOST_TOKENS);
    void this.#save();
    return token;
  }

  /** The value of a new session's cookie, or null for a token that is unknown, used or too old. */
  async redeem(token: string): Promise<string | null> {
    const hash = hashOf(token);
    const expiresAtMs = this.#tokens.get(hash);
    if (expiresAtMs === undefined) return null;
    // Used from here on, also for a second request of the same turn.
    this.#tokens.delete(hash);
    const isGood = this.#options.clock.nowMs() < expiresAtMs;
    const id = randomBytes(SESSION_BYTES).toString('base64url');
    if (isGood) this.#use(id);
    await this.#save();
    return isGood ? `${id}.${this.#signatureOf(id).toString('base64url')}` : null;
  }

  /** The session that a cookie's value proves, renewed by this use; null where it proves none. */
  sessionOf(cookie: string): string | null {
    const [id = '', signature = '', ...more] = cookie.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = this.#signatureOf(id);
    if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) return null;
    return this.renew(id) ? id : null;
  }

  /** A use of the session; false where it has ended. */
  renew(id: string): boolean {
    const usedAtMs = this.#sessions.get(id);
    const nowMs = this.#options.clock.nowMs();
    if (usedAtMs === undefined || nowMs - usedAtMs >= this.#options.sessionLifeMs) return false;
    this.#use(id);
    if (nowMs - this.#recordedAtMs >= USE_RECORDED_EVERY_MS) void this.#save();
    return true;
  }

  /** Resolves when all that happened is on disk. */
  async flush(): Promise<void> {
    await this.#save();
  }

  #use(id: string): void {
    this.#sessions.delete(id);
    this.#sessions.set(id, this.#options.clock.nowMs());
    dropOldest(this.#sessions, MOST_SESSIONS);
  }

  #signatureOf(id: string): Buffer {
    return createHmac('sha256', this.#secret).update(`session ${id}`).digest();
  }

  /** A disk that is full must not keep the operator out: what could not be written is said, and holds until the restart. */
  #save(): Promise<void> {
    const { dataDir, clock, log } = this.#options;
    this.#recordedAtMs = clock.nowMs();
    this.#saving = this.#saving
      .then(() => replaceFileAtomically(panelRecordPath(dataDir), `${JSON.stringify(this.#record())}\n`))
      .catch((error: unknown) => log.error('cannot write the record of the panel', { error }));
    return this.#saving;
  }

  #record(): PanelRecord {
    const nowMs = this.#options.clock.nowMs();
    const tokens = [...this.#tokens].filter(([, expiresAtMs]) => nowMs < expiresAtMs);
    const sessions = [...this.#sessions].filter(([, usedAtMs]) => nowMs - usedAtMs < this.#options.sessionLifeMs);
    return {
      version: 1,
      tokens: tokens.map(([hash, expiresAtMs]) => ({ hash, expires_at_ms: expiresAtMs })),
      sessions: sessions.map(([id, usedAtMs]) => ({ id, used_at_ms: usedAtMs })),
    };
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function dropOldest(entries: Map<string, number>, most: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(key);
  }
}
