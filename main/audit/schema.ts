import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { COLUMN_DEFINITIONS } from './columns.ts';

/** Name of the audit log in the data folder. */
export const AUDIT_FILE = 'audit.sqlite';
/** `user_version` of the file that this program writes. */
export const SCHEMA_VERSION = 2;

/** How long a statement waits for a lock of another process, in milliseconds. */
const BUSY_TIMEOUT_MS = 250;
const CACHE_KIB = 8_192;

/**
 * Third part of the index on keys: 0 for the row that claimed the key, so that there is only one, else the row's own
 * number. One index for both uses, since a random `req_id` dirties a page of every index that holds it.
 */
export const CLAIM_PLACE = 'CASE claim WHEN 1 THEN 0 ELSE seq END';

/** A kind of actor as its index has it: clients, who write most of the rows, are not in it. */
export const RARE_ACTOR_KIND = "nullif(actor_kind, 'client')";

/**
 * Since version 2: what the operator or the gateway itself did is found among the requests, and whether a row explains a tag or a ticket is one look. Only the rows that take part in that are in these
 * indices, since every index that holds a random text costs the hot path a page.
 */
const LATER_INDICES = `
  CREATE INDEX by_rare_actor_kind ON audit (${RARE_ACTOR_KIND}) WHERE ${RARE_ACTOR_KIND} IS NOT NULL;
  CREATE INDEX by_tag ON audit (tag) WHERE tag IS NOT NULL AND type = 'INTENT';
  CREATE INDEX by_ticket ON audit (ticket)
    WHERE ticket IS NOT NULL AND type IN ('OUTCOME', 'RECONCILED', 'FLATTEN_TICKET', 'OPERATOR_CLOSE');
`;

/**
 * Rows are never changed; `open_command` holds the claiming rows whose command has no known end, written in the same
 * transaction as the rows that it follows from, so that recovery finds them without reading a year of rows.
 * The index on epochs leaves out the rows of requests: every rise of the epoch has a row of its own.
 * Each index ends in `seq` by itself (the rowid), so a filtered page newest first is one range of it.
 */
const SCHEMA = `
  CREATE TABLE audit (${COLUMN_DEFINITIONS}) STRICT;
  CREATE TABLE open_command (seq INTEGER PRIMARY KEY) STRICT;
  CREATE UNIQUE INDEX by_key ON audit (req_id, actor, ${CLAIM_PLACE}) WHERE req_id IS NOT NULL;
  CREATE INDEX by_type ON audit (type);
  CREATE INDEX by_actor ON audit (actor);
  CREATE INDEX by_action ON audit (action) WHERE action IS NOT NULL;
  CREATE INDEX by_symbol ON audit (symbol) WHERE symbol IS NOT NULL;
  CREATE INDEX by_status ON audit (status) WHERE status IS NOT NULL;
  CREATE INDEX by_code ON audit (code) WHERE code IS NOT NULL;
  CREATE INDEX by_epoch ON audit (epoch) WHERE req_id IS NULL;
  ${LATER_INDICES}
  CREATE TRIGGER no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
  CREATE TRIGGER no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** What brings a file of an older version to the next one, by that older version. */
const MIGRATIONS: Readonly<Record<number, string>> = { 1: LATER_INDICES };

/** Path of the audit log of a data folder. */
export function auditFile(dataDir: string): string {
  return join(dataDir, AUDIT_FILE);
}

/** Opens the log for its one writer, makes it where it is missing (mode 0600), and asserts that commits will be durable. Throws. */
export function openForWriting(file: string): Database.Database {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    configure(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Makes a file that nothing else reads yet and fills it in one transaction, without a write-ahead log, so that it can be
 * moved to its place as it is. Throws.
 */
export function createStandAlone(file: string, fill: (db: Database.Database) => void): void {
  closeSync(openSync(file, 'wx', 0o600));
  const db = new Database(file);
  try {
    setAndAssert(db, 'journal_mode', 'DELETE', 'delete');
    setAndAssert(db, 'synchronous', 'FULL', 2);
    db.transaction(() => {
      db.exec(SCHEMA);
      fill(db);
    }).immediate();
  } finally {
    db.close();
  }
}

/** Takes the write-ahead log into the file, so that it stands alone. Throws SQLITE_BUSY while another connection is open. */
export function makeStandAlone(db: Database.Database): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
  setAndAssert(db, 'journal_mode', 'DELETE', 'delete');
}

/** Opens an existing log to read, also one of an older version, beside a writer in this or another process. Throws. */
export function openForReading(file: string): Database.Database {
  return openReadOnly(file, (db) => assertKnown(readVersion(db)));
}

/** As `openForReading`, but also takes a database in which nothing was made yet, as a crash in its first moment leaves it. */
export function openToInspect(file: string): Database.Database {
  return openReadOnly(file, (db) => {
    const version = readVersion(db);
    if (version !== 0 || !isEmpty(db)) assertKnown(version);
  });
}

function openReadOnly(file: string, check: (db: Database.Database) => void): Database.Database {
  // SQLite takes the write-ahead log of an empty file away, even where it may only read.
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) throw new Error('it is not an audit log');
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    setAndAssert(db, 'trusted_schema', 'OFF', 0);
    setAndAssert(db, 'mmap_size', 0, 0);
    check(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether nothing was made in this database yet. Throws where a part of the log is not there. */
export function isUnmade(db: Database.Database): boolean {
  if (readVersion(db) === 0) return true;
  for (const table of ['audit', 'open_command']) db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get();
  return false;
}

function configure(db: Database.Database): void {
  setAndAssert(db, 'journal_mode', 'WAL', 'wal');
  // better-sqlite3's own default in WAL is NORMAL, which loses acknowledged rows in a power cut.
  setAndAssert(db, 'synchronous', 'FULL', 2);
  setAndAssert(db, 'trusted_schema', 'OFF', 0);
  setAndAssert(db, 'mmap_size', 0, 0);
  db.pragma(`cache_size = -${CACHE_KIB}`);
}

function setAndAssert(db: Database.Database, pragma: string, value: string | number, expected: string | number): void {
  db.pragma(`${pragma} = ${value}`);
  // A SQLite without memory mapping answers nothing to mmap_size.
  const actual = (db.pragma(pragma, { simple: true }) ?? expected) as string | number;
  if (actual !== expected) throw new Error(`SQLite keeps ${pragma} at ${actual}, not ${value}`);
}

function migrate(db: Database.Database): void {
  const version = readVersion(db);
  if (version === 0 && isEmpty(db)) {
    db.transaction(() => db.exec(SCHEMA)).immediate();
    return;
  }
  assertKnown(version);
  if (version < SCHEMA_VERSION) db.transaction(() => migrateFrom(db, version)).immediate();
}

function migrateFrom(db: Database.Database, version: number): void {
  for (let from = version; from < SCHEMA_VERSION; from += 1) db.exec(MIGRATIONS[from] ?? '');
  db.pragma(`user_version = ${SCHEMA_VERSION}`);
}

function isEmpty(db: Database.Database): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
}

function readVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function assertKnown(version: number): void {
  if (version >= 1 && version <= SCHEMA_VERSION) return;
  throw new Error(
    version === 0 ? 'it is not an audit log' : `it has schema version ${version}, this program knows ${SCHEMA_VERSION}`,
  );
}
