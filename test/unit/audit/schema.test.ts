import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { auditFile, openForReading, openForWriting, SCHEMA_VERSION } from '../../../main/audit/schema.ts';
import { intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { append, ask, claim, writerIn } from '../../fakes/log-writer.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const pragma = (db: Database.Database, name: string) => db.pragma(name, { simple: true });

describe('the audit file', () => {
  it('audit log 02: the file is opened with synchronous=FULL in WAL, so that an acknowledged commit outlives a power cut', () => {
    const db = openForWriting(auditFile(temporaryFolder()));
    expect(pragma(db, 'journal_mode')).toBe('wal');
    expect(pragma(db, 'synchronous')).toBe(2);
    expect(pragma(db, 'trusted_schema')).toBe(0);
    expect(pragma(db, 'mmap_size')).toBe(0);
    expect(pragma(db, 'user_version')).toBe(SCHEMA_VERSION);
    db.close();
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner alone', () => {
    const file = auditFile(temporaryFolder());
    openForWriting(file).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')('becomes private again when its mode was widened', () => {
    const file = auditFile(temporaryFolder());
    writeFileSync(file, '', { mode: 0o644 });
    openForWriting(file).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that is no database', () => {
    const file = join(temporaryFolder(), 'audit.sqlite');
    writeFileSync(file, 'not a database, but long enough to be looked at as one'.repeat(40));
    expect(() => openForWriting(file)).toThrow('not a database');
  });

  it('refuses a database of something else, and leaves it as it is', () => {
    const file = auditFile(temporaryFolder());
    const other = new Database(file);
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    expect(() => openForWriting(file)).toThrow('not an audit log');
    expect(() => openForReading(file)).toThrow('not an audit log');
  });

  it('refuses a schema that a newer program wrote', () => {
    const file = auditFile(temporaryFolder());
    const db = openForWriting(file);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openForWriting(file)).toThrow('schema version 99');
  });

  describe('of version 1', () => {
    /** A file as the first version of this program left it, with one row. */
    function firstVersion(): string {
      const dataDir = temporaryFolder();
      const writer = writerIn(dataDir);
      writer.run([claim('r1', [intent(keyOf('r1'), { tag: 'abcdefghijkl' })]), append(outcome(keyOf('r1')))]);
      writer.close();
      const db = new Database(auditFile(dataDir));
      db.exec('DROP INDEX by_tag; DROP INDEX by_ticket; DROP INDEX by_rare_actor_kind; PRAGMA user_version = 1');
      db.close();
      return dataDir;
    }

    it('can be read as it is', () => {
      const db = openForReading(auditFile(firstVersion()));
      expect(db.prepare('SELECT count(*) FROM audit').pluck().get()).toBe(2);
      expect(pragma(db, 'user_version')).toBe(1);
      db.close();
    });

    it('is brought to this version when it is opened to write, and has all of its rows and indices then', () => {
      const dataDir = firstVersion();
      const fresh = openForWriting(auditFile(temporaryFolder()));
      const migrated = openForWriting(auditFile(dataDir));
      const parts = (db: Database.Database) => db.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all();
      expect(parts(migrated)).toEqual(parts(fresh));
      expect(pragma(migrated, 'user_version')).toBe(SCHEMA_VERSION);
      fresh.close();
      migrated.close();
      const writer = writerIn(dataDir);
      expect(writer.opened).toMatchObject({ tailIntact: true });
      expect(ask(writer, { kind: 'knows', mark: { tag: 'abcdefghijkl', tickets: [] } })).toMatchObject({
        isKnown: true,
      });
    });
  });

  it('can be opened to read only where it is', () => {
    expect(() => openForReading(auditFile(temporaryFolder()))).toThrow();
  });
});
