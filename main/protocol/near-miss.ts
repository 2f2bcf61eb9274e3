import { Action, isAction } from './actions.ts';

/** One typing error in this many letters is recognised, so that short names do not resemble everything. */
const LETTERS_PER_TYPO = 5;
const MAX_NAME_LENGTH = 40;

/** The action that `name` was probably meant to be: another case, padding, dashes or a typing error; null where it is none. */
export function nearestAction(name: string): Action | null {
  if (name.length > MAX_NAME_LENGTH) return null;
  const plain = name
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_');
  if (isAction(plain)) return plain;
  const ranked = Object.values(Action)
    .map((action) => ({ action, typos: editDistance(plain, action) }))
    .sort((a, b) => a.typos - b.typos);
  const [best] = ranked;
  return best !== undefined && best.typos * LETTERS_PER_TYPO <= best.action.length ? best.action : null;
}

/** Letters to insert, remove or replace to make one text of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const letter of from) {
    const next = [(row[0] ?? 0) + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? to.length;
}
