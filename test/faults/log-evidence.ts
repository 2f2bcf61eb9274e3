import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import * as z from 'zod';
import type { CommandKey } from '../../main/audit/audit-log.ts';

/** A row of the audit log, as far as it is compared with what clients were told. */
export interface LogRow {
  readonly seq: number;
  readonly type: string;
  readonly actor: string;
  readonly req_id: string | null;
  readonly claim: number | null;
  readonly status: string | null;
  readonly answer: string | null;
}

const answerSchema = z.object({
  status: z.string(),
  data: z.unknown(),
  code: z._default(z.nullable(z.string()), null),
});
/** The answer that a row holds for whoever asks again. */
export type RecordedAnswer = z.infer<typeof answerSchema>;

/** The answer of a row, or null where it has none. */
export function recordedAnswer({ answer }: LogRow): RecordedAnswer | null {
  return answer === null ? null : answerSchema.parse(JSON.parse(answer));
}

/** What the audit log holds. Reads the file itself, with no code of the gateway, so that both cannot be wrong alike. */
export class LogEvidence {
  readonly #rowsOfKey = new Map<string, LogRow[]>();
  #head: { readonly seq: number; readonly hash: string } = { seq: 0, hash: '0'.repeat(64) };
  #chainFault: string | null = null;

  /** Rows read so far. */
  get rows(): number {
    return this.#head.seq;
  }

  /** Why a row does not follow the one before, or null as long as each does. */
  get chainFault(): string | null {
    return this.#chainFault;
  }

  /** Takes in the rows that have come since. Holds no connection: a start after a crash must find none. */
  readFile(file: string): void {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      this.read(db);
    } finally {
      db.close();
    }
  }

  /** As `readFile`, on a connection of the caller's. */
  read(db: Database.Database): void {
    const select = db.prepare<[number], Record<string, unknown>>('SELECT * FROM audit WHERE seq > ? ORDER BY seq');
    for (const row of select.iterate(this.#head.seq)) this.take(row);
  }

  /** Takes in one row, all its columns in their order. */
  take(row: Readonly<Record<string, unknown>>): void {
    this.#follow(row);
    const known = row as unknown as LogRow;
    if (known.req_id === null) return;
    const name = keyName({ client: known.actor, reqId: known.req_id });
    const rows = this.#rowsOfKey.get(name) ?? [];
    rows.push(known);
    this.#rowsOfKey.set(name, rows);
  }

  /** All rows of a command, oldest first; none where its `req_id` was never recorded. */
  rowsOf(key: CommandKey): readonly LogRow[] {
    return this.#rowsOfKey.get(keyName(key)) ?? [];
  }

  /** The row that says where a command stands now, or null. A REFUSED row that took no key is of another request. */
  endOf(key: CommandKey): LogRow | null {
    const moves = this.rowsOf(key).filter(({ status, type, claim }) => {
      return status !== null && (type !== 'REFUSED' || claim === 1);
    });
    return moves.at(-1) ?? null;
  }

  // The chain as it is described beside the format: each hash covers the one before and all values of the row.
  #follow(row: Readonly<Record<string, unknown>>): void {
    const cells = Object.values(row);
    const [prevHash, hash] = cells.slice(-2) as [string, string];
    const content = createHash('sha256').update(prevHash + JSON.stringify(cells.slice(0, -2)));
    const seq = Number(row['seq']);
    if (seq !== this.#head.seq + 1) this.#chainFault ??= `row ${seq} follows row ${this.#head.seq}`;
    else if (prevHash !== this.#head.hash) this.#chainFault ??= `row ${seq} does not name the hash of row ${seq - 1}`;
    else if (content.digest('hex') !== hash) this.#chainFault ??= `the content of row ${seq} does not match its hash`;
    this.#head = { seq, hash };
  }
}

function keyName({ client, reqId }: CommandKey): string {
  return `${client}\0${reqId}`;
}
