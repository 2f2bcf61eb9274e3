import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditHead } from '../../../main/audit/audit-log.ts';
import { GENESIS_HEAD } from '../../../main/audit/chain.ts';
import { moveAside } from '../../../main/audit/move-aside.ts';
import { auditFile, openForWriting } from '../../../main/audit/schema.ts';
import { listSegments } from '../../../main/audit/segments.ts';
import { dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { chainHead, liveRows } from '../../fakes/log-files.ts';
import { append, ask, claim, find, STAMP, writerIn } from '../../fakes/log-writer.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const latched = entry('KILL_LATCHED', { epoch: 5, payload: '{"causes":[],"flatten":"account","mode":"HALTED"}' });

/** A folder with a log of a session that has ended: `done` has its outcome, `open` has none. */
function endedLog(): { dataDir: string; file: string; head: AuditHead } {
  const dataDir = temporaryFolder();
  const writer = writerIn(dataDir);
  writer.run([append(entry('SESSION_STARTED', { epoch: 4 })), claim('done'), append(outcome(keyOf('done')))]);
  writer.run([claim('open', [intent(keyOf('open')), dispatch(keyOf('open'))]), append(entry('SESSION_STOPPED'))]);
  writer.close();
  return { dataDir, file: auditFile(dataDir), head: writer.head };
}

function spoil(file: string): void {
  writeFileSync(file, 'no database, though long enough to be taken for one'.repeat(400));
}

/** Damages the pages behind the first, where the rows are. */
function spoilRows(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4_096 * 2);
  writeFileSync(file, bytes);
}

const names = (dataDir: string) => listSegments(dataDir).map(({ file }) => basename(file));
const damagedOf = (dataDir: string) => listSegments(dataDir).find(({ manifest }) => manifest?.reason === 'QUARANTINE');

