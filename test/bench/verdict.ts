import type { Figure, Goal, Measured, Side } from './row.ts';

/** How a figure did against one goal. */
export interface Verdict {
  readonly goal: Goal;
  /** What the goal comes to in the figure's unit. */
  readonly limit: number;
  readonly reached: boolean;
}

/** Judges medians; a goal against a side that was not measured is left out. */
export function judge({ figure, values }: Measured): readonly Verdict[] {
  const own = values.ours?.median;
  if (own === undefined) return [];
  return figure.goals.flatMap((goal) => {
    const base = typeof goal.than === 'string' ? values[goal.than]?.median : goal.than.number;
    if (base === undefined) return [];
    const limit = base * (goal.times ?? 1);
    return [{ goal, limit, reached: figure.better === 'lower' ? own <= limit : own >= limit }];
  });
}

/** The figures that miss what they must reach, as lines for a person. */
export function missed(all: readonly Measured[]): readonly string[] {
  return all.flatMap((measured) =>
    judge(measured)
      .filter(({ goal, reached }) => goal.kind === 'must' && !reached)
      .map(({ goal }) => `${measured.row}, ${measured.figure.title}: ${goalText(measured.figure, goal)}`),
  );
}

/** Ours as a multiple of another side; null where either is missing or there is nothing to divide by. */
export function ratio({ values }: Measured, side: Side): number | null {
  const own = values.ours?.median;
  const other = values[side]?.median;
  if (own === undefined || other === undefined || other === 0 || !Number.isFinite(other)) return null;
  return own / other;
}

/** A goal in words, like `≤ 1.3 × bare` or `≥ 1000 /s`. */
export function goalText(figure: Figure, { than, times = 1 }: Goal): string {
  const sign = figure.better === 'lower' ? '≤' : '≥';
  if (typeof than !== 'string') return `${sign} ${than.number * times} ${figure.unit}`.trim();
  return times === 1 ? `${sign} ${than}` : `${sign} ${times} × ${than}`;
}
