import type { Tick } from '../market.ts';
import { unescapeField } from './line-codec.ts';
import { LineFault } from './line-fault.ts';

const TAB = 0x09;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
/** The first bytes of a streamed tick. */
const PREFIX = Buffer.from('tick\t');
/** Powers of ten that a double holds exactly: dividing a whole number below 2^53 by one rounds once, as Number(text) does. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Names that are kept; must be a power of two. */
const SYMBOL_SLOTS = 4_096;
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

interface KnownSymbol {
  readonly bytes: Buffer;
  readonly name: string;
}

/** Whether a line is a streamed tick. */
export function isTickLine(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < PREFIX.length) return false;
  for (let at = 0; at < PREFIX.length; at += 1) if (bytes[start + at] !== PREFIX[at]) return false;
  return true;
}

/** Reads streamed ticks straight from the bytes of the socket: the hot path, without a string except for long numbers. */
export class TickParser {
  /** By the hash of their bytes; of two names with one hash the last one stays. */
  readonly #symbols: (KnownSymbol | undefined)[] = Array.from({ length: SYMBOL_SLOTS });
  #bytes: Buffer = PREFIX;
  #at = 0;
  #end = 0;

  /** Reads a line for which `isTickLine` holds. Throws LineFault that names the field. */
  parse(bytes: Buffer, start: number, end: number): Tick {
    this.#bytes = bytes;
    this.#at = start + PREFIX.length;
    this.#end = end;
    return {
      symbol: this.#symbol(),
      bid: this.#decimal('bid'),
      ask: this.#decimal('ask'),
      last: this.#decimal('last'),
      volume: this.#decimal('volume'),
      timeMsc: this.#count('time'),
      flags: this.#count('flags'),
    };
  }

  #symbol(): string {
    const bytes = this.#bytes;
    const start = this.#at;
    let hash = FNV_BASIS;
    let at = start;
    for (; at < this.#end; at += 1) {
      const byte = bytes[at] ?? TAB;
      if (byte === TAB) break;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    }
    if (at === start) throw new LineFault('FIELD_COUNT', 'tick without symbol');
    this.#at = at;
    const slot = (hash ^ (hash >>> 16)) & (SYMBOL_SLOTS - 1);
    const known = this.#symbols[slot];
    if (known !== undefined && isSame(known.bytes, bytes, start, at)) return known.name;
    const name = unescapeField(bytes.toString('utf8', start, at));
    this.#symbols[slot] = { bytes: Buffer.from(bytes.subarray(start, at)), name };
    return name;
  }

  /** A decimal, to the very double that Number(text) gives. */
  #decimal(name: string): number {
    const bytes = this.#bytes;
    const start = this.#nextField(name);
    const isNegative = bytes[start] === MINUS;
    const firstDigit = isNegative ? start + 1 : start;
    const dot = this.#digitsFrom(firstDigit, 0);
    let mantissa = this.#mantissa;
    let decimals = 0;
    let end = dot;
    if (dot < this.#end && bytes[dot] === DOT) {
      end = this.#digitsFrom(dot + 1, mantissa);
      mantissa = this.#mantissa;
      decimals = end - dot - 1;
      if (decimals === 0) this.#refuse(name, start);
    }
    if (dot === firstDigit || !this.#endsAt(end)) this.#refuse(name, start);
    this.#at = end;
    const scale = POWERS_OF_TEN[decimals];
    if (mantissa > Number.MAX_SAFE_INTEGER || scale === undefined) return this.#longNumber(name, start, end);
    return isNegative ? -mantissa / scale : mantissa / scale;
  }

  #count(name: string): number {
    const start = this.#nextField(name);
    const end = this.#digitsFrom(start, 0);
    if (end === start || !this.#endsAt(end) || this.#mantissa > Number.MAX_SAFE_INTEGER) this.#refuse(name, start);
    this.#at = end;
    return this.#mantissa;
  }

  /** The whole number of the digits that were read last, behind those before; no longer exact past 2^53. */
  #mantissa = 0;

  #digitsFrom(start: number, before: number): number {
    const bytes = this.#bytes;
    let mantissa = before;
    let at = start;
    for (; at < this.#end; at += 1) {
      const digit = (bytes[at] ?? TAB) - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    this.#mantissa = mantissa;
    return at;
  }

  #nextField(name: string): number {
    if (this.#at >= this.#end) throw new LineFault('FIELD_COUNT', `tick without ${name}`);
    return this.#at + 1;
  }

  #endsAt(at: number): boolean {
    return at === this.#end || this.#bytes[at] === TAB;
  }

  #longNumber(name: string, start: number, end: number): number {
    const value = Number(this.#bytes.toString('latin1', start, end));
    if (!Number.isFinite(value)) this.#refuse(name, start);
    return value;
  }

  #refuse(name: string, start: number): never {
    const text = this.#bytes.toString('latin1', start, Math.min(this.#end, start + 40));
    throw new LineFault('NUMBER', `tick: ${name} is "${text.split('\t')[0] ?? ''}"`);
  }
}

function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}
