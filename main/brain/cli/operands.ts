import type { ParsedLine } from './command-line.ts';

const MAX_TICKET = 2n ** 64n - 1n;

/**
 * Reads the operands and options of a command, one after the other. The first that cannot be read is kept as `fault`;
 * what is returned after that is of the right type and of no use.
 */
export class Operands {
  readonly #words: string[];
  readonly #options: ReadonlyMap<string, string>;
  #fault: string | null = null;

  constructor({ words, options }: ParsedLine) {
    this.#words = [...words];
    this.#options = options;
  }

  /** What is wrong, in one sentence; operands that nobody asked for count. Null when all is well. */
  get fault(): string | null {
    const [surplus] = this.#words;
    return this.#fault ?? (surplus === undefined ? null : `${surplus} is one word too many`);
  }

  /** The next operand. */
  word(what: string): string {
    return this.#words.shift() ?? this.#refuse(`${what} is missing`, '');
  }

  /** All operands that are left. */
  rest(): readonly string[] {
    return this.#words.splice(0);
  }

  /** All operands that are left, each one of a few words, in any case. */
  restOf<const T extends string>(what: string, choices: readonly T[]): readonly T[] {
    return this.rest().map((word) => this.#oneOf(what, word, choices));
  }

  /** Refuses the line with `message` where an option is not given. */
  require(option: string, message: string): void {
    if (!this.#options.has(option)) this.#refuse(message, undefined);
  }

  text(option: string): string | undefined {
    return this.#options.get(option);
  }

  /** Whether an option without a value is given. */
  flag(option: string): boolean {
    return this.#options.has(option);
  }

  /** Refuses the line with `message` where an option is given. */
  bar(option: string, message: string): void {
    if (this.#options.has(option)) this.#refuse(message, undefined);
  }

  /** Refuses the line with `message` where none of the options is given. */
  requireAny(options: readonly string[], message: string): void {
    if (!options.some((option) => this.#options.has(option))) this.#refuse(message, undefined);
  }

  /** Lots as the next operand. */
  volume(): number {
    return this.#lots('VOLUME', this.word('VOLUME'));
  }

  /** A ticket as the next operand, exactly. */
  ticket(): bigint {
    return this.#ticket('TICKET', this.word('TICKET'));
  }

  /** One of a few words as the next operand, in any case. */
  choice<const T extends string>(what: string, choices: readonly T[]): T {
    return this.#oneOf(what, this.word(`${what} (${choices.join(' or ').toLowerCase()})`), choices);
  }

  optionalVolume(option: string): number | undefined {
    return this.#optional(option, (text) => this.#lots(`--${option}`, text));
  }

  optionalTicket(option: string): bigint | undefined {
    return this.#optional(option, (text) => this.#ticket(`--${option}`, text));
  }

  /** A whole number from `least` on, of up to 64 bits. */
  optionalWhole(option: string, least = 0): bigint | undefined {
    const takes = `a whole number, ${least} or more`;
    return this.#optional(option, (text) => this.#whole(`--${option}`, text, takes, BigInt(least)));
  }

  /** A whole number from `least` on that a double holds exactly. */
  optionalCount(option: string, least = 0): number | undefined {
    const value = this.optionalWhole(option, least);
    if (value === undefined || value <= BigInt(Number.MAX_SAFE_INTEGER))
      return value === undefined ? undefined : Number(value);
    return this.#refuse(`--${option} takes a smaller number than ${value}`, 0);
  }

  /** A number between two bounds, both allowed. */
  optionalBetween(option: string, unit: string, least: number, most: number): number | undefined {
    return this.#optional(option, (text) => {
      const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
      if (value >= least && value <= most) return value;
      return this.#refuse(`--${option} takes a number of ${unit} from ${least} to ${most}, not ${text}`, least);
    });
  }

  /** A whole number between two bounds, both allowed. */
  optionalWholeBetween(option: string, unit: string, least: number, most: number): number | undefined {
    return this.#optional(option, (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
      if (value >= least && value <= most) return value;
      return this.#refuse(`--${option} takes a whole number of ${unit} from ${least} to ${most}, not ${text}`, least);
    });
  }

  /** A price, or 0 where `zero` allows it. */
  optionalPrice(option: string, zero: 'zero' | 'above zero'): number | undefined {
    const what = zero === 'zero' ? 'a price, or 0 for none' : 'a price above 0';
    return this.#optional(option, (text) => this.#decimal(`--${option}`, text, what, zero === 'zero'));
  }

  optionalChoice<const T extends string>(option: string, choices: readonly T[]): T | undefined {
    return this.#optional(option, (text) => this.#oneOf(`--${option}`, text, choices));
  }

  /** A moment as Unix seconds: a number, or a date and time as ISO 8601 writes it (local without a zone). */
  optionalTime(option: string): number | undefined {
    return this.#optional(option, (text) => {
      const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
      if (seconds > 0) return seconds;
      return this.#refuse(`--${option} takes Unix seconds or a time like 2026-01-05T14:30, not ${text}`, 0);
    });
  }

  /** A moment as Unix seconds: as `optionalTime` takes it, `today`, `now`, or so long ago: `-30m`, `-4h`, `-7d`. */
  optionalMoment(option: string, nowMs: number): number | undefined {
    return this.#optional(option, (text) => {
      const seconds = momentOf(text, nowMs);
      if (seconds !== null) return seconds;
      return this.#refuse(`--${option} takes a time like 2026-01-05T14:30, today, -4h or -7d, not ${text}`, 0);
    });
  }

  /** When an order ends, as Unix seconds; 0 for `never`. */
  optionalExpiration(option: string): number | undefined {
    return this.#options.get(option) === 'never' ? 0 : this.optionalTime(option);
  }

  /** Names parted by commas. */
  optionalNames(option: string, what: string): readonly string[] | undefined {
    return this.#optional(option, (text) => {
      const names = text.split(',').map((name) => name.trim());
      if (names.every((name) => name !== '')) return [...new Set(names)];
      return this.#refuse(`--${option} takes ${what} parted by commas, not ${JSON.stringify(text)}`, []);
    });
  }

  #optional<T>(option: string, read: (text: string) => T): T | undefined {
    const text = this.#options.get(option);
    return text === undefined ? undefined : read(text);
  }

  #lots(what: string, text: string): number {
    return this.#decimal(what, text, 'a number of lots above 0, like 0.01', false);
  }

  #ticket(what: string, text: string): bigint {
    return this.#whole(what, text, 'the number of a position or order, like 1004', 1n);
  }

  #whole(what: string, text: string, takes: string, least: bigint): bigint {
    const value = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
    return value >= least && value <= MAX_TICKET ? value : this.#refuse(`${what} takes ${takes}, not ${text}`, 0n);
  }

  #decimal(what: string, text: string, takes: string, zeroToo: boolean): number {
    const value = /^\d+(\.\d+)?$|^\.\d+$/.test(text) ? Number(text) : NaN;
    const good = value > 0 || (value === 0 && zeroToo);
    return good && Number.isFinite(value) ? value : this.#refuse(`${what} takes ${takes}, not ${text}`, 0);
  }

  #oneOf<const T extends string>(what: string, text: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    return found ?? this.#refuse(`${what} is ${choices.join(', ').toLowerCase()}, not ${text}`, choices[0] as T);
  }

  #refuse<T>(message: string, value: T): T {
    this.#fault ??= message;
    return value;
  }
}

const UNIT_S = { m: 60, h: 3_600, d: 86_400 } as const;

/** Unix seconds of a time in words, or null. */
function momentOf(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs / 1000;
  if (text === 'today') return new Date(nowMs).setHours(0, 0, 0, 0) / 1000;
  const [, amount, unit] = /^-(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return Math.max(0, nowMs / 1000 - Number(amount) * UNIT_S[unit as keyof typeof UNIT_S]);
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  return seconds >= 0 ? seconds : null;
}
