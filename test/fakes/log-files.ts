import type { AuditHead } from '../../main/audit/audit-log.ts';
import { followChain, GENESIS_HEAD } from '../../main/audit/chain.ts';
import { COLUMNS, type Cell, type StoredRow } from '../../main/audit/columns.ts';
import { openForReading } from '../../main/audit/schema.ts';
import { listSegments } from '../../main/audit/segments.ts';

/** All rows of the live file, oldest first. */
export function liveRows(dataDir: string): readonly StoredRow[] {
  const live = listSegments(dataDir).find(({ isLive }) => isLive);
  return live === undefined ? [] : rowsOf(live.file).map(toStoredRow);
}

/** Follows the chain through all files of a log, over the numbers of damaged ones; throws where it breaks. */
export function chainHead(dataDir: string): AuditHead {
  return listSegments(dataDir).reduce((head, { file, manifest }) => {
    if (manifest?.reason === 'QUARANTINE') return { seq: manifest.last_seq, hash: manifest.head_hash };
    const end = rowsOf(file).reduce(next, head);
    if (manifest !== null && (manifest.last_seq !== end.seq || manifest.head_hash !== end.hash)) {
      throw new Error(`${file} does not end as its manifest says`);
    }
    return end;
  }, GENESIS_HEAD);
}

function next(head: AuditHead, cells: readonly Cell[]): AuditHead {
  const after = followChain(head, cells);
  if ('what' in after) throw new Error(`row ${after.seq}: ${after.what}`);
  return after;
}

function rowsOf(file: string): readonly Cell[][] {
  const db = openForReading(file);
  try {
    return db
      .prepare<[], Cell[]>(`SELECT ${COLUMNS.join(', ')} FROM audit ORDER BY seq`)
      .raw()
      .all();
  } finally {
    db.close();
  }
}

function toStoredRow(cells: readonly Cell[]): StoredRow {
  return Object.fromEntries(COLUMNS.map((name, at) => [name, cells[at]])) as unknown as StoredRow;
}
