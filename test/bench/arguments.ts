import { parseArgs } from 'node:util';

/** What to measure, and where to leave the figures. */
export interface BenchArguments {
  readonly quick: boolean;
  /** Names of rows; all when empty. */
  readonly rows: readonly string[];
  readonly jsonFile: string;
}

/** Reads `[--quick] [--rows a,b] [--json FILE]`. Throws, with words for a person, on anything else or an unknown row. */
export function parseBenchArguments(words: readonly string[], known: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean', default: false },
      rows: { type: 'string', default: '' },
      json: { type: 'string', default: 'dist/bench.json' },
    },
  });
  const rows = values.rows.split(',').filter((name) => name !== '');
  const unknown = rows.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no row ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return { quick: values.quick, rows, jsonFile: values.json };
}
