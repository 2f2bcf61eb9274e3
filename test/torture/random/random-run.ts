import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AttackedGateway } from '../attacked-gateway.ts';
import type { HonestWindow } from '../honest-protocol.ts';
import { memoryLimitMib, observe, observeSettled, type Observation } from '../observation.ts';
import { p99Ms } from '../verdict.ts';
import { openHouse, type House, type Inhabitant } from './doors.ts';
import { keepSteps, playStep, readSteps, stepOf, type Step } from './step.ts';

/** What a randomised run came to. */
export interface RandomResult {
  readonly steps: number;
  readonly faults: readonly string[];
}

interface RandomOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const AT_ONCE = 8;
const STEPS_A_ROUND = 1_000;
const HONEST_P99_MS = 100;
const LOOKS_AFTERWARDS = 3;
const LOOK_MS = 2_000;
/** Where there is no terminal, the answer waits a second for one that comes back. */
const KILL_LIMIT_MS = 1_500;
/** What V8 and the allocator keep of a long run: it may not become more, however long that is. */
const KEPT_MIB = 64;

/** Throws mutated valid traffic at every way in, in rounds, until the time is over or a round goes wrong. */
export async function runAtRandom({ minutes, seed, say }: RandomOptions): Promise<RandomResult> {
  const house = await openHouse();
  try {
    const before = await Promise.all(house.inhabitants.map(({ gateway }) => observe(gateway)));
    const untilMs = performance.now() + minutes * 60_000;
    let thrown = 0;
    while (performance.now() < untilMs) {
      const steps = Array.from({ length: STEPS_A_ROUND }, (_, n) => stepOf(seed, thrown + n, house.doors));
      const faults = await playRound(house, steps, before);
      if (faults.length > 0) return { steps: thrown, faults: [...faults, replayHint(seed, thrown, steps)] };
      thrown += steps.length;
      say(`${thrown.toLocaleString('en-US')} steps`);
    }
    return { steps: thrown, faults: [] };
  } finally {
    await house.stop();
  }
}

/** Plays steps of a file again. */
export async function replay(file: string): Promise<RandomResult> {
  const house = await openHouse();
  try {
    const before = await Promise.all(house.inhabitants.map(({ gateway }) => observe(gateway)));
    const steps = readSteps(file);
    return { steps: steps.length, faults: await playRound(house, steps, before) };
  } finally {
    await house.stop();
  }
}

async function playRound(
  house: House,
  steps: readonly Step[],
  before: readonly Observation[],
): Promise<readonly string[]> {
  await Promise.all(house.inhabitants.map(({ gateway }) => gateway.honest.window()));
  const waiting = [...steps];
  const play = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await playStep(step, house.doors);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, play));
  const faults = await Promise.all(house.inhabitants.map((one, at) => faultsOf(one, before[at]!)));
  return faults.flat();
}

async function faultsOf({ name, gateway }: Inhabitant, before: Observation): Promise<readonly string[]> {
  if (gateway.ending !== null) return [`${name}: ${gateway.ending}`];
  const slow = await slowness(gateway);
  const kill = await gateway.honest.kill();
  // The gateway without a terminal has nothing to resume to, and stays halted.
  await gateway.resumeWherePossible();
  const limitMib = memoryLimitMib(before.memoryMib, KEPT_MIB);
  const after = await observeSettled(gateway, limitMib);
  return [
    ...slow,
    ...(kill.mode === 'HALTED' && kill.tookMs < KILL_LIMIT_MS ? [] : [`KILL_SWITCH: ${JSON.stringify(kill)}`]),
    ...(after.memoryMib <= limitMib
      ? []
      : [`memory ${before.memoryMib.toFixed(0)} → ${after.memoryMib.toFixed(0)} MiB`]),
    ...(after.audit.carriedOut === before.audit.carriedOut ? [] : ['a command was carried out']),
    ...(after.holdings === before.holdings ? [] : [`the account holds ${after.holdings || 'nothing'} now`]),
  ].map((what) => `${name}: ${what}`);
}

/** A machine that does other work too can be slow at times: what counts is that the gateway is prompt again, alone. */
async function slowness(gateway: AttackedGateway): Promise<readonly string[]> {
  const during = await gateway.honest.window();
  let latest = during;
  for (let left = LOOKS_AFTERWARDS; left > 0 && !isPrompt(latest); left -= 1) {
    await pause(LOOK_MS);
    latest = await gateway.honest.window();
  }
  if (isPrompt(latest)) return [];
  const [first, last] = [during, latest].map((window) => p99Ms(window)?.toFixed(0) ?? 'unknown');
  return [`honest p99 ${first} ms, afterwards still ${last} ms, ${latest.lost} lost`];
}

function isPrompt(window: HonestWindow): boolean {
  const reached = p99Ms(window);
  return window.lost === 0 && reached !== null && reached < HONEST_P99_MS;
}

function replayHint(seed: number, from: number, steps: readonly Step[]): string {
  const file = join(tmpdir(), `mt5-fabric-torture-${seed}-${from}.jsonl`);
  keepSteps(file, steps);
  return `to play these steps again: npm run torture -- --replay ${file}`;
}
