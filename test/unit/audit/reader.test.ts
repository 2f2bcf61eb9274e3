import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AuditReader, type PageRequest } from '../../../main/audit/reader.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import { wholePage } from '../../../main/audit/whole-page.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { systemClock } from '../../../main/clock.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { commandEntry, dispatch, entry, intent, keyOf, NOON_US, outcome } from '../../fakes/audit-entries.ts';
import { dataDirWithMonths, noonOf, setLiveAside } from '../../fakes/audit-segments.ts';

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
  const reader = new AuditReader(dataDir);
  onTestFinished(() => reader.close());
  return reader;
}

const newReader = () => readerOf(dataDirWith(ROWS));
const seqsOf = (reader: AuditReader, request: Partial<PageRequest>) =>
  reader.list({ limit: 50, ...request }).rows.map(({ seq }) => seq);

describe('the reader', () => {
  it.each<[Partial<PageRequest>, number[]]>([
    [{}, [7, 6, 5, 4, 3, 2, 1]],
    [{ type: 'INTENT' }, [3, 2]],
    [{ client: 'beta' }, [3]],
    [{ actorKind: 'gateway' }, [7, 1]],
    [{ actorKind: 'client', symbol: 'XAUUSD' }, [3]],
    [{ action: 'CLOSE_POSITION' }, [5]],
    [{ symbol: 'EURUSD' }, [2]],
    [{ status: 'ACCEPTED' }, [3, 2]],
    [{ status: 'ACCEPTED', client: 'alpha' }, [2]],
    [{ status: 'ACCEPTED', client: 'alpha', symbol: 'XAUUSD' }, []],
    [{ code: 'STALE' }, [5]],
    [{ reqId: 'r1' }, [6, 4, 3, 2]],
    [{ reqId: 'r1', client: 'alpha', type: 'OUTCOME' }, [6]],
    [{ symbol: "' OR 1=1 --" }, []],
  ])('lists newest first what matches %o', (filter, seqs) => {
    expect(seqsOf(newReader(), filter)).toEqual(seqs);
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

  it('finds a range of time, its start in it and its end not', () => {
    const at = (ms: number) => NOON_US / 1_000 + ms;
    const rows = Array.from({ length: 20 }, (_, number) => entry('ARMED', { tsUtcUs: at(number) * 1_000 }));
    const reader = readerOf(dataDirWith(rows));
    expect(seqsOf(reader, { sinceMs: at(5), untilMs: at(8) })).toEqual([8, 7, 6]);
    expect(seqsOf(reader, { sinceMs: at(17) })).toEqual([20, 19, 18]);
    expect(seqsOf(reader, { untilMs: at(2), type: 'ARMED' })).toEqual([2, 1]);
    expect(seqsOf(reader, { sinceMs: at(50) })).toEqual([]);
    expect(seqsOf(reader, { sinceMs: at(8), untilMs: at(5) })).toEqual([]);
    expect(reader.list({ limit: 2, sinceMs: at(5), untilMs: at(9) })).toMatchObject({ next: 8 });
  });

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
    expect(pages.flat().map(([seq]) => seq)).toEqual(Array.from({ length: 1_250 }, (_, at) => 2 * at + 2));
  });

  it('exports by the time of each row, also where the clock was set back', () => {
    const ms = [100, 200, 300, 150, 400];
    const dataDir = dataDirWith(ms.map((at) => entry('ARMED', { tsUtcUs: at * 1_000 })));
    const [page = []] = [...readerOf(dataDir).exportPages({ sinceMs: 150, untilMs: 300 })];
    expect(page.map(([seq]) => seq)).toEqual([2, 4]);
  });

  it('sees what a writer adds while it reads', () => {
    const dataDir = dataDirWith(ROWS);
    const reader = readerOf(dataDir);
    expect(reader.head().seq).toBe(7);
    const stamp = { session: 's2', appVersion: '0.1.0', bridgeVersion: null };
    const writer = new AuditWriter({ dataDir, stamp, clock: systemClock });
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

  it('throws where there is no log', () => {
    expect(() => readerOf(join(dataDirWith([]), 'nowhere')).list({ limit: 1 })).toThrow('there is none');
  });
});

describe('the reader of a log of several months', () => {
  // Rows 1 to 4; 5 SEGMENT_STARTED, 6 and 7; 8 SEGMENT_STARTED, 9 and 10.
  const months = () =>
    dataDirWithMonths(
      [entry('ARMED'), intent(ALPHA), dispatch(ALPHA), outcome(ALPHA)],
      [entry('RESUME'), commandEntry('REFUSED', ALPHA, { code: 'REQ_ID_REUSED', status: 'REFUSED' })],
      [intent(BETA), entry('RESUME')],
    );

  it('lists all files as one, newest first', () => {
    const reader = readerOf(months());
    expect(seqsOf(reader, {})).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(seqsOf(reader, { type: 'RESUME' })).toEqual([10, 6]);
    expect(seqsOf(reader, { reqId: 'r1' })).toEqual([9, 7, 4, 3, 2]);
    expect(reader.head().seq).toBe(10);
  });

  it('goes on with a page from one file into the next', () => {
    const reader = readerOf(months());
    expect(reader.list({ limit: 4 })).toMatchObject({ next: 7 });
    expect(seqsOf(reader, { limit: 4, beforeSeq: 7 })).toEqual([6, 5, 4, 3]);
    expect(reader.list({ limit: 2, beforeSeq: 3 })).toMatchObject({ rows: [{ seq: 2 }, { seq: 1 }], next: null });
  });

  it('finds a range of time in the files that have it', () => {
    const reader = readerOf(months());
    expect(seqsOf(reader, { sinceMs: noonOf(2) + 1, untilMs: noonOf(3) })).toEqual([7]);
    expect(seqsOf(reader, { untilMs: noonOf(1) + 2 })).toEqual([2, 1]);
    expect(seqsOf(reader, { sinceMs: noonOf(3) + 1 })).toEqual([10]);
  });

  it('says which file is missing', () => {
    const dataDir = months();
    const reader = readerOf(dataDir);
    reader.list({ limit: 1 });
    rmSync(join(dataDir, 'audit-2026-01.sqlite'));
    expect(() => reader.list({ limit: 1 })).toThrow('audit-2026-01.sqlite is missing');
    rmSync(join(dataDir, 'audit-2026-01.manifest.json'));
    expect(() => reader.list({ limit: 1 })).toThrow('a file of the log is missing');
  });

  it('shows the history of a command from every file', () => {
    const reader = readerOf(months());
    expect(reader.show({ reqId: 'r1', client: 'alpha' })).toMatchObject({
      row: { seq: 2 },
      history: [{ seq: 2 }, { seq: 3 }, { seq: 4 }, { seq: 7, code: 'REQ_ID_REUSED' }],
    });
    expect(reader.show({ seq: 3 })).toMatchObject({ row: { type: 'DISPATCH' } });
    expect(reader.show({ reqId: 'r1' })).toEqual({ kind: 'several', clients: ['alpha', 'beta'] });
  });

  it('exports all files as one, oldest first, also when a month is closed in between', () => {
    const many = Array.from({ length: 1_500 }, () => entry('ARMED'));
    const dataDir = dataDirWithMonths([entry('RESUME')], many);
    const reader = readerOf(dataDir);
    const pages = reader.exportPages({});
    const first = [pages.next(), pages.next()].map(({ value }) => value as readonly unknown[][]);
    closeMonthOf(dataDir);
    const seqs = [...first, ...pages].flat().map(([seq]) => seq);
    expect(seqs).toEqual(Array.from({ length: 1_502 }, (_, at) => at + 1));
  });

  it('lets the live file go, so that its month can be closed', () => {
    const dataDir = dataDirWithMonths([entry('ARMED')]);
    const reader = readerOf(dataDir);
    expect(reader.list({ limit: 9 }).rows).toHaveLength(1);
    expect(() => closeMonthOf(dataDir)).toThrow('in use');
    reader.release();
    closeMonthOf(dataDir);
    expect(reader.list({ limit: 9 }).rows.map(({ type }) => type)).toEqual(['SEGMENT_STARTED', 'ARMED']);
  });

  it('reads on around a damaged file that was set aside, and says which rows are missing', async () => {
    const dataDir = months();
    setLiveAside(dataDir, [entry('ARMED')]);
    const reader = readerOf(dataDir);
    const page = await wholePage(reader, { limit: 50 });
    expect(page.rows.map(({ seq }) => seq)).toEqual([12, 11, 7, 6, 5, 4, 3, 2, 1]);
    expect(page.gaps).toEqual([
      expect.stringMatching(/^rows 8 to 10 cannot all be read: .*audit-damaged-.*\.sqlite was/),
    ]);
    expect(page.next).toBeNull();
    const gaps: string[] = [];
    expect([...reader.exportPages({}, gaps)].flat().map(([seq]) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 11, 12]);
    expect(gaps).toEqual(page.gaps);
    expect(reader.show({ seq: 9 })).toEqual({ kind: 'absent' });
  });
});

/** Closes the live file as the gateway does when the month is over. */
function closeMonthOf(dataDir: string): void {
  const stamp = { session: 's2', appVersion: '0.1.0', bridgeVersion: null };
  const writer = new AuditWriter({ dataDir, stamp, clock: systemClock });
  try {
    const report = writer.lookAtMonth();
    if (report?.kind !== 'month closed') throw new Error(`in use: ${JSON.stringify(report)}`);
  } finally {
    writer.close();
  }
}
