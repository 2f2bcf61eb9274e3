import { toTicket, type Ticket } from '../../protocol/ticket.ts';
import { LineFault } from './line-fault.ts';

const DECIMAL = /^-?\d+(\.\d+)?$/;
const WHOLE = /^-?\d{1,16}$/;
const UNSIGNED = /^\d{1,20}$/;
const SIGNED = /^-?\d{1,20}$/;
const MAX_UINT64 = 2n ** 64n - 1n;

/** Reads a line's fields one after the other, each as what it has to be. Every method throws LineFault that names the field. */
export class Fields {
  readonly #of: string;
  readonly #fields: readonly string[];
  #at: number;

  /** `of` says what the fields make up, for messages; `from` is the first field to read. */
  constructor(of: string, fields: readonly string[], from = 0) {
    this.#of = of;
    this.#fields = fields;
    this.#at = from;
  }

  text(name: string): string {
    const field = this.#fields[this.#at];
    if (field === undefined) throw new LineFault('FIELD_COUNT', `${this.#of} without ${name}`);
    this.#at += 1;
    return field;
  }

  /** A price, a volume or money. */
  decimal(name: string): number {
    const text = this.text(name);
    const value = DECIMAL.test(text) ? Number(text) : NaN;
    return Number.isFinite(value) ? value : this.#refuse('NUMBER', name, text);
  }

  /** A whole number that a double holds exactly. */
  whole(name: string): number {
    const text = this.text(name);
    const value = WHOLE.test(text) ? Number(text) : NaN;
    return Number.isSafeInteger(value) ? value : this.#refuse('NUMBER', name, text);
  }

  /** A whole number, 0 or more: a time, a counter, a number of something. */
  count(name: string): number {
    const value = this.whole(name);
    return value >= 0 ? value : this.#refuse('NUMBER', name, String(value));
  }

  /** 0 to 2^64−1, exact. */
  ticket(name: string): Ticket {
    const text = this.text(name);
    return isUint64(text) ? toTicket(text) : this.#refuse('NUMBER', name, text);
  }

  /** Up to 64 bits, exact, with or without a sign. */
  bigint(name: string): bigint {
    const text = this.text(name);
    return SIGNED.test(text) && isUint64(text.replace('-', '')) ? BigInt(text) : this.#refuse('NUMBER', name, text);
  }

  flag(name: string): boolean {
    const text = this.text(name);
    return text === '0' || text === '1' ? text === '1' : this.#refuse('NUMBER', name, text);
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const text = this.text(name);
    return values.find((value) => value === text) ?? this.#refuse('ENUMERATION', name, text);
  }

  /** Any of `values`, joined by commas; empty for none. */
  anyOf<T extends string>(name: string, values: readonly T[]): readonly T[] {
    const text = this.text(name);
    const named = text === '' ? [] : text.split(',');
    const known = values.filter((value) => named.includes(value));
    return known.length === named.length ? known : this.#refuse('ENUMERATION', name, text);
  }

  #refuse(kind: 'NUMBER' | 'ENUMERATION', name: string, text: string): never {
    throw new LineFault(kind, `${this.#of}: ${name} is "${text.slice(0, 40)}"`);
  }
}

function isUint64(digits: string): boolean {
  return UNSIGNED.test(digits) && BigInt(digits) <= MAX_UINT64;
}
