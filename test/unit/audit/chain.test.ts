import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { followChain, GENESIS_HEAD, rowHash } from '../../../main/audit/chain.ts';
import { type Cell, HASHED_COLUMNS } from '../../../main/audit/columns.ts';

function row(seq: number, prevHash: string, type = 'ARMED'): Cell[] {
  const cells: Cell[] = Array<Cell>(HASHED_COLUMNS).fill(null);
  cells[0] = seq;
  cells[1] = type;
  return [...cells, prevHash, rowHash(prevHash, cells)];
}

describe('the hash chain', () => {
  it('hashes the hash before and the canonical row as another program would', () => {
    const canonical = '[7,"a\\"ü\\n",null]';
    const expected = createHash('sha256').update(GENESIS_HEAD.hash).update(canonical, 'utf8').digest('hex');
    expect(rowHash(GENESIS_HEAD.hash, [7, 'a"ü\n', null])).toBe(expected);
  });

  it('follows rows that link', () => {
    const first = row(1, GENESIS_HEAD.hash);
    const head = followChain(GENESIS_HEAD, first);
    expect(head).toEqual({ seq: 1, hash: first.at(-1) });
    if ('what' in head) throw new Error(head.what);
    expect(followChain(head, row(2, head.hash))).toMatchObject({ seq: 2 });
  });

  it('names a row whose content was changed', () => {
    const changed = row(1, GENESIS_HEAD.hash);
    changed[1] = 'RESUME';
    expect(followChain(GENESIS_HEAD, changed)).toEqual({ seq: 1, what: 'hash differs from the row’s content' });
  });

  it('names a row that links to another row', () => {
    expect(followChain({ seq: 4, hash: 'ab'.repeat(32) }, row(5, 'cd'.repeat(32)))).toEqual({
      seq: 5,
      what: 'prev_hash is not the hash of row 4',
    });
  });

  it.each([
    [4, 6, 'row 5 is missing, between 4 and 6'],
    [4, 9, '4 rows are missing, between 4 and 9'],
    [0, 3, 'the log begins with row 3: rows 1 to 2 are missing'],
  ])('says which rows are missing when %i is followed by %i', (before, after, what) => {
    expect(followChain({ seq: before, hash: GENESIS_HEAD.hash }, row(after, GENESIS_HEAD.hash))).toEqual({
      seq: after,
      what,
    });
  });
});
