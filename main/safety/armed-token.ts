import { createHash } from 'node:crypto';
import { open, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { AccountPin } from '../mt5/handler.ts';

/** The token that says that this gateway may trade after a start. A kill takes it away; only arming brings it back. */
export interface ArmedToken {
  /** What is there now. Never rejects. */
  read(): Promise<TokenReading>;
  /** Puts a new one in place of whatever is there; refused when a disarm comes before it is done. Never rejects. */
  arm(content: TokenContent): Promise<ArmResult>;
  /** Removes it, or makes it invalid in place where that fails. Begins in the same turn and always wins over an arm. Never rejects. */
  disarm(): Promise<DisarmResult>;
}

export interface TokenContent {
  readonly epoch: number;
  readonly account: AccountPin;
  /** Unix milliseconds. */
  readonly armedAtMs: number;
  /** Who armed it; only its first 64 characters are kept. */
  readonly armedBy: string;
}

export type TokenReading =
  | ({ readonly kind: 'armed' } & TokenContent)
  | { readonly kind: 'missing' }
  /** Overwritten by a disarm that could not delete it. */
  | { readonly kind: 'revoked' }
  /** It can be read but is not what was written. */
  | { readonly kind: 'damaged'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly message: string };

export type ArmResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

export type DisarmResult =
  | { readonly kind: 'removed' | 'absent' }
  /** It could not be deleted and was made invalid in place. */
  | { readonly kind: 'overwritten'; readonly message: string }
  /** Neither worked: after a restart it would still be there. */
  | { readonly kind: 'failed'; readonly message: string };

/** Size of the file in bytes. It never changes, so that overwriting needs no free space. */
export const TOKEN_BYTES = 1_024;
const REVOKED = 'REVOKED';

const bodySchema = z.strictObject({
  version: z.literal(1),
  epoch: z.int().check(z.gte(0)),
  login: z.string(),
  server: z.string(),
  account_mode: z.enum(['REAL', 'DEMO', 'CONTEST', 'PAPER']),
  armed_at_ms: z.number(),
  armed_by: z.string(),
});

/** The two ways to take the file away, where a test needs one of them to fail. */
export interface DisarmCalls {
  readonly unlink: (path: string) => Promise<void>;
  readonly overwrite: (path: string, text: string) => Promise<void>;
}

/** The token as the file `ARMED` in the data folder: one line of JSON, one with its SHA-256, padded with spaces. */
export class TokenFile implements ArmedToken {
  readonly path: string;
  readonly #calls: DisarmCalls;
  #disarms = 0;
  #arming: Promise<unknown> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(dataFolder: string, calls: Partial<DisarmCalls> = {}) {
    this.path = join(dataFolder, 'ARMED');
    this.#calls = { unlink, overwrite, ...calls };
  }

  async read(): Promise<TokenReading> {
    try {
      // Opening a pipe would wait for a writer for ever.
      if (!(await stat(this.path)).isFile()) return { kind: 'unreadable', message: `${this.path} is not a file` };
      return parse(await readAll(this.path));
    } catch (error) {
      return isAbsent(error) ? { kind: 'missing' } : { kind: 'unreadable', message: messageOf(error) };
    }
  }

  arm(content: TokenContent): Promise<ArmResult> {
    const disarms = this.#disarms;
    const isOverruled = () => this.#disarms !== disarms;
    const done = this.#last.then(() => this.#replace(content, isOverruled));
    this.#arming = done;
    this.#last = done;
    return done;
  }

  disarm(): Promise<DisarmResult> {
    this.#disarms += 1;
    const first = this.#remove();
    const done = this.#arming === null ? first : this.#removeAfter(this.#arming, first);
    this.#arming = null;
    this.#last = Promise.all([this.#last, done]);
    return done;
  }

  async #replace(content: TokenContent, isOverruled: () => boolean): Promise<ArmResult> {
    const draft = `${this.path}.new`;
    try {
      await writeDurably(draft, 'w', serialise(content));
      if (isOverruled()) {
        await rm(draft, { force: true });
        return { ok: false, message: 'trading was stopped meanwhile' };
      }
      await rename(draft, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      return { ok: false, message: messageOf(error) };
    }
    return isOverruled() ? { ok: false, message: 'trading was stopped meanwhile' } : { ok: true };
  }

  /** An arm that was under way may have put its file in place after the first removal. */
  async #removeAfter(arming: Promise<unknown>, first: Promise<DisarmResult>): Promise<DisarmResult> {
    const early = await first;
    await arming;
    const late = await this.#remove();
    return late.kind === 'absent' && early.kind === 'removed' ? early : late;
  }

  async #remove(): Promise<DisarmResult> {
    try {
      await this.#calls.unlink(this.path);
      await syncFolder(dirname(this.path));
      return { kind: 'removed' };
    } catch (error) {
      return isAbsent(error) ? { kind: 'absent' } : this.#overwrite(messageOf(error));
    }
  }

  async #overwrite(unlinkFailure: string): Promise<DisarmResult> {
    try {
      if (!(await stat(this.path)).isFile()) return { kind: 'absent' };
      await this.#calls.overwrite(this.path, pad(`${REVOKED}\n`));
      return { kind: 'overwritten', message: unlinkFailure };
    } catch (error) {
      if (isAbsent(error)) return { kind: 'removed' };
      return { kind: 'failed', message: `${unlinkFailure}; ${messageOf(error)}` };
    }
  }
}

function serialise({ epoch, account, armedAtMs, armedBy }: TokenContent): string {
  const body: z.infer<typeof bodySchema> = {
    version: 1,
    epoch,
    login: account.login,
    server: account.server,
    account_mode: account.mode,
    armed_at_ms: armedAtMs,
    armed_by: armedBy.slice(0, 64),
  };
  const line = JSON.stringify(body);
  return pad(`${line}\n${sha256(line)}\n`);
}

function parse(text: string): TokenReading {
  const [line = '', checksum = ''] = text.split('\n');
  if (line === REVOKED) return { kind: 'revoked' };
  if (Buffer.byteLength(text) !== TOKEN_BYTES) return { kind: 'damaged', message: 'its size is wrong' };
  if (checksum !== sha256(line)) return { kind: 'damaged', message: 'its checksum is wrong' };
  const body = bodySchema.safeParse(JSON.parse(line));
  if (!body.success) return { kind: 'damaged', message: 'its content is of another version' };
  const { epoch, login, server, account_mode: mode, armed_at_ms: armedAtMs, armed_by: armedBy } = body.data;
  return { kind: 'armed', epoch, account: { login, server, mode }, armedAtMs, armedBy };
}

function pad(text: string): string {
  const missing = TOKEN_BYTES - Buffer.byteLength(text);
  if (missing < 0) throw new RangeError('the account is too long for the ARMED token');
  return text + ' '.repeat(missing);
}

async function readAll(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TOKEN_BYTES + 1), 0, TOKEN_BYTES + 1, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function overwrite(path: string, text: string): Promise<void> {
  return writeDurably(path, 'r+', text);
}

async function writeDurably(path: string, flags: 'w' | 'r+', text: string): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.write(text, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

// Windows cannot open a folder; there the rename itself is as durable as it gets.
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    return;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
