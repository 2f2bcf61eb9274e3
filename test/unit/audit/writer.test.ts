import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEntry } from '../../../main/audit/audit-log.ts';
import { auditFile, openForWriting } from '../../../main/audit/schema.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import type { Operation } from '../../../main/audit/operation.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { chainHead } from '../../fakes/log-files.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const STAMP = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };

function writerOn(file: string, open: () => Database.Database = () => openForWriting(file)): AuditWriter {
  const writer = new AuditWriter({ dataDir: dirname(file), stamp: STAMP, clock: new SimulatedClock(), open });
  onTestFinished(() => writer.close());
  return writer;
}

function newWriter(): AuditWriter {
  return writerOn(auditFile(temporaryFolder()));
}

const append = (...entries: AuditEntry[]): Operation => ({ kind: 'append', entries });
const claim = (reqId: string, entries: AuditEntry[] = [intent(keyOf(reqId))]): Operation => ({
  kind: 'claim',
  key: keyOf(reqId),
  entries,
});
const find = (reqId: string): Operation => ({ kind: 'find', key: keyOf(reqId) });

/** A connection on which the statement that is given fails once `arm` has been called, as a disk does. */
function failingConnections(file: string, sql: 'COMMIT' | 'BEGIN IMMEDIATE', code: string) {
  let isArmed = false;
  const open = () => {
    const db = openForWriting(file);
    const prepare = db.prepare.bind(db);
    db.prepare = ((source: string) => {
      const statement = prepare(source);
      if (source === sql) {
        const run = statement.run.bind(statement);
        statement.run = () => {
          if (!isArmed) return run();
          isArmed = false;
          throw new Database.SqliteError('disk I/O error', code);
        };
      }
      return statement;
    }) as typeof db.prepare;
    return db;
  };
  const arm = () => {
    isArmed = true;
  };
  return { open, arm };
}

describe('the writer', () => {
  it('puts a batch into one transaction, in order', () => {
    const writer = newWriter();
    const { results, head, fault } = writer.run([
      append(entry('SESSION_STARTED')),
      claim('r1', [intent(keyOf('r1')), dispatch(keyOf('r1'))]),
      append(outcome(keyOf('r1'))),
    ]);
    expect(results).toMatchObject([{ ok: true }, { ok: true, kind: 'claimed', head }, { ok: true, head }]);
    expect(fault).toBeNull();
    expect(head.seq).toBe(4);
    expect(writer.commits).toBe(1);
  });

  it('claims a key once, also within a batch, and tells who had it', () => {
    const writer = newWriter();
    const { results, head } = writer.run([claim('r1'), claim('r1', [intent(keyOf('r1'), { payloadHash: 'bb' })])]);
    expect(results[0]).toMatchObject({ kind: 'claimed' });
    expect(results[1]).toMatchObject({ kind: 'existing', record: { state: 'ACCEPTED', payloadHash: 'aa'.repeat(32) } });
    expect(head.seq).toBe(1);
    expect(writer.run([claim('r1')]).results[0]).toMatchObject({ kind: 'existing' });
    expect(writer.commits).toBe(1);
  });

  it('lets two clients use the same req_id', () => {
    const writer = newWriter();
    const other = keyOf('r1', 'beta');
    const { results } = writer.run([claim('r1'), { kind: 'claim', key: other, entries: [intent(other)] }]);
    expect(results).toMatchObject([{ kind: 'claimed' }, { kind: 'claimed' }]);
  });

  it('takes a refusal that carries a taken req_id without touching its command', () => {
    const writer = newWriter();
    writer.run([claim('r1')]);
    const refused = commandEntry('REFUSED', keyOf('r1'), { status: 'REFUSED', code: 'REQ_ID_REUSED' });
    expect(writer.run([append(refused)]).results[0]).toMatchObject({ ok: true });
    expect(writer.run([find('r1')]).results[0]).toMatchObject({ kind: 'found', record: { state: 'ACCEPTED' } });
    expect(writer.run([{ kind: 'unsettled' }]).results[0]).toMatchObject({ records: [{ key: keyOf('r1') }] });
  });

  it('finds what was appended earlier in the same batch', () => {
    const { results } = newWriter().run([find('r1'), claim('r1'), append(outcome(keyOf('r1'))), find('r1')]);
    expect(results.at(-1)).toMatchObject({ kind: 'found', record: { state: 'DONE' } });
  });

  it('lists commands without a known end, oldest first, over a reopening', () => {
    const file = auditFile(temporaryFolder());
    const first = writerOn(file);
    first.run(['accepted', 'dispatched', 'unknown', 'done', 'found'].map((reqId) => claim(reqId)));
    first.run([claim('refused', [commandEntry('REFUSED', keyOf('refused'), { status: 'REFUSED' })])]);
    first.run([append(dispatch(keyOf('dispatched')), outcome(keyOf('done')))]);
    first.run([
      append(outcome(keyOf('unknown'), { status: 'UNKNOWN' }), outcome(keyOf('found'), { status: 'UNKNOWN' })),
    ]);
    first.run([append(outcome(keyOf('found'), { status: 'REJECTED' }))]);
    first.close();
    const [result] = writerOn(file).run([{ kind: 'unsettled' }]).results;
    expect(result).toMatchObject({
      records: [
        { key: { reqId: 'accepted' }, state: 'ACCEPTED' },
        { key: { reqId: 'dispatched' }, state: 'DISPATCHING' },
        { key: { reqId: 'unknown' }, state: 'UNKNOWN' },
      ],
    });
  });

  it('keeps the chain whole whatever text a client sends', () => {
    const file = auditFile(temporaryFolder());
    const writer = writerOn(file);
    const nasty = keyOf('half \ud800 pair, nul \u0000, quote ", line \u2028, é, 💥');
    writer.run([{ kind: 'claim', key: nasty, entries: [intent(nasty)] }]);
    expect(writer.run([{ kind: 'claim', key: nasty, entries: [intent(nasty)] }]).results[0]).toMatchObject({
      kind: 'existing',
    });
    writer.run([append(outcome(nasty))]);
    expect(writer.run([{ kind: 'unsettled' }]).results[0]).toMatchObject({ records: [] });
    expect(chainHead(dirname(file))).toEqual(writer.head);
  });

  it('keeps rows as they are: changing or deleting one is refused by the file itself', () => {
    const file = auditFile(temporaryFolder());
    const writer = writerOn(file);
    writer.run([append(entry('ARMED'))]);
    const raw = new Database(file);
    onTestFinished(() => void raw.close());
    expect(() => raw.exec("UPDATE audit SET actor = 'x'")).toThrow('append only');
    expect(() => raw.exec('DELETE FROM audit')).toThrow('append only');
  });
});

