import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { COLUMN_DEFINITIONS } from './columns.ts';

/** Name of the audit log in the data folder. */
export const AUDIT_FILE = 'audit.sqlite';
/** `user_version` of the file that this program writes. */
export const SCHEMA_VERSION = 1;

/** How long a statement waits for a lock of another process, in milliseconds. */
const BUSY_TIMEOUT_MS = 250;
const CACHE_KIB = 8_192;

/**
 * Third part of the index on keys: 0 for the row that claimed the key, so that there is only one, else the row's own
 * number. One index for both uses, since a random `req_id` dirties a page of every index that holds it.
 */
export const CLAIM_PLACE = 'CASE claim WHEN 1 THEN 0 ELSE seq END';

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
  CREATE TRIGGER no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
  CREATE TRIGGER no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

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

/** Opens an existing log to read, beside a writer in this or another process. Throws. */
export function openForReading(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  try {
    setAndAssert(db, 'trusted_schema', 'OFF', 0);
    setAndAssert(db, 'mmap_size', 0, 0);
    assertVersion(readVersion(db));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
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
  if (version === 0 && isEmpty(db)) db.transaction(() => db.exec(SCHEMA)).immediate();
  else assertVersion(version);
}

function isEmpty(db: Database.Database): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
}

function readVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function assertVersion(version: number): void {
  if (version === SCHEMA_VERSION) return;
  throw new Error(
    version === 0 ? 'it is not an audit log' : `it has schema version ${version}, this program knows ${SCHEMA_VERSION}`,
  );
}
