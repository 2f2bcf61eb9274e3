import { closeSync, openSync, readSync } from 'node:fs';

const LINE_FEED = 0x0a;

/** One line of a file, without its line end. */
export interface FileLine {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
  /** Where it begins, in bytes from the start of the file. */
  readonly startByte: number;
  /** False for a last line without a line end. */
  readonly ended: boolean;
}

/** Reads a UTF-8 file line by line in small chunks, never the whole of it, however long it is. */
export class LineReader {
  readonly #file: number;
  readonly #chunk: Buffer;
  #rest: Buffer = Buffer.alloc(0);
  #number = 0;
  #nextByte = 0;
  #atEnd = false;

  constructor(path: string, chunkBytes = 64 * 1024) {
    this.#file = openSync(path, 'r');
    this.#chunk = Buffer.allocUnsafe(chunkBytes);
  }

  /** The next line, or null at the end of the file. */
  next(): FileLine | null {
    for (;;) {
      const end = this.#rest.indexOf(LINE_FEED);
      if (end >= 0) return this.#take(end, 1);
      if (this.#atEnd) return this.#rest.length > 0 ? this.#take(this.#rest.length, 0) : null;
      this.#readMore();
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #take(length: number, lineEndBytes: number): FileLine {
    const text = this.#rest.toString('utf8', 0, length).replace(/\r$/, '');
    const startByte = this.#nextByte;
    this.#rest = this.#rest.subarray(length + lineEndBytes);
    this.#number += 1;
    this.#nextByte += length + lineEndBytes;
    return { text, number: this.#number, startByte, ended: lineEndBytes > 0 };
  }

  #readMore(): void {
    const bytes = readSync(this.#file, this.#chunk);
    if (bytes === 0) this.#atEnd = true;
    else this.#rest = Buffer.concat([this.#rest, this.#chunk.subarray(0, bytes)]);
  }
}
