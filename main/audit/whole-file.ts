import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { moveDurably } from './durable-files.ts';

/**
 * A file that is there under its name only when it is complete: written under another name beside it (mode 0600), then
 * renamed. Replaces what had the name. Every method throws what the file system throws.
 */
export class WholeFile {
  readonly path: string;
  readonly #draft: string;
  readonly #descriptor: number;
  #isOpen = true;

  constructor(path: string) {
    this.path = path;
    this.#draft = `${path}.partial-${process.pid}`;
    this.#descriptor = openSync(this.#draft, 'w', 0o600);
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
  }

  /** All of it has been written: from here on the file has its name, also after a power cut. */
  complete(): void {
    fsyncSync(this.#descriptor);
    this.#close();
    moveDurably(this.#draft, this.path);
  }

  /** Takes away what was written, unless it was completed. May be called twice. */
  discard(): void {
    if (!this.#isOpen) return;
    this.#close();
    rmSync(this.#draft, { force: true });
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.#descriptor);
  }
}
