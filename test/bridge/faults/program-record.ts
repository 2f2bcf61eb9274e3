import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tagIn } from './broker-evidence.ts';

/** Reads the program's record of commands, from its files in the terminal's data folder. */
export class ProgramRecord {
  readonly #folder: string;

  constructor(terminalDir: string) {
    this.#folder = join(terminalDir, 'MQL5', 'Files', 'MT5Fabric');
  }

  /** MetaTrader's answer to the command whose comment carries the tag; null while the record knows of none. */
  retcodeOf(tag: string): number | null {
    // One file for each account.
    const files = readdirSync(this.#folder).filter((name) => /^commands.*\.txt$/.test(name));
    const lines = files.flatMap((name) => readFileSync(join(this.#folder, name), 'utf8').split('\n'));
    const rows = lines.map((line) => line.split('\t'));
    const begun = rows.find(([kind, , comment]) => kind === 'BEGUN' && tagIn(comment) === tag);
    const ended = rows.find(([kind, command]) => kind === 'ENDED' && command === begun?.[1]);
    return ended === undefined ? null : Number(ended[2]);
  }
}
