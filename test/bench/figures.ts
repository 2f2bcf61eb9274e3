import type { Figure, Goal, Side } from './row.ts';

/** A figure that must not be worse than Python's, and may have more goals. */
export const noWorseThanPython: Goal = { kind: 'must', than: 'python' };

/** A goal that is multiplied with another side's median. */
export function times(kind: Goal['kind'], factor: number, than: Side): Goal {
  return { kind, than, times: factor };
}

/** A goal in the figure's own unit. */
export function fixed(kind: Goal['kind'], number: number): Goal {
  return { kind, than: { number } };
}

/** Makes a figure of which less is better. */
export function less(key: string, title: string, unit: Figure['unit'], ...goals: readonly Goal[]): Figure {
  return { key, title, unit, better: 'lower', goals };
}

/** Makes a figure of which more is better. */
export function more(key: string, title: string, unit: Figure['unit'], ...goals: readonly Goal[]): Figure {
  return { key, title, unit, better: 'higher', goals };
}
