import type { Database } from 'better-sqlite3';
import type { AuditHead, RowType } from './audit-log.ts';
import { type ChainBreak, followChain } from './chain.ts';
import { type Cell, COLUMNS, type Column } from './columns.ts';
import { isOpenState, stateAfter } from './command-record.ts';

/** How a verification ended. */
export type VerifyResult =
  /** Everything holds, up to `head`. */
  | { readonly ok: true; readonly head: AuditHead }
  /**
   * `broken`: `seq` is the first row that does not hold, `what` one sentence on how, `head` the last row before it.
   * `damaged`: everything holds up to `head`, except for files that were set aside; `seq` and `what` tell of the first.
   */
  | {
      readonly ok: false;
      readonly kind: 'broken' | 'damaged';
      readonly head: AuditHead;
      readonly seq: number;
      readonly what: string;
      readonly damaged: readonly DamagedSegment[];
    };

/** A damaged file that was set aside. Its rows are not verified; the chain goes on behind it. */
export interface DamagedSegment {
  readonly file: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** What was found damaged. */
  readonly note: string;
}

/** Rows of a step: few enough that whoever waits for the same worker waits some milliseconds at most. */
const STEP_ROWS = 500;
const REWRITTEN = 'hash differs from the witness: the log was rewritten';

/**
 * Re-hashes and links the rows of one file that follow `before`, oldest first, in steps, and compares the file's list of
 * open commands with what the rows say. Ends with the last row, or with the first break.
 */
export function* verifyRows(
  db: Database,
  before: AuditHead,
  witness: AuditHead | undefined,
): Generator<AuditHead, AuditHead | Broken> {
  const open = new OpenCommands();
  const readStep = stepReader(db);
  let head = before;
  for (let after = Number.MIN_SAFE_INTEGER; ; after = head.seq) {
    const step = readStep(after);
    if ('what' in step) return { head, seq: head.seq + 1, ...step };
    for (const cells of step.rows) {
      const next = Number(cells[0]) <= head.seq ? outOfPlace(cells, head) : followChain(head, cells);
      if ('what' in next) return { head, ...next };
      head = next;
      open.follow(cells);
      if (differs(head, witness)) return { head, seq: head.seq, what: REWRITTEN };
    }
    if (step.openSeqs !== null) return ending(head, open.difference(step.openSeqs));
    yield head;
  }
}

/** Rows before the first one that the file may hold. */
function outOfPlace(cells: readonly Cell[], head: AuditHead): ChainBreak {
  return { seq: Number(cells[0]), what: `it stands in a file that begins after row ${head.seq}` };
}

function ending(head: AuditHead, differing: number | null): AuditHead | Broken {
  return differing === null
    ? head
    : { head, seq: differing, what: 'the list of open commands does not match the rows' };
}

/** The first break; `head` is the last row before it. */
export interface Broken extends ChainBreak {
  readonly head: AuditHead;
}

function differs(head: AuditHead, witness: AuditHead | undefined): boolean {
  return witness !== undefined && witness.seq === head.seq && witness.hash !== head.hash;
}

interface Step {
  readonly rows: readonly Cell[][];
  /** Claiming rows of open commands, read with the last rows; null while there are more. */
  readonly openSeqs: readonly number[] | null;
}

interface Unreadable {
  readonly what: string;
}

function stepReader(db: Database): (afterSeq: number) => Step | Unreadable {
  const columns = COLUMNS.join(', ');
  const rowsAfter = db
    .prepare<[number, number], Cell[]>(`SELECT ${columns} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`)
    .raw();
  const open = db.prepare<[], number>('SELECT seq FROM open_command').pluck();
  const read = db.transaction((afterSeq: number) => {
    const rows = rowsAfter.all(afterSeq, STEP_ROWS);
    return { rows, openSeqs: rows.length < STEP_ROWS ? open.all() : null };
  });
  return (afterSeq) => {
    try {
      return read(afterSeq);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { what: `the rows from here on cannot be read: ${why}` };
    }
  };
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
