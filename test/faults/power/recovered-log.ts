import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AUDIT_FILE } from '../../../main/audit/schema.ts';
import { LogEvidence } from '../log-evidence.ts';

/** What is left of a log. */
export interface RecoveredLog {
  /** Rows that can be read, each following the one before. */
  readonly rows: number;
  /** What is wrong with what is left, or null. */
  readonly fault: string | null;
}

const IN_MEMORY = '/dev/shm';

/** Opens logs as the next start would find them, in a folder of its own. */
export class RecoveryBench implements Disposable {
  readonly #folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'mt5-fabric-power-'));

  /** Lets SQLite recover these files, and reads every row. */
  recover(files: ReadonlyMap<string, Buffer>): RecoveredLog {
    for (const name of readdirSync(this.#folder)) rmSync(join(this.#folder, name));
    for (const [name, content] of files) writeFileSync(join(this.#folder, name), content);
    const log = new LogEvidence();
    try {
      const db = new Database(join(this.#folder, AUDIT_FILE));
      try {
        if (hasRows(db)) log.read(db);
      } finally {
        db.close();
      }
      return { rows: log.rows, fault: log.chainFault };
    } catch (error) {
      return { rows: log.rows, fault: String(error) };
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Before the first commit there is no table, and nothing was acknowledged either. */
function hasRows(db: Database.Database): boolean {
  return db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'audit'").pluck().get() === 1;
}
