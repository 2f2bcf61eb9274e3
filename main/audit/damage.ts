import Database from 'better-sqlite3';

/** A file of the log that SQLite can open, though it cannot be what was written. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
}

/**
 * Whether an error says that the file itself is damaged. A lock, a full disk, a missing permission and a file of a newer
 * program are none: those files are whole, and stay where they are.
 */
export function isDamage(error: unknown): boolean {
  return error instanceof DamagedLogError || /^SQLITE_(?:CORRUPT|NOTADB)/.test(sqliteCode(error));
}

/**
 * Whether a log that is being opened has to be taken for damaged: also where its disk cannot give it back, or where a table
 * of it is gone (the plain SQLITE_ERROR).
 */
export function isUnreadable(error: unknown): boolean {
  return isDamage(error) || /^SQLITE_(?:ERROR|IOERR_(?:READ|SHORT_READ|CORRUPTFS|DATA))$/.test(sqliteCode(error));
}

/** What went wrong, with SQLite's own name for it. */
export function describeError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  return code === '' ? message : `${message} (${code})`;
}

/** SQLite's own name for an error, or nothing. */
export function sqliteCode(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}
