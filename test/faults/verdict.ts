import type { Tally } from './part.ts';

/** What is wrong, a line for each thing; none where nothing was lost, doubled or left open, and every control did lose. */
export function failures(tallies: readonly Tally[]): readonly string[] {
  return tallies.flatMap(({ name, isControl, violations }) => {
    if (isControl === true) {
      const loses = violations.some(({ kind }) => kind === 'lost');
      return loses ? [] : [`${name} lost nothing: the check beside it could not have failed`];
    }
    return violations.map(({ kind, what }) => `${kind}: ${name}: ${what}`);
  });
}
