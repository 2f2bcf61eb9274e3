import type { Database } from 'better-sqlite3';
import { basename } from 'node:path';
import { CommandRows } from './command-rows.ts';
import { describeError } from './damage.ts';
import { openForReading } from './schema.ts';
import { type ClosedSegment, listClosedSegments } from './segments.ts';

/** An open closed file. */
interface OpenFile {
  readonly db: Database;
  readonly rows: CommandRows;
}

/**
 * The closed files of a log as places to look a command up in. Each is opened when it is first asked and stays open. A
 * damaged one is asked as far as it can be read; any other that cannot be read makes the question fail.
 */
export class ClosedSegments {
  readonly #dataDir: string;
  /** By file; null for a damaged one that cannot be read. */
  readonly #open = new Map<string, OpenFile | null>();
  #list: readonly ClosedSegment[] | null = null;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** All of them, newest first. Throws where a file or manifest is missing. */
  newestFirst(): readonly ClosedSegment[] {
    this.#list ??= listClosedSegments(this.#dataDir).toReversed();
    return this.#list;
  }

  /** What one of them answers, or null where it is damaged and cannot. Throws where it is not, and names it. */
  ask<T>(segment: ClosedSegment, question: (rows: CommandRows) => T): T | null {
    try {
      const open = this.#opened(segment);
      return open === null ? null : question(open.rows);
    } catch (error) {
      if (segment.manifest.reason === 'QUARANTINE') {
        this.#giveUp(segment);
        return null;
      }
      throw new Error(`the closed file ${basename(segment.file)} cannot be read: ${describeError(error)}`, {
        cause: error,
      });
    }
  }

  /** A file was closed: look at the folder anew with the next question. */
  changed(): void {
    this.#list = null;
  }

  /** Closes all files. A question after that opens them again. */
  close(): void {
    for (const open of this.#open.values()) open?.db.close();
    this.#open.clear();
    this.#list = null;
  }

  #opened(segment: ClosedSegment): OpenFile | null {
    const known = this.#open.get(segment.file);
    if (known !== undefined) return known;
    const db = openForReading(segment.file);
    // What a damaged page says of itself is checked before it is believed.
    if (segment.manifest.reason === 'QUARANTINE') db.pragma('cell_size_check = ON');
    const open = { db, rows: new CommandRows(db) };
    this.#open.set(segment.file, open);
    return open;
  }

  #giveUp({ file }: ClosedSegment): void {
    this.#open.get(file)?.db.close();
    this.#open.set(file, null);
  }
}