describe('a writer that cannot write', () => {
  it('writes nothing of the batch on a full disk, says so, and works again when there is room', () => {
    const file = auditFile(temporaryFolder());
    let db: Database.Database | undefined;
    const writer = writerOn(file, () => (db = openForWriting(file)));
    writer.run([claim('before')]);
    const { head } = writer;
    const pages = Number(db?.pragma('page_count', { simple: true }));
    db?.pragma(`max_page_count = ${pages}`);
    const big = entry('ARMED', { payload: 'x'.repeat(100_000) });
    const failed = writer.run([claim('r1'), append(big), claim('r2')]);
    expect(failed.fault).toContain('SQLITE_FULL');
    expect(failed.results).toMatchObject([1, 2, 3].map(() => ({ ok: false, ambiguous: false })));
    expect(writer.head).toEqual(head);
    expect(writer.run([find('r1')]).results[0]).toEqual({ kind: 'found', record: null });
    db?.pragma(`max_page_count = ${pages + 1_000}`);
    expect(writer.run([append(big)])).toMatchObject({ fault: null, head: { seq: head.seq + 1 } });
  });

  it('answers ambiguous when a commit fails, and reopens the file to see what is there', () => {
    const file = auditFile(temporaryFolder());
    const { open, arm } = failingConnections(file, 'COMMIT', 'SQLITE_IOERR_FSYNC');
    const writer = writerOn(file, open);
    writer.run([claim('before')]);
    arm();
    const failed = writer.run([claim('r1')]);
    expect(failed).toMatchObject({
      results: [{ ok: false, ambiguous: true }],
      fault: 'disk I/O error (SQLITE_IOERR_FSYNC)',
      head: { seq: 1 },
    });
    expect(writer.run([find('r1')]).results[0]).toEqual({ kind: 'found', record: null });
    expect(writer.run([claim('r1')])).toMatchObject({ results: [{ kind: 'claimed' }], head: { seq: 2 }, fault: null });
  });

  it('goes on from the rows that are there when a failed commit had written them', () => {
    const file = auditFile(temporaryFolder());
    let isArmed = false;
    const open = () => {
      const db = openForWriting(file);
      const prepare = db.prepare.bind(db);
      db.prepare = ((source: string) => {
        const statement = prepare(source);
        if (source !== 'COMMIT') return statement;
        const run = statement.run.bind(statement);
        statement.run = () => {
          const done = run();
          if (!isArmed) return done;
          isArmed = false;
          throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
        };
        return statement;
      }) as typeof db.prepare;
      return db;
    };
    const writer = writerOn(file, open);
    isArmed = true;
    expect(writer.run([claim('r1')])).toMatchObject({ results: [{ ok: false, ambiguous: true }], head: { seq: 1 } });
    expect(writer.run([claim('r1')]).results[0]).toMatchObject({ kind: 'existing' });
    expect(writer.run([append(entry('ARMED'))])).toMatchObject({ fault: null, head: { seq: 2 } });
  });

  it('answers unambiguous when a transaction cannot begin, as while another program holds the lock', () => {
    const file = auditFile(temporaryFolder());
    const { open, arm } = failingConnections(file, 'BEGIN IMMEDIATE', 'SQLITE_BUSY');
    const writer = writerOn(file, open);
    arm();
    expect(writer.run([claim('r1')]).results[0]).toMatchObject({ ok: false, ambiguous: false });
    expect(writer.run([claim('r1')]).results[0]).toMatchObject({ kind: 'claimed' });
  });

  it('loses of a batch only the row that the file refuses', () => {
    const writer = newWriter();
    const { results, fault } = writer.run([
      append(entry('ARMED')),
      append(entry('RESUME', { tsUtcUs: Number.NaN })),
      append(entry('FENCED')),
    ]);
    expect(results).toMatchObject([{ ok: true }, { ok: false, ambiguous: false }, { ok: true }]);
    expect(fault).toContain('SQLITE_CONSTRAINT');
    expect(writer.head.seq).toBe(2);
  });
});
