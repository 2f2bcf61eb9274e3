import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AuditEntry } from '../../../main/audit/audit-log.ts';
import { AuditReader, type PageRequest } from '../../../main/audit/reader.ts';
import { conditionsOf, type RowFilter } from '../../../main/audit/row-filter.ts';
import { RowSearch } from '../../../main/audit/row-search.ts';
import { auditFile, openForReading } from '../../../main/audit/schema.ts';
import { wholePage } from '../../../main/audit/whole-page.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { systemClock } from '../../../main/clock.ts';
import { entry } from '../../fakes/audit-entries.ts';

const ROWS = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-test-'));

/** Types and statuses alternate and never meet as ARMED with STALE; one row in 5,000 is of `rare`. */
function rowAt(at: number): AuditEntry {
  return entry(at % 2 === 0 ? 'ARMED' : 'RESUME', {
    actor: at % 5_000 === 77 ? 'rare' : `client-${at % 3}`,
    symbol: ['EURUSD', 'GBPUSD', 'XAUUSD', 'DE40'][at % 4]!,
    status: at % 2 === 0 ? 'DONE' : 'REJECTED',
    ...(at % 10 === 3 ? { code: 'STALE' } : {}),
  });
}

const FILTERS: readonly RowFilter[] = [
  {},
  { type: 'ARMED' },
  { client: 'rare' },
  { client: 'nobody' },
  { actorKind: 'gateway' },
  { actorKind: 'operator' },
  { client: 'rare', symbol: 'GBPUSD' },
  { client: 'rare', symbol: 'EURUSD' },
  { client: 'client-1', symbol: 'XAUUSD', status: 'DONE' },
  { type: 'ARMED', status: 'REJECTED' },
  { type: 'ARMED', code: 'STALE' },
  { type: 'RESUME', code: 'STALE', symbol: 'GBPUSD', actorKind: 'gateway' },
  { actorKind: 'operator', client: 'client-2' },
];

const COLUMN: Record<string, keyof AuditEntry> = { client: 'actor' };

function expected(filter: RowFilter): number[] {
  const wanted = Object.entries(filter);
  const seqs = Array.from({ length: ROWS }, (_, at) => at).filter((at) => {
    const row = rowAt(at);
    return wanted.every(([name, value]) => row[COLUMN[name] ?? (name as keyof AuditEntry)] === value);
  });
  return seqs.map((at) => at + 1).reverse();
}

beforeAll(() => {
  const stamp = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };
  const writer = new AuditWriter({ dataDir: folder, stamp, clock: systemClock });
  writer.run([{ kind: 'append', entries: Array.from({ length: ROWS }, (_, at) => rowAt(at)) }]);
  writer.close();
  return () => rmSync(folder, { recursive: true, force: true });
});

function reader(): AuditReader {
  const made = new AuditReader(folder);
  onTestFinished(() => made.close());
  return made;
}

describe('a search for rows', () => {
  it.each(FILTERS)('finds each row that matches %o once, page after page', async (filter) => {
    const found: number[] = [];
    let request: PageRequest | null = { ...filter, limit: 3_000 };
    while (request !== null) {
      const page = await wholePage(reader(), request);
      found.push(...page.rows.map(({ seq }) => seq));
      request = page.next === null ? null : { ...filter, limit: 3_000, beforeSeq: page.next };
    }
    expect(found).toEqual(expected(filter));
  });

  it.each(FILTERS)('fills a page that matches %o with the newest rows', async (filter) => {
    const page = await wholePage(reader(), { ...filter, limit: 100 });
    expect(page.rows.map(({ seq }) => seq)).toEqual(expected(filter).slice(0, 100));
  });

  it('stops after bounded work where frequent values never meet, and says where to go on', () => {
    const page = reader().list({ type: 'ARMED', status: 'REJECTED', limit: 100 });
    expect(page.rows).toEqual([]);
    expect(page.next).toBeGreaterThan(1);
    expect(page.next).toBeLessThan(ROWS);
  });

  it.each<RowFilter>([
    { client: 'rare', status: 'DONE' },
    { symbol: 'EURUSD', client: 'nobody', type: 'ARMED' },
  ])('answers %o in one step, since one of its values is rare', (filter) => {
    expect(reader().list({ ...filter, limit: 100 }).next).toBeNull();
  });

  it.each<keyof RowFilter>(['type', 'client', 'action', 'symbol', 'status', 'code', 'reqId'])(
    'goes along an index for %s alone, and never through the table',
    (name) => {
      const said: string[] = [];
      const db = new Database(auditFile(folder), { readonly: true, verbose: (sql) => said.push(String(sql)) });
      onTestFinished(() => void db.close());
      const conditions = conditionsOf({ [name]: 'nothing' });
      new RowSearch(db).newest({ conditions, fromSeq: 1, toSeq: ROWS, limit: 100 }, { steps: 1 });
      const sql = said.at(-1) ?? '';
      const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
      expect(plan[0]?.detail).toMatch(/^SEARCH row USING INDEX by_/);
      expect(plan.map(({ detail }) => detail).join()).not.toContain('SCAN');
    },
  );

  it('finds the first row of a time by halves', () => {
    const db = openForReading(auditFile(folder));
    onTestFinished(() => void db.close());
    const search = new RowSearch(db);
    const { ts } = db.prepare('SELECT ts_utc_us AS ts FROM audit WHERE seq = 1').get() as { ts: number };
    expect(search.firstAt(ts, 1, ROWS)).toBe(1);
    expect(search.firstAt(ts + 1, 1, ROWS)).toBe(ROWS + 1);
    expect(search.firstAt(ts, 40, ROWS)).toBe(40);
  });

  it('answers where a file of another version lacks an index', () => {
    const db = new Database(':memory:');
    onTestFinished(() => void db.close());
    db.exec(`ATTACH '${auditFile(folder)}' AS log; CREATE TABLE audit AS SELECT * FROM log.audit; DETACH log;
      CREATE UNIQUE INDEX seqs ON audit (seq)`);
    const found = new RowSearch(db).newest(
      { conditions: conditionsOf({ client: 'rare', type: 'RESUME' }), fromSeq: 1, toSeq: ROWS, limit: 10 },
      { steps: 1_000_000 },
    );
    expect(found.rows.map(({ seq }) => seq)).toEqual(expected({ client: 'rare', type: 'RESUME' }));
  });
});
