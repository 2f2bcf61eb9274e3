import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { COLUMNS } from '../../../main/audit/columns.ts';
import { AuditReader, type PageRequest } from '../../../main/audit/reader.ts';
import { conditionsOf } from '../../../main/audit/row-filter.ts';
import { auditFile, openForWriting } from '../../../main/audit/schema.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';

const ALPHA = keyOf('r1');
const BETA = keyOf('r1', 'beta');
const ROWS = [
  entry('SESSION_STARTED'),
  intent(ALPHA),
  intent(BETA, { symbol: 'XAUUSD' }),
  dispatch(ALPHA),
  commandEntry('REFUSED', keyOf('r2'), { action: 'CLOSE_POSITION', status: 'REFUSED', code: 'STALE' }),
  outcome(ALPHA),
  entry('SESSION_STOPPED'),
];

function readerOf(dataDir: string): AuditReader {
  const reader = new AuditReader(auditFile(dataDir));
  onTestFinished(() => reader.close());
  return reader;
}

const newReader = () => readerOf(dataDirWith(ROWS));

describe('the reader', () => {
  it.each<[Partial<PageRequest>, number[]]>([
    [{}, [7, 6, 5, 4, 3, 2, 1]],
    [{ type: 'INTENT' }, [3, 2]],
    [{ client: 'beta' }, [3]],
    [{ action: 'CLOSE_POSITION' }, [5]],
    [{ symbol: 'EURUSD' }, [2]],
    [{ status: 'ACCEPTED' }, [3, 2]],
    [{ code: 'STALE' }, [5]],
    [{ reqId: 'r1' }, [6, 4, 3, 2]],
    [{ reqId: 'r1', client: 'alpha', type: 'OUTCOME' }, [6]],
    [{ symbol: "' OR 1=1 --" }, []],
  ])('lists newest first what matches %o', (filter, seqs) => {
    expect(
      newReader()
        .list({ limit: 50, ...filter })
        .rows.map(({ seq }) => seq),
    ).toEqual(seqs);
  });

  it('pages by key until there is no more', () => {
    const reader = newReader();
    const seen: number[][] = [];
    let next: number | null = null;
    do {
      const page = reader.list({ limit: 3, ...(next === null ? {} : { beforeSeq: next }) });
      seen.push(page.rows.map(({ seq }) => seq));
      ({ next } = page);
    } while (next !== null);
    expect(seen).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
  });

  it('says that there is no more when the last page is full', () => {
    expect(newReader().list({ limit: 7 }).next).toBeNull();
  });

  it.each(['type', 'client', 'action', 'symbol', 'status', 'code', 'reqId'] as const)(
    'finds a page filtered by %s in an index, never by a scan',
    (name) => {
      const db = new Database(auditFile(dataDirWith(ROWS)), { readonly: true });
      onTestFinished(() => void db.close());
      const { sql, values } = conditionsOf({ [name]: 'OUTCOME' });
      const page = `SELECT ${COLUMNS.join(', ')} FROM audit WHERE ${sql[0] ?? ''} AND seq < 9 ORDER BY seq DESC LIMIT 100`;
      const plan = db.prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${page}`).all(...values);
      expect(plan[0]?.detail).toMatch(/^SEARCH audit USING INDEX by_/);
    },
  );

  it('shows a row with the whole history of its command', () => {
    expect(newReader().show({ seq: 4 })).toMatchObject({
      kind: 'row',
      row: { seq: 4, type: 'DISPATCH' },
      history: [{ seq: 2 }, { seq: 4 }, { seq: 6, latency_us: '{"queue":1,"commit":200,"terminal":30,"total":300}' }],
    });
  });

  it('shows a row that belongs to no command alone', () => {
    expect(newReader().show({ seq: 7 })).toMatchObject({ kind: 'row', history: [{ seq: 7 }] });
  });

  it('shows a command by its req_id, and asks whose where several clients used it', () => {
    const reader = newReader();
    expect(reader.show({ reqId: 'r2' })).toMatchObject({ kind: 'row', row: { seq: 5 } });
    expect(reader.show({ reqId: 'r1' })).toEqual({ kind: 'several', clients: ['alpha', 'beta'] });
    expect(reader.show({ reqId: 'r1', client: 'beta' })).toMatchObject({ row: { seq: 3 }, history: [{ seq: 3 }] });
    expect(reader.show({ reqId: 'r9' })).toEqual({ kind: 'absent' });
    expect(reader.show({ reqId: 'r1', client: 'gamma' })).toEqual({ kind: 'absent' });
    expect(reader.show({ seq: 99 })).toEqual({ kind: 'absent' });
  });

  it('exports every matching row once, oldest first, in pages', () => {
    const dataDir = dataDirWith(Array.from({ length: 2_500 }, (_, at) => entry(at % 2 === 0 ? 'ARMED' : 'RESUME')));
    const pages = [...readerOf(dataDir).exportPages({ type: 'RESUME' })];
    expect(pages.map((page) => page.length)).toEqual([1_000, 250]);
    expect(pages.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 1_250 }, (_, at) => 2 * at + 2));
  });

  it('sees what a writer adds while it reads', () => {
    const dataDir = dataDirWith(ROWS);
    const reader = readerOf(dataDir);
    expect(reader.head().seq).toBe(7);
    const stamp = { session: 's2', appVersion: '0.1.0', bridgeVersion: null };
    const writer = new AuditWriter(() => openForWriting(auditFile(dataDir)), stamp);
    onTestFinished(() => writer.close());
    writer.run([{ kind: 'append', entries: [entry('SESSION_STARTED')] }]);
    expect(reader.list({ limit: 1 }).rows).toMatchObject([{ seq: 8, session: 's2' }]);
  });

  it('cannot write', () => {
    const dataDir = dataDirWith(ROWS);
    const db = new Database(auditFile(dataDir), { readonly: true });
    onTestFinished(() => void db.close());
    expect(() => db.exec('INSERT INTO open_command VALUES (1)')).toThrow('readonly');
  });
});
