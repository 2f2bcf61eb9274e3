import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tagIn } from './broker-evidence.ts';

/** What the program's record knows of a command: it has not heard of it, it only began, or MetaTrader's retcode. */
export type RecordedEnd = 'none' | 'begun' | number;

/** Reads the record of commands, from the file in the terminal's data folder. */
export class ProgramRecord {
  readonly #path: string;

  constructor(terminalDir: string) {
    this.#path = join(terminalDir, 'MQL5', 'Files', 'MT5Fabric', 'commands.txt');
  }

  /** What it says now of the command whose comment carries the tag. */
  endOf(tag: string): RecordedEnd {
    const lines = existsSync(this.#path) ? readFileSync(this.#path, 'utf8').split('\n') : [];
    const rows = lines.map((line) => line.split('\t'));
    const begun = rows.find(([kind, , comment]) => kind === 'BEGUN' && tagIn(comment) === tag);
    if (begun === undefined) return 'none';
    const ended = rows.find(([kind, command]) => kind === 'ENDED' && command === begun[1]);
    return ended === undefined ? 'begun' : Number(ended[2]);
  }
}
