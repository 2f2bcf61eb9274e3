import { hash } from 'node:crypto';
import type { AuditHead } from './audit-log.ts';
import { type Cell, HASHED_COLUMNS } from './columns.ts';

/**
 * The chain that makes an edited or missing row visible, in a form that any program can check:
 *
 *     hash = lower-case hex of SHA-256(UTF-8(prev_hash + canonical))
 *
 * `prev_hash` is the hash of the row before (the first row: GENESIS_HASH), as the 64 hex characters in the file.
 * `canonical` is a JSON array without spaces of the row's values in column order, from `seq` to `bridge_version`: SQL
 * NULL as `null`, integers in decimal, texts as JSON strings in which only `"`, `\` and U+0000 to U+001F are escaped
 * (`\b \t \n \f \r` short, others as lower-case `\u00xx`). That is what JSON.stringify prints, and Python's
 * `json.dumps(values, ensure_ascii=False, separators=(',', ':'))`.
 *
 * A cut tail, or a file that was rewritten as a whole, links as well: that needs a head that was noted elsewhere.
 */
export function rowHash(prevHash: string, hashedCells: readonly Cell[]): string {
  return hash('sha256', prevHash + JSON.stringify(hashedCells), 'hex');
}

/** Adds `prev_hash` and `hash` to the cells of the row after `head`, whose `seq` is in them. Gives the head after it. */
export function sealRow(head: AuditHead, cells: Cell[]): AuditHead {
  const hash = rowHash(head.hash, cells);
  cells.push(head.hash, hash);
  return { seq: Number(cells[0]), hash };
}

/** `prev_hash` of the first row. */
export const GENESIS_HASH = '0'.repeat(64);
/** Head of a log without rows. */
export const GENESIS_HEAD: AuditHead = { seq: 0, hash: GENESIS_HASH };

/** The first row at which a chain breaks, and how. */
export interface ChainBreak {
  readonly seq: number;
  readonly what: string;
}

/**
 * Checks that a row (all its cells, in column order) follows `head`. Gives the head after it, or the break; `seq` must
 * be the next, `prev_hash` the hash before, `hash` that of the content.
 */
export function followChain(head: AuditHead, cells: readonly Cell[]): AuditHead | ChainBreak {
  const seq = Number(cells[0]);
  if (seq !== head.seq + 1) return { seq, what: missingRows(head.seq, seq) };
  if (cells[HASHED_COLUMNS] !== head.hash) {
    return { seq, what: `prev_hash is not the hash of row ${head.seq}` };
  }
  const expected = rowHash(head.hash, cells.slice(0, HASHED_COLUMNS));
  if (cells[HASHED_COLUMNS + 1] !== expected) return { seq, what: 'hash differs from the row’s content' };
  return { seq, hash: expected };
}

function missingRows(before: number, after: number): string {
  if (before === 0) return `the log begins with row ${after}: rows 1 to ${after - 1} are missing`;
  const gap = after - before - 1;
  return gap === 1
    ? `row ${before + 1} is missing, between ${before} and ${after}`
    : `${gap} rows are missing, between ${before} and ${after}`;
}
