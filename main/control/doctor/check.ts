/** How a link of the chain from the data folder to the broker was found. */
export type CheckState =
  | 'good'
  /** Worth knowing; nothing that trading needs is missing. */
  | 'note'
  | 'wrong'
  /** What it rests on is broken. */
  | 'unchecked';

/** One link of the chain. */
export interface Check {
  readonly link: string;
  readonly state: CheckState;
  /** What was found, or what is wrong. */
  readonly found: string;
  /** What to do about it; absent where there is nothing to do. */
  readonly cure?: string;
}

export const good = (link: string, found: string): Check => ({ link, state: 'good', found });
export const unchecked = (link: string, found: string): Check => ({ link, state: 'unchecked', found });
export const note = (link: string, found: string, cure?: string): Check => ({
  link,
  state: 'note',
  found,
  ...cured(cure),
});
export const wrong = (link: string, found: string, cure: string): Check => ({ link, state: 'wrong', found, cure });

/** Whether nothing is wrong. */
export const isSound = (checks: readonly Check[]): boolean => checks.every(({ state }) => state !== 'wrong');

function cured(cure: string | undefined): { cure?: string } {
  return cure === undefined ? {} : { cure };
}
