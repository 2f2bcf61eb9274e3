import { sharedMs } from './worker-tasks.ts';

const QUOTE = 0x22;
const SPACE = 0x20;
const ZERO = 0x30;
const NAME_AT = '{"symbol":'.length;

/** Counts tick frames of one subscriber without parsing them: only the name and the number at the end are read. */
export class FrameCount {
  #last = new Map<number, number>();
  #firstAtMs = 0;
  /** Frames since the last reset. */
  frames = 0;
  /** Ticks that `seq` says were published between those that came. */
  missing = 0;
  lastAtMs = 0;

  /** Frames a second between the first and the last, 0 before there are two. */
  get rate(): number {
    return this.frames < 2 ? 0 : ((this.frames - 1) * 1000) / (this.lastAtMs - this.#firstAtMs);
  }

  /** Takes one frame: `bytes` from `start` up to `end`. */
  take(bytes: Buffer, start: number, end: number): void {
    // The clock costs more than the count: every 64th frame tells the time well enough.
    if ((this.frames & 63) === 0) this.#mark();
    this.frames += 1;
    const symbol = symbolHash(bytes, start + NAME_AT);
    const seq = numberBefore(bytes, end - 1);
    const last = this.#last.get(symbol);
    if (last !== undefined && seq > last + 1) this.missing += seq - last - 1;
    this.#last.set(symbol, seq);
  }

  /** Counts from nought, but remembers each symbol's last `seq`. */
  reset(): void {
    this.frames = 0;
    this.missing = 0;
    this.#firstAtMs = 0;
  }

  #mark(): void {
    this.lastAtMs = sharedMs();
    if (this.frames === 0) this.#firstAtMs = this.lastAtMs;
  }
}

function symbolHash(bytes: Buffer, from: number): number {
  let at = bytes[from] === SPACE ? from + 2 : from + 1;
  let hash = 0;
  for (; bytes[at] !== QUOTE && at < bytes.length; at += 1) hash = (hash * 31 + bytes[at]!) | 0;
  return hash;
}

function numberBefore(bytes: Buffer, end: number): number {
  let value = 0;
  let scale = 1;
  for (let at = end - 1; bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9; at -= 1) {
    value += (bytes[at]! - ZERO) * scale;
    scale *= 10;
  }
  return value;
}
