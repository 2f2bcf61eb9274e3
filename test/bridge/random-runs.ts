/** Set by `npm run test:bridge -- --runs N` for the random fault runs. */
export const RUNS_VARIABLE = 'MT5_FABRIC_BRIDGE_RUNS';
/** Set by `--seed N`: the seed of the first run. */
export const SEED_VARIABLE = 'MT5_FABRIC_BRIDGE_SEED';

const DEFAULT_RUNS = 100;
const MOST_RUNS = 1_000_000;
const MOST_SEED = 4_000_000_000;

/** How many random runs are asked for. Throws for what is no number of runs. */
export function randomRuns(environment: NodeJS.ProcessEnv = process.env): number {
  return parseRuns(environment[RUNS_VARIABLE] ?? String(DEFAULT_RUNS));
}

/** The seed of the first of them. Throws for what is no seed. */
export function firstSeed(environment: NodeJS.ProcessEnv = process.env): number {
  return parseSeed(environment[SEED_VARIABLE] ?? '0');
}

/** A number of runs as it is written on the command line. */
export function parseRuns(text: string): number {
  return parseWhole('--runs', text, 1, MOST_RUNS);
}

/** A seed as it is written on the command line. */
export function parseSeed(text: string): number {
  return parseWhole('--seed', text, 0, MOST_SEED);
}

function parseWhole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${flag} takes a whole number from ${least} to ${most}, not "${text}"`);
}
