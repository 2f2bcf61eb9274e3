import { Breach } from './breach.ts';
import { type Asked, isAtLeast, type Lattice, type ModelMode, type ModelScope } from './lattice.ts';

/** How a gateway ended, as far as the next start has to know. */
export interface Ended {
  /** In order, and recorded as such. */
  readonly isClean: boolean;
  readonly mode: ModelMode;
  readonly flatten: ModelScope;
  readonly isFlatteningDue: boolean;
  /** The gateway had said that its halt is recorded. */
  readonly wasRecorded: boolean;
  /** Disk or token had failed: then a start may be stricter than it would have to be. */
  readonly hadTrouble: boolean;
}

const SCOPES: readonly ModelScope[] = ['none', 'gateway', 'account'];

/** What a start has to ask for, after a run that ended so; null for the first run. */
export function askedByStart(before: Ended | null, unknownOrders: number): readonly Asked[] {
  const asked: Asked[] = [];
  const latch = (kind: string, mode: 'REDUCE_ONLY' | 'HALTED', flatten: ModelScope) =>
    asked.push({ kind, actor: 'gateway', mode, flatten, standing: false });
  if (before !== null && !before.isClean) latch('CRASH', 'HALTED', 'none');
  if (before?.mode === 'HALTED' || before?.mode === 'REDUCE_ONLY') latch('BEFORE', before.mode, 'none');
  if (before?.isFlatteningDue === true && before.wasRecorded) latch('BEFORE', 'HALTED', before.flatten);
  if (unknownOrders > 0) {
    asked.push({ kind: 'UNKNOWN_ORDER', actor: 'gateway', mode: 'SUSPENDED', flatten: 'none', standing: true });
  }
  return asked;
}

/**
 * Holds a start against what it has to be. It may be stricter only where disk or token had failed, and flatten again
 * only what was to be flattened; the lattice then goes on from there.
 */
export function judgeStart(
  state: { readonly mode: ModelMode; readonly flatten: ModelScope },
  lattice: Lattice,
  before: Ended | null,
  hasTrouble: boolean,
  nowMs: number,
): Breach | null {
  const { mode, flatten } = state;
  const expected = lattice.mode(nowMs);
  const found = `started ${mode} with flatten ${flatten}`;
  if (!isAtLeast(mode, expected)) return new Breach('restart', `${found} instead of ${expected}`);
  if (SCOPES.indexOf(flatten) < SCOPES.indexOf(lattice.flatten)) {
    return new Breach('restart', `${found} instead of ${lattice.flatten}`);
  }
  if (SCOPES.indexOf(flatten) > SCOPES.indexOf(lattice.flatten)) {
    if (SCOPES.indexOf(flatten) > SCOPES.indexOf(before?.flatten ?? 'none')) {
      return new Breach('restart', `${found}, which nobody had asked for`);
    }
    lattice.ask({ kind: 'BEFORE', actor: 'gateway', mode: 'HALTED', flatten, standing: false }, nowMs);
  }
  if (mode === 'TRADING' || isAtLeast(lattice.mode(nowMs), mode)) return null;
  if (!hasTrouble) return new Breach('restart', `${found} instead of ${expected}`);
  lattice.ask({ kind: 'BEFORE', actor: 'gateway', mode, flatten: 'none', standing: false }, nowMs);
  return null;
}
