import Database from 'better-sqlite3';

// States of a command that did something at the broker, or may have.
const CARRIED_OUT = "type IN ('OUTCOME', 'RECONCILED') AND status IN ('DONE', 'PARTIAL', 'PLACED', 'UNKNOWN')";

/** What an audit log has. */
export interface AuditFigures {
  readonly rows: number;
  /** Commands that did something at the broker, or may have. */
  readonly carriedOut: number;
}

/** Counts the rows of an audit log. Reads the file itself, beside the gateway that writes it. */
export class AuditCount {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  figures(): AuditFigures {
    const db = new Database(this.#file, { readonly: true, fileMustExist: true, timeout: 1_000 });
    try {
      const select = `SELECT count(*) AS rows, count(*) FILTER (WHERE ${CARRIED_OUT}) AS carriedOut FROM audit`;
      return db.prepare<[], { rows: number; carriedOut: number }>(select).get()!;
    } finally {
      db.close();
    }
  }
}
