import { parseArgs } from 'node:util';
import { PART_NAMES, type PartName } from './part.ts';

/** What to break, and how often. */
export interface FaultArguments {
  readonly cycles: number;
  readonly seed: number;
  /** One part alone; all when null. */
  readonly only: PartName | null;
  readonly json: boolean;
}

/** Reads `[--cycles N] [--seed S] [--only PART] [--json]`. Throws, with words for a person, on anything else. */
export function parseFaultArguments(words: readonly string[]): FaultArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      cycles: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const only = PART_NAMES.find((name) => name === values.only) ?? null;
  if (values.only !== undefined && only === null) throw new Error(`--only is one of ${PART_NAMES.join(', ')}`);
  return {
    cycles: wholeOf('cycles', values.cycles, 1, 1_000_000),
    seed: wholeOf('seed', values.seed, 0, 0xffff_ffff),
    only,
    json: values.json,
  };
}

function wholeOf(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} is a whole number from ${least} to ${most}`);
}
