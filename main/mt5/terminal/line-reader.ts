import { MAX_LINE_BYTES } from './line-codec.ts';

const LINE_FEED = 0x0a;

/** Gets a line as the bytes from `start` to `end`, its end not included. They are its own only during the call. */
export type TakeLine = (bytes: Buffer, start: number, end: number) => void;

/** Cuts a stream of bytes into lines. A line that lies in one read whole is not copied. */
export class LineReader {
  #held: Buffer | null = null;
  #heldBytes = 0;

  /** Gives `take` each line that ends in `chunk`. False for a line that is too long: then nothing may follow. */
  push(chunk: Buffer, take: TakeLine): boolean {
    let start = 0;
    let end = chunk.indexOf(LINE_FEED);
    if (this.#heldBytes > 0 && end >= 0) {
      if (!this.#hold(chunk, 0, end)) return false;
      this.#giveHeld(take);
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    while (end >= 0) {
      if (end - start > MAX_LINE_BYTES) return false;
      take(chunk, start, end);
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    return this.#hold(chunk, start, chunk.length);
  }

  #hold(chunk: Buffer, start: number, end: number): boolean {
    if (start === end) return true;
    if (this.#heldBytes + end - start > MAX_LINE_BYTES) return false;
    this.#held ??= Buffer.allocUnsafe(MAX_LINE_BYTES);
    this.#heldBytes += chunk.copy(this.#held, this.#heldBytes, start, end);
    return true;
  }

  #giveHeld(take: TakeLine): void {
    const length = this.#heldBytes;
    this.#heldBytes = 0;
    if (this.#held !== null) take(this.#held, 0, length);
  }
}
