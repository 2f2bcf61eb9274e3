import { describe, expect, it } from 'vitest';
import { rowHash } from '../../../main/audit/chain.ts';
import { type Cell, COLUMNS, HASHED_COLUMNS } from '../../../main/audit/columns.ts';
import { csvCell, exportHeader, exportLine } from '../../../main/audit/export-format.ts';
import { AuditReader } from '../../../main/audit/reader.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { intent, keyOf } from '../../fakes/audit-entries.ts';

function storedCells(): readonly Cell[] {
  const reader = new AuditReader(dataDirWith([intent(keyOf('=cmd|"x",\n'))]));
  const [cells] = [...reader.exportPages({})].flat();
  reader.close();
  if (cells === undefined) throw new Error('no row');
  return cells;
}

describe('an exported row', () => {
  it.each<[Cell, string]>([
    [null, ''],
    [17, '17'],
    [-17, '-17'],
    ['EURUSD', 'EURUSD'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', '-1'],
    ['-12.50', '-12.50'],
    ['-1+1', "'-1+1"],
    ['-', "'-"],
    ['-1|cmd', "'-1|cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['\t=1', "'\t=1"],
    ['\n=1', '"\'\n=1"'],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
  ])('has %o as the CSV cell %o', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('has as many cells as the header names', () => {
    const header = exportHeader('csv').trimEnd().split(',');
    expect(header).toEqual(COLUMNS);
    expect(
      exportLine(
        'csv',
        COLUMNS.map(() => null),
      ),
    ).toBe(`${','.repeat(COLUMNS.length - 1)}\r\n`);
  });

  it('is one line of JSON from which its hash can be computed again', () => {
    const cells = storedCells();
    const line = exportLine('jsonl', cells);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    const read = JSON.parse(line) as Record<string, Cell>;
    expect(Object.keys(read)).toEqual(COLUMNS);
    const hashed = COLUMNS.slice(0, HASHED_COLUMNS).map((name) => read[name] ?? null);
    expect(rowHash(String(read['prev_hash']), hashed)).toBe(read['hash']);
  });
});
