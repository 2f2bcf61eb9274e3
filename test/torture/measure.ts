import { setTimeout as pause } from 'node:timers/promises';
import type { AttackedGateway } from './attacked-gateway.ts';
import type { Case } from './case.ts';
import type { HonestWindow } from './honest-protocol.ts';
import { memoryLimitMib, observe, observeSettled, type Killed, type Watched } from './observation.ts';

/** What one case came to. */
export interface CaseOutcome {
  readonly name: string;
  readonly did: string;
  readonly memoryBeforeMib: number;
  readonly memoryAfterMib: number;
  readonly honest: HonestWindow;
}

/** What several cases that are watched together came to. */
export interface Measured {
  readonly outcomes: readonly CaseOutcome[];
  readonly watched: Watched;
}

/** How long the honest client goes on alone before its figures are taken. */
const AFTERWARDS_MS = 300;
/** How long something has been thrown when the kill comes. */
const KILL_AFTER_MS = 50;

/** How cases are thrown. */
export interface Manner {
  /** All together; else one after the other. */
  readonly atOnce: boolean;
  /** Once more, with a KILL_SWITCH in the middle. */
  readonly withKill: boolean;
}

/** Throws cases at a gateway; watches honest client, memory, logs and account meanwhile. */
export async function measure(gateway: AttackedGateway, cases: readonly Case[], manner: Manner): Promise<Measured> {
  const before = await observe(gateway);
  await gateway.honest.window();
  const outcomes = manner.atOnce
    ? await Promise.all(cases.map((one) => throwOne(gateway, one)))
    : await inTurn(cases, (one) => throwOne(gateway, one));
  const killed = manner.withKill ? await killMeanwhile(gateway, cases, manner.atOnce) : null;
  await pause(AFTERWARDS_MS);
  const rest = await gateway.honest.window();
  const keptMib = Math.max(...cases.map(({ allows }) => allows?.keptMib ?? 0));
  const after = await observeSettled(gateway, memoryLimitMib(before.memoryMib, keptMib));
  const honest = joined([...outcomes.map((outcome) => outcome.honest), rest]);
  return { outcomes, watched: { before, after, honest, killed } };
}

async function throwOne(gateway: AttackedGateway, { name, throwAt }: Case): Promise<CaseOutcome> {
  const memoryBeforeMib = gateway.memoryMib();
  const never = new AbortController().signal;
  const did = await throwAt(gateway.target, never).catch((error: unknown) => `fault of the case: ${String(error)}`);
  const memoryAfterMib = gateway.memoryMib();
  return { name, did, memoryBeforeMib, memoryAfterMib, honest: await gateway.honest.window() };
}

/** What the cases do this time is of no interest: they are the fire under which the kill has to work. */
async function killMeanwhile(gateway: AttackedGateway, cases: readonly Case[], atOnce: boolean): Promise<Killed> {
  const killed = new AbortController();
  const throwAgain = ({ throwAt }: Case) => throwAt(gateway.target, killed.signal).catch(String);
  const fire = atOnce ? Promise.all(cases.map(throwAgain)) : inTurn(cases, throwAgain);
  await pause(KILL_AFTER_MS);
  const kill = await gateway.honest.kill();
  killed.abort();
  await fire;
  return { kill, resumeFault: await gateway.resume() };
}

async function inTurn<T>(cases: readonly Case[], act: (one: Case) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const one of cases) results.push(await act(one));
  return results;
}

function joined(windows: readonly HonestWindow[]): HonestWindow {
  return {
    tookMs: windows.flatMap(({ tookMs }) => tookMs),
    lost: windows.reduce((sum, { lost }) => sum + lost, 0),
  };
}
