import type { Database } from 'better-sqlite3';
import type { AuditHead, RowType } from './audit-log.ts';
import { followChain, GENESIS_HEAD } from './chain.ts';
import { type Cell, COLUMNS, type Column } from './columns.ts';
import { isOpenState, stateAfter } from './command-record.ts';

/** How a verification ended. `head` is the last row up to which everything holds. */
export type VerifyResult =
  | { readonly ok: true; readonly head: AuditHead }
  /** `seq` is the first row that is broken, `what` one sentence on how. */
  | { readonly ok: false; readonly head: AuditHead; readonly seq: number; readonly what: string };

const STEP_ROWS = 5_000;

/**
 * Re-hashes and links every row, oldest first, in steps, and compares the list of open commands with what the rows say.
 * A cut tail and a file that was rewritten as a whole link as well: they show against `witness`, a head noted elsewhere.
 */
export function* verifySteps(db: Database, witness?: AuditHead): Generator<AuditHead, VerifyResult> {
  const expectedOpen = new OpenCommands();
  let head = GENESIS_HEAD;
  for (;;) {
    const step = readStep(db, head.seq);
    if ('what' in step) return { ok: false, head, ...step };
    for (const cells of step.rows) {
      const next = followChain(head, cells);
      if ('what' in next) return { ok: false, head, ...next };
      head = next;
      expectedOpen.follow(cells);
      const differs = againstWitness(head, witness);
      if (differs !== null) return { ok: false, head, seq: head.seq, what: differs };
    }
    yield head;
    if (step.openSeqs !== null) return ending(head, expectedOpen.difference(step.openSeqs), witness);
  }
}

function ending(head: AuditHead, differing: number | null, witness: AuditHead | undefined): VerifyResult {
  if (witness !== undefined && witness.seq > head.seq) {
    return {
      ok: false,
      head,
      seq: head.seq + 1,
      what: `the log ends with row ${head.seq}, the witness names ${witness.seq}`,
    };
  }
  if (differing === null) return { ok: true, head };
  return { ok: false, head, seq: differing, what: 'the list of open commands does not match the rows' };
}

function againstWitness(head: AuditHead, witness: AuditHead | undefined): string | null {
  if (witness === undefined || witness.seq !== head.seq || witness.hash === head.hash) return null;
  return 'hash differs from the witness: the log was rewritten';
}

interface Step {
  readonly rows: readonly Cell[][];
  /** Claiming rows of open commands, read with the last rows; null while there are more. */
  readonly openSeqs: readonly number[] | null;
}

function readStep(db: Database, afterSeq: number): Step | { readonly seq: number; readonly what: string } {
  const rows = db.prepare<[number, number], Cell[]>(
    `SELECT ${COLUMNS.join(', ')} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const open = db.prepare<[], number>('SELECT seq FROM open_command').pluck();
  try {
    return db.transaction(() => {
      const page = rows.raw().all(afterSeq, STEP_ROWS);
      return { rows: page, openSeqs: page.length < STEP_ROWS ? open.all() : null };
    })();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { seq: afterSeq + 1, what: `the rows from here on cannot be read: ${why}` };
  }
}

/** Which commands the rows so far leave open. */
class OpenCommands {
  readonly #seqOfKey = new Map<string, number>();

  follow(cells: readonly Cell[]): void {
    const reqId = cell(cells, 'req_id');
    if (reqId === null) return;
    const status = cell(cells, 'status');
    const claimed = cell(cells, 'claim') === 1;
    const type = cell(cells, 'type') as RowType;
    const state = stateAfter({ type, claimed, ...(typeof status === 'string' ? { status } : {}) });
    if (state === null) return;
    const key = JSON.stringify([cell(cells, 'actor'), reqId]);
    if (!isOpenState(state)) this.#seqOfKey.delete(key);
    else if (claimed) this.#seqOfKey.set(key, Number(cells[0]));
  }

  /** A row that is in one of the two and not in the other, or null. */
  difference(openSeqs: readonly number[]): number | null {
    const expected = new Set(this.#seqOfKey.values());
    const differing = expected.symmetricDifference(new Set(openSeqs));
    return differing.size === 0 ? null : Math.min(...differing);
  }
}

function cell(cells: readonly Cell[], column: Column): Cell {
  return cells[COLUMNS.indexOf(column)] ?? null;
}
