import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import type { MarginMode } from '../market.ts';
import { Book, type BookEntry } from './book.ts';
import { formatLine, parseEntry, parseHead, type JournalHead } from './journal-line.ts';
import { LineReader } from './line-reader.ts';
import { PaperSetupError } from './paper-options.ts';

/** Name of the journal in its folder. */
export const JOURNAL_FILE = 'paper.journal';
const VERSION = 1;
/** A journal of more lines than this is written anew at start, as the shortest one that gives the same book. */
const LINES_BEFORE_COMPACTION = 10_000;

/** What a new account starts with, which kind of account the journal has to be of, and whether to forget it. */
export interface NewAccount {
  readonly reset: boolean;
  readonly marginMode: MarginMode;
  readonly initialBalance: number;
  readonly firstTicket: bigint;
}

/**
 * The broker's memory: a file of one JSON line an entry, written before the broker answers. A plain write without fsync:
 * it survives the death of this process, SIGKILL included, though not that of the machine.
 */
export class Journal {
  readonly #file: number;
  #endByte: number;
  #broken: string | null = null;

  private constructor(path: string) {
    this.#file = openSync(path, 'r+');
    this.#endByte = statSync(path).size;
  }

  /**
   * Reads the journal of `folder`, or begins one. A torn last line, which was never answered, is dropped; anything else
   * that cannot be read is a PaperSetupError that names the line, because a guessed book is worse than none.
   * `examine` may refuse the book by throwing.
   */
  static open(
    folder: string,
    account: NewAccount,
    log: Log,
    examine: (book: Book) => void = () => {},
  ): { journal: Journal; book: Book } {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, JOURNAL_FILE);
    const found = !account.reset && existsSync(path) && statSync(path).size > 0;
    const book = found ? readJournal(path, account, log) : beginJournal(path, account);
    examine(book);
    return { journal: new Journal(path), book };
  }

  /** Writes an entry. Returns null, or what is wrong with the disk; then nothing of the entry is on it. */
  append(entry: BookEntry): string | null {
    if (this.#broken !== null) return this.#broken;
    const line = Buffer.from(`${formatLine(entry)}\n`);
    try {
      writeAll(this.#file, line, this.#endByte);
      this.#endByte += line.length;
      return null;
    } catch (error) {
      this.#dropUnfinished();
      return String(error);
    }
  }

  close(): void {
    this.#broken = 'the journal is closed';
    closeSync(this.#file);
  }

  // Half a line in the middle would make the journal unreadable: cut it off, or write no more.
  #dropUnfinished(): void {
    try {
      ftruncateSync(this.#file, this.#endByte);
    } catch (error) {
      this.#broken = `the journal ends in an unfinished line that cannot be cut off: ${String(error)}`;
    }
  }
}

function beginJournal(path: string, account: NewAccount): Book {
  const book = new Book(account.firstTicket);
  book.balance = account.initialBalance;
  writeWhole(path, account.marginMode, book);
  return book;
}

function readJournal(path: string, account: NewAccount, log: Log): Book {
  const book = new Book(account.firstTicket);
  const { head, lines } = readLines(path, book, log);
  const otherMode = head.marginMode !== account.marginMode;
  if (otherMode) refuseOpenBook(path, head, account, book);
  if (otherMode || lines > LINES_BEFORE_COMPACTION) writeWhole(path, account.marginMode, book);
  return book;
}

/** Takes every line into the book. */
function readLines(path: string, book: Book, log: Log): { head: JournalHead; lines: number } {
  const reader = new LineReader(path);
  try {
    const head = readHead(reader, path);
    for (let lines = 1; ; lines += 1) {
      const line = reader.next();
      if (line === null) return { head, lines };
      if (!line.ended) {
        cutOff(path, line.startByte);
        log.warn('paper journal: a torn last line, never answered, was dropped', { file: path, line: line.number });
        return { head, lines };
      }
      const entry = parseEntry(line.text);
      if (entry === null) throw damaged(path, line.number);
      book.apply(entry);
    }
  } finally {
    reader.close();
  }
}

function readHead(reader: LineReader, path: string): JournalHead {
  const line = reader.next();
  const head = line?.ended === true ? parseHead(line.text) : null;
  if (head === null) throw damaged(path, 1);
  if (head.version === VERSION) return head;
  throw new PaperSetupError(
    `${path} is of version ${head.version}, this program reads version ${VERSION}: ${whatToDo(path)}`,
  );
}

function refuseOpenBook(path: string, head: JournalHead, account: NewAccount, book: Book): void {
  if (book.positions.size === 0 && book.pending.size === 0) return;
  throw new PaperSetupError(
    `${path} holds open positions or orders of a ${head.marginMode} account, so it cannot go on as ${account.marginMode}: ` +
      `start with --paper-margin ${head.marginMode.toLowerCase()} and close them, or start with --paper-reset`,
  );
}

function cutOff(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, bytes);
  } finally {
    closeSync(file);
  }
}

/** Writes the whole book beside the journal and puts it in its place in one step. */
function writeWhole(path: string, marginMode: MarginMode, book: Book): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w');
  try {
    const head: JournalHead = { format: 'mt5-fabric paper journal', version: VERSION, marginMode };
    for (const line of [head, ...book.entries()]) writeAll(file, Buffer.from(`${formatLine(line)}\n`), null);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}

function writeAll(file: number, bytes: Buffer, position: number | null): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(file, bytes, done, bytes.length - done, position === null ? null : position + done);
  }
}

function damaged(path: string, line: number): PaperSetupError {
  return new PaperSetupError(`${path} is damaged in line ${line}: ${whatToDo(path)}`);
}

function whatToDo(path: string): string {
  return `move it away to keep it (mv ${path} ${path}.old) or start with --paper-reset; either begins a new paper account`;
}
