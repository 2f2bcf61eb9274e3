import type { Database, Statement } from 'better-sqlite3';
import type { CommandKey, CommandRecord } from './audit-log.ts';
import { COLUMNS, type StoredRow, storedText } from './columns.ts';
import { type CommandRow, mayHaveTraded, toCommandRecord } from './command-record.ts';
import { CLAIM_PLACE } from './schema.ts';

/** Number of the row that claimed a key, by `req_id` and actor. */
export const CLAIM_OF_KEY = `SELECT seq FROM audit WHERE req_id = ? AND actor = ? AND ${CLAIM_PLACE} = 0`;

/** What a position or an order can be known by. */
export interface Mark {
  readonly tag: string | null;
  readonly tickets: readonly string[];
}

// The conditions repeat those of their indices, without which SQLite would not use them.
/** Key of the command whose order carries a tag. */
export const KEY_OF_TAG = `SELECT req_id, actor FROM audit WHERE tag = ? AND type = 'INTENT' LIMIT 1`;
/** A row that says what became of a ticket. */
export const ROW_OF_TICKET = `SELECT seq FROM audit WHERE ticket = ?
  AND type IN ('OUTCOME', 'RECONCILED', 'FLATTEN_TICKET', 'OPERATOR_CLOSE') LIMIT 1`;

/** Looks up commands on a connection to the log: the writer's, so that it sees what was just written, or a reader's. */
export class CommandRows {
  readonly #ofKey: Statement<[string, string], StoredRow>;
  readonly #claim: Statement<[string, string], number>;
  readonly #openKeys: Statement<[], { req_id: string; actor: string }>;
  readonly #keyOfTag: Statement<[string], { req_id: string; actor: string }>;
  readonly #ticket: Statement<[string], number>;

  constructor(db: Database) {
    const columns = COLUMNS.join(', ');
    // The unary plus keeps SQLite from the index on actor, which selects far more rows.
    this.#ofKey = db.prepare(`SELECT ${columns} FROM audit WHERE req_id = ? AND +actor = ? ORDER BY seq`);
    this.#claim = db.prepare<[string, string], number>(CLAIM_OF_KEY).pluck();
    this.#openKeys = db.prepare(
      'SELECT req_id, actor FROM open_command JOIN audit USING (seq) ORDER BY open_command.seq',
    );
    this.#keyOfTag = db.prepare(KEY_OF_TAG);
    this.#ticket = db.prepare<[string], number>(ROW_OF_TICKET).pluck();
  }

  /** All rows that carry the key, oldest first: also refusals of other requests with the same id. */
  rowsOf(key: CommandKey): StoredRow[] {
    return this.#ofKey.all(storedText(key.reqId), storedText(key.client));
  }

  /** Whether a row of this file claimed the key. */
  has(key: CommandKey): boolean {
    // Most keys are new, and this look is thirty times as quick as reading whole rows.
    return this.#claim.get(storedText(key.reqId), storedText(key.client)) !== undefined;
  }

  /** The command of a key, or null. */
  find(key: CommandKey): CommandRecord | null {
    return this.has(key) ? toCommandRecord(key, this.rowsOf(key).map(toCommandRow)) : null;
  }

  /** Keys of the commands that this file holds without a known end, oldest first. */
  openKeys(): CommandKey[] {
    return this.#openKeys.all().map((row) => ({ client: row.actor, reqId: row.req_id }));
  }

  /** Commands without a known end, oldest first. */
  unsettled(): CommandRecord[] {
    return this.openKeys()
      .map((key) => this.find(key))
      .filter((record) => record !== null);
  }

  /**
   * Whether the tag is that of a command that may have traded, or what became of something names one of the tickets. A
   * command that was told not to have happened explains nothing: what carries its tag all the same was not expected.
   */
  knows({ tag, tickets }: Mark): boolean {
    if (tag !== null && this.#explains(tag)) return true;
    return tickets.some((ticket) => this.#ticket.get(storedText(ticket)) !== undefined);
  }

  #explains(tag: string): boolean {
    const row = this.#keyOfTag.get(storedText(tag));
    if (row === undefined) return false;
    const record = this.find({ client: row.actor, reqId: row.req_id });
    return record !== null && mayHaveTraded(record.state);
  }
}

/** What command-record.ts needs of a stored row. */
export function toCommandRow(row: StoredRow): CommandRow {
  const optional: Partial<Record<'status' | 'answer' | 'magic' | 'tag' | 'action' | 'payload', string>> = {};
  for (const name of ['status', 'answer', 'magic', 'tag', 'action', 'payload'] as const) {
    const value = row[name];
    if (value !== null) optional[name] = value;
  }
  return {
    ...optional,
    ...(row.payload_hash === null ? {} : { payloadHash: row.payload_hash }),
    seq: row.seq,
    claimed: row.claim === 1,
    type: row.type,
    tsUtcUs: row.ts_utc_us,
    tsMonoUs: row.ts_mono_us,
    actorKind: row.actor_kind,
    actor: row.actor,
  };
}
