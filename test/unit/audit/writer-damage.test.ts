import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { auditFile, openForWriting } from '../../../main/audit/schema.ts';
import { listSegments } from '../../../main/audit/segments.ts';
import { entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { chainHead } from '../../fakes/log-files.ts';
import { append, ask, claim, find, writerIn } from '../../fakes/log-writer.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const names = (dataDir: string) => listSegments(dataDir).map(({ file }) => basename(file));

/** Connections on which a statement fails as on a damaged file, so often as `arm` says; `written`: after it was carried out. */
function damagedConnections(sql: 'COMMIT' | 'BEGIN IMMEDIATE', written = false) {
  let failures = 0;
  const open = (file: string) => {
    const db = openForWriting(file);
    const prepare = db.prepare.bind(db);
    db.prepare = ((source: string) => {
      const statement = prepare(source);
      if (source !== sql) return statement;
      const run = statement.run.bind(statement);
      statement.run = () => {
        if (failures === 0) return run();
        failures -= 1;
        if (written) run();
        throw new Database.SqliteError('database disk image is malformed', 'SQLITE_CORRUPT');
      };
      return statement;
    }) as typeof db.prepare;
    return db;
  };
  const arm = (count = 1) => {
    failures = count;
  };
  return { open, arm };
}

describe('a writer whose file is damaged while it runs', () => {
  it('audit log 10: a file that is damaged at work is moved aside, what was being written is ambiguous, and a new one goes on', () => {
    const dataDir = temporaryFolder();
    const { open, arm } = damagedConnections('COMMIT');
    const writer = writerIn(dataDir, { open });
    writer.run([claim('before'), append(outcome(keyOf('before')))]);
    arm();
    const failed = writer.run([claim('r1'), append(entry('ARMED'))]);
    expect(failed).toMatchObject({
      results: [
        { ok: false, ambiguous: true, message: 'database disk image is malformed (SQLITE_CORRUPT)' },
        { ok: false, ambiguous: true },
      ],
      hasMovedAside: true,
      fault:
        'the audit log was damaged (database disk image is malformed (SQLITE_CORRUPT)): it was moved aside as ' +
        'audit-damaged-20260105T120000Z.sqlite, a new file goes on after row 2',
    });
    expect(writer.run([append(entry('KILL_LATCHED'))])).toMatchObject({
      fault: null,
      hasMovedAside: false,
      head: { seq: 4 },
    });
    expect(names(dataDir)).toEqual(['audit-damaged-20260105T120000Z.sqlite', 'audit.sqlite']);
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('finds a row that the failed commit had written, and does not claim its key again', () => {
    const { open, arm } = damagedConnections('COMMIT', true);
    const writer = writerIn(temporaryFolder(), { open });
    arm();
    expect(ask(writer, claim('r1'))).toMatchObject({ ok: false, ambiguous: true });
    expect(ask(writer, find('r1'))).toMatchObject({ kind: 'found', record: { state: 'ACCEPTED' } });
    expect(ask(writer, claim('r1'))).toMatchObject({ kind: 'existing' });
  });

  it('tells the damage at the next start too, unless the halt of it is on record', () => {
    const dataDir = temporaryFolder();
    const { open, arm } = damagedConnections('COMMIT');
    const writer = writerIn(dataDir, { open });
    arm();
    writer.run([append(entry('ARMED'))]);
    writer.close();
    expect(writerIn(dataDir).opened).toMatchObject({ cleanStop: false, quarantined: expect.any(String) as string });
  });

  it('does so where a transaction cannot even begin', () => {
    const { open, arm } = damagedConnections('BEGIN IMMEDIATE');
    const writer = writerIn(temporaryFolder(), { open });
    writer.run([append(entry('ARMED'))]);
    arm();
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({ results: [{ ambiguous: true }], hasMovedAside: true });
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({ fault: null, head: { seq: 3 } });
  });

  it('does so with pages that are really spoilt, once it has to open the file again', () => {
    const dataDir = temporaryFolder();
    const file = auditFile(dataDir);
    const writer = writerIn(dataDir);
    writer.run([append(...Array.from({ length: 2_000 }, () => entry('ARMED', { payload: 'x'.repeat(500) })))]);
    writer.close();
    const { head } = writer;
    const bytes = readFileSync(file);
    // The end is what a writer needs next.
    bytes.fill(0xa5, bytes.length / 2);
    writeFileSync(file, bytes);
    const failed = writer.run([append(intent(keyOf('r1')))]);
    expect(failed.hasMovedAside).toBe(true);
    expect(writer.run([append(entry('RESUME'))]).fault).toBeNull();
    expect(names(dataDir)).toHaveLength(2);
    expect(listSegments(dataDir)[0]?.manifest?.last_seq).toBe(head.seq);
  });

  it('does not replace a new file that is damaged before it has taken a row: then it is the disk', () => {
    const dataDir = temporaryFolder();
    const { open, arm } = damagedConnections('COMMIT');
    const writer = writerIn(dataDir, { open });
    writer.run([append(entry('ARMED'))]);
    arm(3);
    const faults = [1, 2, 3, 4].map(() => writer.run([append(entry('ARMED'))]).fault);
    expect(faults).toMatchObject([
      expect.stringContaining('moved aside'),
      'database disk image is malformed (SQLITE_CORRUPT)',
      'database disk image is malformed (SQLITE_CORRUPT)',
      null,
    ]);
    expect(names(dataDir)).toHaveLength(2);
    arm(1);
    expect(writer.run([append(entry('ARMED'))]).hasMovedAside).toBe(true);
    expect(names(dataDir)).toHaveLength(3);
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('takes a file that has lost rows for damaged when it has to reopen it', () => {
    const dataDir = temporaryFolder();
    const writer = writerIn(dataDir);
    writer.run([append(entry('ARMED'))]);
    writer.close();
    const shorter = readFileSync(auditFile(dataDir));
    writer.run([append(entry('ARMED'))]);
    writer.close();
    writeFileSync(auditFile(dataDir), shorter);
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({
      results: [{ ok: true }],
      hasMovedAside: true,
      fault: expect.stringContaining('it ends with row 1, though row 2 had been written') as string,
    });
    expect(chainHead(dataDir)).toEqual(writer.head);
  });

  it('closes a month as before when the damaged file is behind it', () => {
    const dataDir = temporaryFolder();
    const { open, arm } = damagedConnections('COMMIT');
    const clock = new SimulatedClock();
    const writer = writerIn(dataDir, { open, clock });
    writer.run([append(entry('ARMED'))]);
    arm();
    writer.run([append(entry('ARMED'))]);
    clock.stepWall(Date.UTC(2026, 1, 1) - clock.nowMs());
    expect(writer.lookAtMonth()).toMatchObject({ kind: 'month closed' });
    expect(names(dataDir)).toEqual(['audit-damaged-20260105T120000Z.sqlite', 'audit-2026-01.sqlite', 'audit.sqlite']);
    expect(chainHead(dataDir)).toEqual(writer.head);
  });
});
