import { basename } from 'node:path';
import type { Log } from '../../log.ts';
import { LineReader } from './line-reader.ts';
import { PaperSetupError } from './paper-options.ts';
import { TickCsvParser, type CsvTick } from './tick-csv.ts';

/** Bad lines that are named one by one; further ones are only counted. */
const BAD_LINES_NAMED = 20;
/** Between the last tick and the first one again. */
const PAUSE_BEFORE_AGAIN_MS = 1_000;
const CHUNK_BYTES = 16 * 1024;

/** A tick of the file, and how long after the one before it. */
export interface ReplayedTick extends CsvTick {
  readonly symbol: string;
  readonly gapMs: number;
}

/** How a file is replayed. */
export interface ReplayOptions {
  readonly file: string;
  readonly atEnd: 'loop' | 'stop';
  /** The terminal's name of a symbol as the file gives it, or null for one that it does not have. */
  readonly symbolNamed: (name: string) => string | null;
}

/**
 * Ticks from a file, a chunk at a time, however long it is. Opening reads as far as the first tick, so that a file of
 * another kind is refused at start; a bad line further on is skipped and named with its number.
 */
export class TickReplay {
  readonly #options: ReplayOptions;
  readonly #log: Log;
  #reader: LineReader;
  #parser: TickCsvParser;
  #first: ReplayedTick | null;
  #lastTimeMs: number | null = null;
  #badLines = 0;

  /** Throws PaperSetupError for a file that cannot be read, is no tick file, or has no tick of a symbol of this terminal. */
  constructor(options: ReplayOptions, log: Log) {
    this.#options = options;
    this.#log = log;
    [this.#reader, this.#parser] = openFile(options.file);
    this.#first = this.#read(true);
    if (this.#first === null) throw new PaperSetupError(`${options.file} has no tick`);
  }

  /** The next tick, or null when the file has ended and is not to begin again. */
  next(): ReplayedTick | null {
    const tick = this.#first ?? this.#read(false);
    this.#first = null;
    if (tick !== null || this.#options.atEnd === 'stop') return tick;
    this.#log.info('paper ticks: the file has ended and begins again', { file: this.#options.file });
    this.#rewind();
    const again = this.#read(false);
    return again === null ? null : { ...again, gapMs: PAUSE_BEFORE_AGAIN_MS };
  }

  close(): void {
    this.#reader.close();
  }

  #read(strict: boolean): ReplayedTick | null {
    for (let line = this.#reader.next(); line !== null; line = this.#reader.next()) {
      const parsed = this.#parser.parse(line.text);
      if (parsed.kind === 'blank') continue;
      const tick = parsed.kind === 'tick' ? this.#named(parsed.tick) : parsed.why;
      if (typeof tick !== 'string') return tick;
      if (strict) throw new PaperSetupError(`${this.#options.file} line ${line.number}: ${tick}`);
      this.#reportBadLine(line.number, tick);
    }
    return null;
  }

  /** The tick under the terminal's own name of its symbol, or why there is none. */
  #named(tick: CsvTick): ReplayedTick | string {
    const name = tick.symbol ?? symbolOfFile(this.#options.file);
    const symbol = this.#options.symbolNamed(name);
    if (symbol === null)
      return `the paper broker has no symbol ${name} (without a <SYMBOL> column the file's name begins with it)`;
    const gapMs = Math.max(0, tick.timeMs - (this.#lastTimeMs ?? tick.timeMs));
    this.#lastTimeMs = tick.timeMs;
    return { ...tick, symbol, gapMs };
  }

  #rewind(): void {
    this.#reader.close();
    [this.#reader, this.#parser] = openFile(this.#options.file);
    this.#lastTimeMs = null;
  }

  #reportBadLine(line: number, why: string): void {
    this.#badLines += 1;
    const { file } = this.#options;
    if (this.#badLines <= BAD_LINES_NAMED) this.#log.warn('paper ticks: a bad line was skipped', { file, line, why });
    else if (this.#badLines === BAD_LINES_NAMED + 1)
      this.#log.warn('paper ticks: further bad lines are not named', { file });
  }
}

function openFile(file: string): [LineReader, TickCsvParser] {
  const reader = openReader(file);
  const head = reader.next();
  const parser = TickCsvParser.fromHead(head?.text ?? '');
  if (parser instanceof TickCsvParser) return [reader, parser];
  reader.close();
  throw new PaperSetupError(`${file} line 1: ${parser.why}`);
}

function openReader(file: string): LineReader {
  try {
    return new LineReader(file, CHUNK_BYTES);
  } catch (error) {
    throw new PaperSetupError(`the tick file cannot be read: ${String(error)}`, { cause: error });
  }
}

/** MetaTrader names an export like EURUSD_202501020000_202501022359.csv. */
function symbolOfFile(file: string): string {
  return basename(file).replace(/(_\d+)*\.\w+$/, '');
}
