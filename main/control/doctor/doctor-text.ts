import { isSound, type Check, type CheckState } from './check.ts';

const WORDS: Readonly<Record<CheckState, string>> = { good: 'good', note: 'note', wrong: 'WRONG', unchecked: '-' };
/** ANSI colours: green, yellow, red, grey. */
const COLOURS: Readonly<Record<CheckState, number>> = { good: 32, note: 33, wrong: 31, unchecked: 90 };

/** The chain in lines for a person: each link, and below it what to do. */
export function doctorLines(checks: readonly Check[], inColour: boolean): string[] {
  const width = Math.max(...checks.map(({ link }) => link.length)) + 2;
  const paint = (state: CheckState, text: string) => (inColour ? `\u001b[${COLOURS[state]}m${text}\u001b[0m` : text);
  const lines = checks.flatMap(({ link, state, found, cure }) => [
    `${paint(state, WORDS[state].padEnd(6))}${link.padEnd(width)}${state === 'unchecked' ? `not checked: ${found}` : found}`,
    ...(cure === undefined ? [] : [`${' '.repeat(6 + width)}→ ${cure}`]),
  ]);
  return [...lines, '', verdict(checks)];
}

function verdict(checks: readonly Check[]): string {
  if (isSound(checks)) return 'Everything that trading needs is in place.';
  const broken = checks.filter(({ state }) => state === 'wrong');
  const count = broken.length === 1 ? '1 link is' : `${broken.length} links are`;
  return `${count} broken. Begin with the first: ${broken[0]?.link ?? ''}.`;
}
