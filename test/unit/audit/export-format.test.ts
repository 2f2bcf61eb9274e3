import { describe, expect, it } from 'vitest';
import { rowHash } from '../../../main/audit/chain.ts';
import { type Cell, COLUMNS, HASHED_COLUMNS, type StoredRow } from '../../../main/audit/columns.ts';
import { csvCell, exportHeader, exportLine } from '../../../main/audit/export-format.ts';
import { AuditReader } from '../../../main/audit/reader.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { intent, keyOf } from '../../fakes/audit-entries.ts';

function storedRow(): StoredRow {
  const reader = new AuditReader(auditFile(dataDirWith([intent(keyOf('=cmd|"x",\n'))])));
  const row = reader.list({ limit: 1 }).rows[0];
  reader.close();
  if (row === undefined) throw new Error('no row');
  return row;
}

describe('an exported row', () => {
  it.each<[Cell, string]>([
    [null, ''],
    [17, '17'],
    ['EURUSD', 'EURUSD'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ])('has %o as the CSV cell %o', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('has as many cells as the header names', () => {
    const header = exportHeader('csv').trimEnd().split(',');
    expect(header).toEqual(COLUMNS);
    const plain = Object.fromEntries(COLUMNS.map((name) => [name, null])) as unknown as StoredRow;
    expect(exportLine('csv', plain)).toBe(`${','.repeat(COLUMNS.length - 1)}\r\n`);
  });

  it('is one line of JSON from which its hash can be computed again', () => {
    const row = storedRow();
    const line = exportLine('jsonl', row);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    const read = JSON.parse(line) as Record<string, Cell>;
    const cells = COLUMNS.slice(0, HASHED_COLUMNS).map((name) => read[name] ?? null);
    expect(rowHash(row.prev_hash, cells)).toBe(row.hash);
  });
});
