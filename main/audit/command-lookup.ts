import type { CommandKey, CommandRecord } from './audit-log.ts';
import type { ClosedSegments } from './closed-segments.ts';
import { isOpenState, toCommandRecord } from './command-record.ts';
import { type CommandRows, type Mark, toCommandRow } from './command-rows.ts';

/** Looks commands up over all files of the log, the live one first: a key is claimed once in all of them together. */
export class CommandLookup {
  readonly #live: CommandRows;
  readonly #closed: ClosedSegments;

  constructor(live: CommandRows, closed: ClosedSegments) {
    this.#live = live;
    this.#closed = closed;
  }

  /** The command of a key, or null. Throws where a closed file cannot be read. */
  find(key: CommandKey): CommandRecord | null {
    return this.#live.find(key) ?? this.#findClosed(key);
  }

  /** Commands without a known end, oldest first. Of closed files only damaged ones hold any. */
  unsettled(): readonly CommandRecord[] {
    const damaged = this.#closed.newestFirst().filter(({ manifest }) => manifest.reason === 'QUARANTINE');
    const left = damaged
      .toReversed()
      .flatMap((segment) => this.#closed.ask(segment, (rows) => rows.openKeys()) ?? [])
      .map((key) => this.find(key))
      .filter((record) => record !== null);
    return [...left.filter(({ state }) => isOpenState(state)), ...this.#live.unsettled()];
  }

  /** Whether a row explains a tag or one of the tickets. Throws where a closed file cannot be read. */
  knows(mark: Mark): boolean {
    if (this.#live.knows(mark)) return true;
    return this.#closed.newestFirst().some((segment) => this.#closed.ask(segment, (rows) => rows.knows(mark)) === true);
  }

  /** A command that a closed file claimed may have gone on in every file after it. */
  #findClosed(key: CommandKey): CommandRecord | null {
    const segments = this.#closed.newestFirst();
    const at = segments.findIndex((segment) => this.#closed.ask(segment, (rows) => rows.has(key)) === true);
    if (at === -1) return null;
    const closed = segments
      .slice(0, at + 1)
      .toReversed()
      .flatMap((segment) => this.#closed.ask(segment, (rows) => rows.rowsOf(key)) ?? []);
    const record = toCommandRecord(key, [...closed, ...this.#live.rowsOf(key)].map(toCommandRow));
    // Taken, though nobody can say by what: null would let the order run again.
    if (record === null) throw new Error('a damaged file holds rows of this command that cannot be read');
    return record;
  }
}
