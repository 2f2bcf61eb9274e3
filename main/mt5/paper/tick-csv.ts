/** One line of a tick file, empty fields filled in. */
export interface CsvTick {
  /** Null where the file has no column for it. */
  readonly symbol: string | null;
  readonly timeMs: number;
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly volume: number;
  /** MT5's TICK_FLAG bits. */
  readonly flags: number;
}

/** What a line is: a tick, nothing, or not readable and why. */
export type CsvLine =
  | { readonly kind: 'tick'; readonly tick: CsvTick }
  | { readonly kind: 'blank' }
  | { readonly kind: 'bad'; readonly why: string };

const COLUMNS = ['SYMBOL', 'DATE', 'TIME', 'BID', 'ASK', 'LAST', 'VOLUME', 'FLAGS'] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['DATE', 'TIME', 'BID', 'ASK'];
const BAD_FIELD = 'is not a number, 0 or more';

interface Prices {
  bid: number;
  ask: number;
  last: number;
}

/** Reads the lines of MetaTrader's tick export: a head of names in angle brackets, columns parted by tabs, commas or semicolons. */
export class TickCsvParser {
  readonly #separator: string;
  readonly #at: ReadonlyMap<Column, number>;
  /** Prices before, by symbol: an empty field repeats them. */
  readonly #before = new Map<string | null, Prices>();

  private constructor(separator: string, at: ReadonlyMap<Column, number>) {
    this.#separator = separator;
    this.#at = at;
  }

  /** A parser for the file that begins with this line, or what is wrong with the line. */
  static fromHead(head: string): TickCsvParser | { readonly why: string } {
    const separator = ['\t', ',', ';'].find((candidate) => head.includes(candidate)) ?? '\t';
    const names = head
      .replace(/^\uFEFF/, '')
      .split(separator)
      .map((name) => /^<(\w+)>$/.exec(name.trim())?.[1]);
    const at = new Map(COLUMNS.flatMap((column) => (names.includes(column) ? [[column, names.indexOf(column)]] : [])));
    const missing = REQUIRED.filter((column) => !at.has(column));
    if (missing.length === 0) return new TickCsvParser(separator, at);
    return {
      why: `no column ${missing.map((column) => `<${column}>`).join(', ')}: not a tick file as MetaTrader exports it`,
    };
  }

  parse(line: string): CsvLine {
    if (line.trim() === '') return { kind: 'blank' };
    const fields = line.split(this.#separator);
    const timeMs = parseTime(this.#field(fields, 'DATE'), this.#field(fields, 'TIME'));
    if (timeMs === null) return bad('the date or time is not like 2025.01.02 00:00:00.123');
    const symbol = this.#at.has('SYMBOL') ? this.#field(fields, 'SYMBOL') : null;
    const before = this.#before.get(symbol) ?? { bid: NaN, ask: NaN, last: 0 };
    const bid = number(this.#field(fields, 'BID'), before.bid);
    const ask = number(this.#field(fields, 'ASK'), before.ask);
    const last = number(this.#field(fields, 'LAST'), before.last);
    const volume = number(this.#field(fields, 'VOLUME'), 0);
    const flags = number(this.#field(fields, 'FLAGS'), 0);
    if (bid === null || ask === null || last === null) return bad(`a price ${BAD_FIELD}`);
    if (volume === null || flags === null) return bad(`volume or flags ${BAD_FIELD}`);
    if (!(bid > 0 && ask > 0)) return bad('bid and ask are above 0 (the first tick has both)');
    if (ask < bid) return bad(`the ask of ${ask} is below the bid of ${bid}`);
    this.#before.set(symbol, { bid, ask, last });
    return { kind: 'tick', tick: { symbol, timeMs, bid, ask, last, volume, flags } };
  }

  #field(fields: readonly string[], column: Column): string {
    return fields[this.#at.get(column) ?? fields.length]?.trim() ?? '';
  }
}

function bad(why: string): CsvLine {
  return { kind: 'bad', why };
}

/** The number in a field, what it was before in an empty one, or null. */
function number(field: string, before: number): number | null {
  if (field === '') return before;
  return /^\d+(\.\d+)?$/.test(field) ? Number(field) : null;
}

const DATE = /^(\d{4})\.(\d{2})\.(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?$/;

function parseTime(date: string, time: string): number | null {
  const [, year, month, day] = DATE.exec(date) ?? [];
  const [, hour, minute, second, fraction = ''] = TIME.exec(time) ?? [];
  if (day === undefined || second === undefined) return null;
  const ofDay = [Number(hour), Number(minute), Number(second)] as const;
  const timeMs = Date.UTC(Number(year), Number(month) - 1, Number(day), ...ofDay, Number(fraction.padEnd(3, '0')));
  const isReal = new Date(timeMs).getUTCDate() === Number(day) && ofDay[0] < 24 && ofDay[1] < 60 && ofDay[2] < 60;
  return isReal ? timeMs : null;
}
