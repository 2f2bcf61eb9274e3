import type { Tick } from '../mt5/market.ts';

const SLAB_BYTES = 64 * 1024;
/** More than any frame has: a name of 63 characters in UTF-8, escaped, and nine numbers. */
const FRAME_BYTES = 1024;

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;

const ASK = Buffer.from(',"ask":');
const TIMESTAMP = Buffer.from(',"timestamp":');
const TIME_MSC = Buffer.from(',"time_msc":');
const LAST = Buffer.from(',"last":');
const VOLUME = Buffer.from(',"volume":');
const FLAGS = Buffer.from(',"flags":');
const SEQ = Buffer.from(',"seq":');
const END = 0x7d;

/** The beginning of a symbol's frames: `{"symbol":"EURUSD","bid":`. */
export function frameHead(symbol: string): Uint8Array {
  return Buffer.from(`{"symbol":${JSON.stringify(symbol)},"bid":`);
}

/**
 * Writes ticks as the data channel has them, digit by digit into a buffer: a JSON.stringify a tick would halve what one
 * core can publish. Every frame is memory of its own until it has been sent, since ZeroMQ sends it without a copy.
 */
export class TickFrames {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #at = 0;

  /** One frame. `digits` is how many decimals the symbol's prices have; null prints them as they are. */
  write(head: Uint8Array, tick: Tick, digits: number | null, seq: number): Buffer {
    if (this.#start + FRAME_BYTES > SLAB_BYTES) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.#start = 0;
    }
    this.#at = this.#start;
    this.#bytes(head);
    this.#price(tick.bid, digits);
    this.#bytes(ASK);
    this.#price(tick.ask, digits);
    this.#bytes(TIMESTAMP);
    this.#scaled(tick.timeMsc, 3);
    this.#bytes(TIME_MSC);
    this.#scaled(tick.timeMsc, 0);
    this.#bytes(LAST);
    if (tick.last === 0) this.#slab[this.#at++] = ZERO;
    else this.#price(tick.last, digits);
    this.#bytes(VOLUME);
    this.#number(tick.volume);
    this.#bytes(FLAGS);
    this.#number(tick.flags);
    this.#bytes(SEQ);
    this.#scaled(seq, 0);
    this.#slab[this.#at++] = END;
    const frame = this.#slab.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return frame;
  }

  #price(price: number, digits: number | null): void {
    if (digits === null) {
      this.#number(price);
      return;
    }
    const scaled = Math.round(price * (POWERS[digits] ?? 10 ** digits));
    if (Number.isSafeInteger(scaled)) this.#scaled(scaled, digits);
    else this.#text(price.toFixed(digits));
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value)) this.#scaled(value, 0);
    else this.#text(JSON.stringify(value));
  }

  /** A whole number with `decimals` of its digits behind the point. */
  #scaled(value: number, decimals: number): void {
    const slab = this.#slab;
    let rest = value;
    if (rest < 0) {
      slab[this.#at++] = MINUS;
      rest = -rest;
    }
    const length = Math.max(digitCount(rest), decimals + 1) + (decimals > 0 ? 1 : 0);
    const end = this.#at + length;
    const pointAt = decimals > 0 ? end - 1 - decimals : -1;
    for (let at = end - 1; at >= this.#at; at -= 1) {
      if (at === pointAt) {
        slab[at] = POINT;
        continue;
      }
      const shorter = Math.floor(rest / 10);
      slab[at] = ZERO + (rest - shorter * 10);
      rest = shorter;
    }
    this.#at = end;
  }

  #text(text: string): void {
    this.#at += this.#slab.write(text, this.#at, 'latin1');
  }

  #bytes(bytes: Uint8Array): void {
    const slab = this.#slab;
    let at = this.#at;
    // A loop, since for so few bytes a call of set() costs more.
    for (let from = 0; from < bytes.length; from += 1) slab[at++] = bytes[from] ?? 0;
    this.#at = at;
  }
}

const POWERS = Array.from({ length: 16 }, (_, digits) => 10 ** digits);

function digitCount(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count += 1;
  return count;
}
