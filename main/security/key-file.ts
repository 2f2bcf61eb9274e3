import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFileAtomically } from '../config/write-file-atomically.ts';
import { CURVE_KEY_LENGTH, ROLES } from '../protocol/connection-file.ts';
import type { SecretBox } from './secret-box.ts';
import { fromZ85 } from './z85.ts';

const keySchema = z.string().check(z.refine((text) => text.length === CURVE_KEY_LENGTH && fromZ85(text) !== null));

const keysSchema = z.object({
  version: z.literal(1),
  sealed_by: z.enum(['file', 'system']),
  server: z.object({ public_key: keySchema, secret_key: z.string() }),
  clients: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      role: z.enum(ROLES),
      public_key: keySchema,
      mac_key: z.string(),
      paired_ms: z.number(),
      expires_ms: z.nullable(z.number()),
    }),
  ),
});

/** The gateway's own keys and those of the brains that are paired with it. MAC keys as 64 hexadecimal digits. */
export interface Keys {
  readonly server: { readonly publicKey: string; readonly secretKey: string };
  readonly clients: readonly ClientKeys[];
}

export interface ClientKeys {
  readonly name: string;
  readonly label: string;
  readonly role: (typeof ROLES)[number];
  readonly publicKey: string;
  readonly macKey: string;
  readonly pairedMs: number;
  readonly expiresMs: number | null;
}

/** The keys cannot be read. Nothing is made in their place: that would lock every brain out for good. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** `keys.json` in the data folder, mode 0600, its secrets sealed. */
export class KeyFile {
  readonly path: string;
  readonly #box: SecretBox;

  constructor(dataDir: string, box: SecretBox) {
    this.path = join(dataDir, 'keys.json');
    this.#box = box;
  }

  /** The keys, or null where none were made yet. Rejects with KeyFileError. */
  async read(): Promise<Keys | null> {
    if (!existsSync(this.path)) return null;
    const parsed = keysSchema.safeParse(this.#json());
    if (!parsed.success) throw this.#fault(parsed.error.issues[0]?.path.join('.') ?? 'its content');
    const { sealed_by: sealedBy, server, clients } = parsed.data;
    const open = (sealed: string) => this.#open(sealed, sealedBy);
    return {
      server: { publicKey: server.public_key, secretKey: await open(server.secret_key) },
      clients: await Promise.all(
        clients.map(async ({ public_key, mac_key, paired_ms, expires_ms, ...rest }) => ({
          ...rest,
          publicKey: public_key,
          macKey: await open(mac_key),
          pairedMs: paired_ms,
          expiresMs: expires_ms,
        })),
      ),
    };
  }

  /** Replaces the file in one step; it is on disk when this resolves. */
  async write({ server, clients }: Keys): Promise<void> {
    const seal = (secret: string) => this.#box.seal(secret);
    const content: z.input<typeof keysSchema> = {
      version: 1,
      sealed_by: this.#box.name,
      server: { public_key: server.publicKey, secret_key: await seal(server.secretKey) },
      clients: await Promise.all(
        clients.map(async ({ publicKey, macKey, pairedMs, expiresMs, ...rest }) => ({
          ...rest,
          public_key: publicKey,
          mac_key: await seal(macKey),
          paired_ms: pairedMs,
          expires_ms: expiresMs,
        })),
      ),
    };
    await replaceFileAtomically(this.path, `${JSON.stringify(content, null, 2)}\n`);
  }

  #json(): unknown {
    try {
      return JSON.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      throw new KeyFileError(`${this.path} cannot be read: ${(error as Error).message}. ${CURE}`);
    }
  }

  async #open(sealed: string, sealedBy: SecretBox['name']): Promise<string> {
    // What the system's key store sealed only the desktop app can open; what lies open anybody here reads.
    const secret = sealedBy === 'file' ? sealed : this.#box.name === 'system' ? await this.#box.open(sealed) : null;
    if (secret !== null) return secret;
    throw new KeyFileError(
      `${this.path} was sealed by the desktop app of another user or machine, and cannot be opened here. ${CURE}`,
    );
  }

  #fault(what: string): KeyFileError {
    return new KeyFileError(`${this.path} is damaged (${what}). ${CURE}`);
  }
}

const CURE = 'Restore it from a backup; or move it away, start again and pair every brain anew';
