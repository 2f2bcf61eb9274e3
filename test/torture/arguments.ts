import { parseArgs } from 'node:util';
import { MODES, type Mode } from './case.ts';

/** What to throw, in which modes, and for how long at random. */
export interface TortureArguments {
  /** Minutes of the randomised run; 0 for the table alone. */
  readonly minutes: number;
  readonly seed: number;
  /** Only cases whose name or family has this in it; all when null. */
  readonly only: string | null;
  readonly modes: readonly Mode[];
  /** A file of steps that are played again, instead of all else; null for none. */
  readonly replay: string | null;
}

/** Reads `[--minutes N] [--seed S] [--only NAME] [--modes a,b] [--replay FILE]`. Throws, with words for a person, on anything else. */
export function parseTortureArguments(words: readonly string[]): TortureArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string' },
      modes: { type: 'string', default: MODES.join(',') },
      replay: { type: 'string' },
    },
  });
  return {
    minutes: numberOf('minutes', values.minutes, 10_000),
    seed: Math.floor(numberOf('seed', values.seed, 0xffff_ffff)),
    only: values.only ?? null,
    modes: values.modes.split(',').map(modeOf),
    replay: values.replay ?? null,
  };
}

function modeOf(name: string): Mode {
  const mode = MODES.find((one) => one === name);
  if (mode === undefined) throw new Error(`--modes names some of ${MODES.join(', ')}`);
  return mode;
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^[0-9.]+$/.test(text) && value >= 0 && value <= most) return value;
  throw new Error(`--${name} is a number from 0 to ${most}`);
}
