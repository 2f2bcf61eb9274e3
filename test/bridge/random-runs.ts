/** Set by `npm run test:bridge -- --runs N` for the random fault runs. */
export const RUNS_VARIABLE = 'MT5_FABRIC_BRIDGE_RUNS';

const DEFAULT_RUNS = 10;
const MOST_RUNS = 1_000_000;

/** How many random runs are asked for. Throws for what is no number of runs. */
export function randomRuns(environment: NodeJS.ProcessEnv = process.env): number {
  return parseRuns(environment[RUNS_VARIABLE] ?? String(DEFAULT_RUNS));
}

/** A number of runs as it is written on the command line. */
export function parseRuns(text: string): number {
  const runs = Number(text);
  if (/^\d+$/.test(text) && runs >= 1 && runs <= MOST_RUNS) return runs;
  throw new Error(`--runs takes a whole number from 1 to ${MOST_RUNS}, not "${text}"`);
}