describe('a damaged log that is opened', () => {
  it('audit log 10: a corrupt file is moved aside beside a manifest, and a new one goes on after its last known row', () => {
    const { dataDir, file, head } = endedLog();
    spoil(file);
    const writer = writerIn(dataDir);
    expect(names(dataDir)).toEqual(['audit-damaged-20260105T120000Z.sqlite', 'audit.sqlite']);
    expect(damagedOf(dataDir)?.manifest).toEqual({
      form: 1,
      file: 'audit-damaged-20260105T120000Z.sqlite',
      reason: 'QUARANTINE',
      first_seq: 1,
      last_seq: 6,
      rows: 6,
      prev_hash: '0'.repeat(64),
      head_hash: head.hash,
      from: null,
      to: null,
      closed_at: '2026-01-05T12:00:00.000Z',
      app_version: '0.1.0',
      sha256: null,
      note: 'file is not a database (SQLITE_NOTADB)',
    });
    expect(liveRows(dataDir)).toMatchObject([{ seq: 7, type: 'SEGMENT_STARTED', prev_hash: head.hash }]);
    expect(writer.opened).toEqual({
      fresh: false,
      cleanStop: false,
      tailIntact: true,
      epoch: 0,
      standingHalt: null,
      lastSession: { started: null, stopped: null },
      quarantined:
        'the audit log was damaged (file is not a database (SQLITE_NOTADB)): it was moved aside as ' +
        'audit-damaged-20260105T120000Z.sqlite, a new file goes on after row 6',
    });
    expect(writer.run([append(entry('SESSION_STARTED'))])).toMatchObject({ fault: null, head: { seq: 8 } });
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('keeps every byte of it, with its write-ahead log', () => {
    const { dataDir, file } = endedLog();
    spoil(file);
    writeFileSync(`${file}-wal`, 'rows that were not in the file yet');
    const spoiled = readFileSync(file);
    const writer = writerIn(dataDir);
    writer.close();
    const damaged = damagedOf(dataDir)?.file ?? '';
    expect(readFileSync(damaged)).toEqual(spoiled);
    expect(readFileSync(`${damaged}-wal`, 'utf8')).toBe('rows that were not in the file yet');
  });

  it('tells so at each start until a halt or a resume is on record', () => {
    const { dataDir, file } = endedLog();
    spoil(file);
    writerIn(dataDir).close();
    const second = writerIn(dataDir);
    expect(second.opened.quarantined).toContain('moved aside as audit-damaged-');
    second.run([append(latched)]);
    second.close();
    const third = writerIn(dataDir);
    expect(third.opened.quarantined).toBeUndefined();
    expect(third.opened.standingHalt).toMatchObject({ flatten: 'account' });
  });

  it('tells so in the next month too, when nothing of that is on record yet', () => {
    const { dataDir, file } = endedLog();
    spoil(file);
    writerIn(dataDir).close();
    const clock = new SimulatedClock(Date.UTC(2026, 1, 1));
    const writer = writerIn(dataDir, { clock });
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    writer.close();
    expect(writerIn(dataDir, { clock }).opened.quarantined).toContain('moved aside as audit-damaged-');
  });

  it('gives its epoch and its standing halt to the new file, as far as it can be read', () => {
    const { dataDir, file } = endedLog();
    const before = writerIn(dataDir);
    before.run([append(latched)]);
    before.close();
    const db = new Database(file);
    db.exec('DROP TABLE open_command');
    db.close();
    const { opened } = writerIn(dataDir);
    expect(opened).toMatchObject({ epoch: 5, standingHalt: { flatten: 'account' }, cleanStop: false });
    expect(opened.quarantined).toContain('open_command');
  });

  it('is known by its damaged rows as well', () => {
    const { dataDir, file } = endedLog();
    spoilRows(file);
    const { opened, head } = writerIn(dataDir);
    expect(opened.quarantined).toContain('SQLITE_CORRUPT');
    expect(head.seq).toBe(7);
  });

  it('is known when it is empty, though rows had been written', () => {
    const { dataDir, file } = endedLog();
    truncateSync(file);
    expect(writerIn(dataDir).opened.quarantined).toContain('it ends with row 0, though row 6 had been written');
  });

  it('is known when it is empty and its write-ahead log is not', () => {
    const { dataDir, file } = endedLog();
    truncateSync(file);
    writeFileSync(`${file}-wal`, 'rows');
    expect(writerIn(dataDir).opened.quarantined).toContain('its write-ahead log is not');
    expect(readFileSync(`${damagedOf(dataDir)?.file ?? ''}-wal`, 'utf8')).toBe('rows');
  });

  it('is not one that a crash left in the first moment of its life', () => {
    const dataDir = temporaryFolder();
    const db = new Database(auditFile(dataDir));
    db.pragma('journal_mode = WAL');
    db.close();
    expect(writerIn(dataDir).opened).toMatchObject({ fresh: true });
    expect(names(dataDir)).toEqual(['audit.sqlite']);
  });

  it('is known when it is gone: an empty file stands for it in the row of numbers', () => {
    const { dataDir, file, head } = endedLog();
    rmSync(file);
    const writer = writerIn(dataDir);
    expect(writer.opened).toMatchObject({ fresh: false });
    expect(writer.opened.quarantined).toContain('it is missing, though row 6 had been written');
    expect(damagedOf(dataDir)?.manifest).toMatchObject({ last_seq: 6, head_hash: head.hash });
    expect(readFileSync(damagedOf(dataDir)?.file ?? 'gone')).toHaveLength(0);
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('does not let the write-ahead log of a file that is gone into the new one', () => {
    const { dataDir, file } = endedLog();
    const db = openForWriting(file);
    onTestFinished(() => void db.close());
    db.exec('INSERT INTO open_command VALUES (77)');
    const wal = readFileSync(`${file}-wal`);
    db.close();
    rmSync(file);
    rmSync(join(dataDir, 'audit.head'));
    writeFileSync(`${file}-wal`, wal);
    const writer = writerIn(dataDir);
    expect(writer.opened.quarantined).toContain('its write-ahead log is there');
    expect(ask(writer, { kind: 'unsettled' })).toEqual({ kind: 'list', records: [] });
  });

  it('begins a new chain where nothing is known of it at all', () => {
    const dataDir = temporaryFolder();
    spoil(auditFile(dataDir));
    const writer = writerIn(dataDir);
    expect(damagedOf(dataDir)?.manifest).toMatchObject({ first_seq: 1, last_seq: 0, rows: 0 });
    expect(writer.head.seq).toBe(1);
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('goes on after the row that was noted, or the last that can be read: the later of both', () => {
    const { dataDir, file, head } = endedLog();
    writeFileSync(join(dataDir, 'audit.head'), JSON.stringify({ seq: 2, hash: 'ab'.repeat(32) }));
    const db = new Database(file);
    db.exec('DROP TABLE open_command');
    db.close();
    expect(writerIn(dataDir).head.seq).toBe(7);
    expect(damagedOf(dataDir)?.manifest).toMatchObject({ head_hash: head.hash, from: '2026-01-05T12:00:00.000Z' });
  });

  it('happens a second time in the same second under another name', () => {
    const { dataDir, file } = endedLog();
    spoil(file);
    writerIn(dataDir).close();
    spoil(file);
    const writer = writerIn(dataDir);
    expect(names(dataDir)).toEqual([
      'audit-damaged-20260105T120000Z.sqlite',
      'audit-damaged-20260105T120000Z-2.sqlite',
      'audit.sqlite',
    ]);
    expect(chainHead(dataDir)).toEqual(writer.head);
  });
});

describe('a log that cannot be used and is not damaged', () => {
  const unmoved = (dataDir: string) => readdirSync(dataDir).filter((name) => name.includes('damaged'));

  it('stays where it is when a newer program wrote it', () => {
    const { dataDir, file } = endedLog();
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    expect(() => writerIn(dataDir)).toThrow('schema version 99');
    expect(unmoved(dataDir)).toEqual([]);
  });

  it('stays where it is when it is a database of something else', () => {
    const dataDir = temporaryFolder();
    const db = new Database(auditFile(dataDir));
    db.exec('CREATE TABLE notes (text TEXT)');
    db.close();
    expect(() => writerIn(dataDir)).toThrow('not an audit log');
    expect(unmoved(dataDir)).toEqual([]);
  });

  it('stays where it is when another program has locked it', () => {
    const { dataDir, file } = endedLog();
    const other = new Database(file);
    onTestFinished(() => void other.close());
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    expect(() => writerIn(dataDir)).toThrow('locked');
    expect(unmoved(dataDir)).toEqual([]);
  });

  it('stays where it is when its hashes do not link: that is told, and read on', () => {
    const { dataDir, file } = endedLog();
    const db = new Database(file);
    db.exec("DROP TRIGGER no_update; UPDATE audit SET actor = 'x' WHERE seq = 2");
    db.close();
    expect(writerIn(dataDir).opened).toMatchObject({ tailIntact: false });
    expect(unmoved(dataDir)).toEqual([]);
  });

  it('is not opened while a closed file is missing, and says which', () => {
    const { dataDir, file } = endedLog();
    spoil(file);
    writerIn(dataDir).close();
    rmSync(join(dataDir, 'audit-damaged-20260105T120000Z.sqlite'));
    expect(() => writerIn(dataDir)).toThrow('audit-damaged-20260105T120000Z.sqlite is missing');
  });
});

describe('commands of a damaged file', () => {
  it('are found, claimed once and settled as far as it can be read', () => {
    const { dataDir, file } = endedLog();
    const spoiled = new Database(file);
    spoiled.exec(
      'DROP INDEX by_type; DROP TABLE open_command; CREATE TABLE open_command (seq INTEGER PRIMARY KEY) STRICT',
    );
    spoiled.exec('INSERT INTO open_command VALUES (4)');
    spoiled.close();
    // Nothing of that is damage; the writer is told that it is.
    const steps = moveAside(dataDir, { why: 'test', base: GENESIS_HEAD, written: [] }, source());
    while (steps.next().done !== true);
    const writer = writerIn(dataDir);
    expect(ask(writer, claim('done'))).toMatchObject({ kind: 'existing', record: { state: 'DONE' } });
    expect(ask(writer, { kind: 'unsettled' })).toMatchObject({
      records: [{ key: keyOf('open'), state: 'DISPATCHING' }],
    });
    writer.run([append(outcome(keyOf('open'), { status: 'REJECTED' }))]);
    expect(ask(writer, { kind: 'unsettled' })).toEqual({ kind: 'list', records: [] });
    expect(ask(writer, find('open'))).toMatchObject({ record: { state: 'REJECTED', tag: 'abcdefghijkl' } });
    expect(ask(writer, { kind: 'knows', mark: { tag: null, tickets: ['9007199254740993'] } })).toEqual({
      kind: 'known',
      isKnown: true,
    });
  });

  it('are new where it cannot be read', () => {
    const { dataDir, file } = endedLog();
    spoil(file);
    const writer = writerIn(dataDir);
    expect(ask(writer, claim('done'))).toMatchObject({ kind: 'claimed' });
    expect(ask(writer, { kind: 'unsettled' })).toMatchObject({ records: [{ key: keyOf('done') }] });
  });
});

function source() {
  return { stamp: STAMP, clock: new SimulatedClock() };
}

describe('a crash while a damaged file is moved aside', () => {
  const STEPS = ['announced', 'write-ahead log moved', 'moved', 'published', 'built', 'in place'];

  it.each(STEPS.map((step, at) => [step, at + 1] as const))('ends with the next start after “%s”', (step, count) => {
    const { dataDir, file, head } = endedLog();
    spoil(file);
    writeFileSync(`${file}-wal`, 'rows');
    const steps = moveAside(dataDir, { why: 'test', base: GENESIS_HEAD, written: [head] }, source());
    expect(Array.from({ length: count }, () => steps.next().value).at(-1)).toBe(step);
    const writer = writerIn(dataDir);
    expect(names(dataDir)).toEqual(['audit-damaged-20260105T120000Z.sqlite', 'audit.sqlite']);
    expect(writer.opened.quarantined).toContain('(test)');
    expect(readFileSync(`${damagedOf(dataDir)?.file ?? ''}-wal`, 'utf8')).toBe('rows');
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({ fault: null, head: { seq: 8 } });
    expect(chainHead(dataDir)).toEqual(writer.head);
    expect(readdirSync(dataDir).filter((name) => /\.(?:tmp|next)$/.test(name))).toEqual([]);
  });

  it('is forgotten where not even the announcement was complete', () => {
    const { dataDir } = endedLog();
    const pending = join(dataDir, 'audit-damaged-20260105T120000Z.manifest.json.tmp');
    writeFileSync(pending, '{"form":1,"fi');
    expect(writerIn(dataDir).opened).toMatchObject({ cleanStop: true, tailIntact: true });
    expect(existsSync(pending)).toBe(false);
    expect(names(dataDir)).toEqual(['audit.sqlite']);
  });
});
