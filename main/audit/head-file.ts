import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { AuditHead } from './audit-log.ts';

/** Name of the note beside the log that says how far it had come. */
export const HEAD_FILE = 'audit.head';

/** Every note is as long, so that a shorter one leaves nothing of a longer one behind. */
const NOTE_BYTES = 128;

const noteSchema = z.object({
  seq: z.int().check(z.gte(0)),
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/**
 * Notes the log's last row beside it, without waiting for the disk: where a damaged log cannot be read any more, the next
 * file goes on from here.
 */
export class HeadFile {
  readonly #file: string;
  #fd: number | null = null;
  #noted: AuditHead | null = null;

  constructor(dataDir: string) {
    this.#file = join(dataDir, HEAD_FILE);
  }

  /** The last note, or null where there is none that can be read. */
  read(): AuditHead | null {
    try {
      return noteSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return null;
    }
  }

  /** Notes a head unless it is noted already. */
  note(head: AuditHead): void {
    if (head.seq === 0 || this.#noted?.hash === head.hash) return;
    try {
      this.#fd ??= openSync(this.#file, constants.O_RDWR | constants.O_CREAT, 0o600);
      writeSync(this.#fd, `${JSON.stringify(head).padEnd(NOTE_BYTES - 1)}\n`, 0);
      this.#noted = head;
    } catch {
      // Only a help for a day on which the log itself is lost: the next note tries again.
    }
  }

  /** A note after that opens the file again. */
  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}
