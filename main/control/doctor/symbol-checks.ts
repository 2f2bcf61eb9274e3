import { good, note, unchecked, wrong, type Check } from './check.ts';

/** Present at nearly every broker, under some name: what its name is tells the broker's suffix. */
const USUAL = 'EURUSD';
const LINK = 'Symbols';

/** Whether the symbols that are asked for are there, and under which names the broker has them. */
export function symbolChecks(names: readonly string[] | null, wanted: readonly string[]): Check[] {
  if (names === null) return [unchecked(LINK, 'the terminal did not say which it has')];
  const absent = wanted.filter((name) => !names.includes(name));
  const checks = absent.map((name) => absentCheck(name, names));
  const usual = variantOf(USUAL, names);
  if (!names.includes(USUAL) && usual !== null && !absent.includes(USUAL)) {
    checks.push(note(LINK, `${USUAL} is called ${usual} here`, 'let strategies use the names of this broker'));
  }
  return checks.length > 0 ? checks : [good(LINK, `${names.length} symbols`)];
}

function absentCheck(name: string, names: readonly string[]): Check {
  const variant = variantOf(name, names);
  if (variant === null)
    return wrong(LINK, `${name} is not there`, 'take it out of the setting symbols, or ask the broker');
  return wrong(LINK, `${name} is called ${variant} here`, `use that name in the setting symbols and in strategies`);
}

/** The shortest name that is the wanted one with something before or after it: EURUSD.s, mEURUSD. */
function variantOf(name: string, names: readonly string[]): string | null {
  const sought = name.toUpperCase();
  const variants = names.filter((each) => each.toUpperCase().includes(sought));
  return variants.toSorted((a, b) => a.length - b.length)[0] ?? null;
}
