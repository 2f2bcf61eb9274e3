import { percentile } from '../bench/statistics.ts';
import { expected, type Allowance, type Case, type Mode } from './case.ts';
import type { HonestWindow } from './honest-protocol.ts';
import { added } from './log-count.ts';
import type { CaseOutcome, Measured } from './measure.ts';
import { memoryLimitMib, type Killed, type Watched } from './observation.ts';

/** What is wrong. `isTiming` is what a busy machine alone can bring about. */
export interface Fault {
  readonly what: string;
  readonly isTiming: boolean;
}

const HONEST_P99_MS = 100;
const HONEST_RECONNECTED_P99_MS = 1_000;
const KILL_LIMIT_MS = 1_000;
const LOG_LINES_A_KIND = 5;
/** Rows of a kill and a resume, of the clients' names and of their first refusals. */
const ROWS_ALONE = 100;
/** Rows that a request may cost: what was asked, what was done and what came of it, twice over. */
const ROWS_A_CASE = 6;

/** Whether a gateway did what it has to with a case. */
export function faultsOfOutcome(one: Case, { did }: CaseOutcome, mode: Mode): readonly Fault[] {
  const wanted = expected(one, mode);
  return did === wanted ? [] : [firm(`did "${did}", not "${wanted}"`)];
}

/** Whether a gateway held up to all cases that were watched together. */
export function faultsOfWatch({ watched }: Measured, cases: readonly Case[]): readonly Fault[] {
  const allowances = cases.flatMap(({ allows }) => allows ?? []);
  return [
    ...honestFaults(watched.honest, allowances),
    ...(watched.killed === null ? [] : killFaults(watched.killed, allowances)),
    ...memoryFaults(watched, allowances),
    ...logFaults(watched, allowances),
    ...accountFaults(watched, cases.length, allowances),
  ];
}

/** 99th percentile of the honest client's heartbeats, in milliseconds; null where it sent none. */
export function p99Ms({ tookMs }: HonestWindow): number | null {
  return tookMs.length === 0 ? null : percentile(tookMs, 99);
}

function honestFaults(honest: HonestWindow, allowances: readonly Allowance[]): Fault[] {
  const reconnects = allowances.some((allowance) => allowance.reconnects === true);
  const allowed = allowances.map(({ honestP99Ms = 0 }) => honestP99Ms);
  const limitMs = Math.max(reconnects ? HONEST_RECONNECTED_P99_MS : HONEST_P99_MS, ...allowed);
  const reached = p99Ms(honest);
  if (reached === null) return [firm('the honest client sent nothing')];
  return [
    ...(reached < limitMs ? [] : [timing(`honest p99 ${reached.toFixed(0)} ms`)]),
    ...(honest.lost === 0 || reconnects ? [] : [timing(`${honest.lost} honest heartbeats got no answer`)]),
  ];
}

function killFaults({ kill, resumeFault }: Killed, allowances: readonly Allowance[]): Fault[] {
  const limitMs = Math.max(KILL_LIMIT_MS, ...allowances.map(({ killMs = 0 }) => killMs));
  const halted = kill.status === 'SUCCESS' && kill.mode === 'HALTED';
  return [
    ...(halted ? [] : [firm(`KILL_SWITCH was answered ${kill.status} ${kill.mode}`)]),
    ...(kill.tookMs < limitMs ? [] : [timing(`KILL_SWITCH took ${kill.tookMs.toFixed(0)} ms`)]),
    ...(resumeFault === null ? [] : [firm(`no resume after the kill: ${resumeFault}`)]),
  ];
}

function memoryFaults({ before, after }: Watched, allowances: readonly Allowance[]): Fault[] {
  const limitMib = memoryLimitMib(before.memoryMib, Math.max(0, ...allowances.map(({ keptMib = 0 }) => keptMib)));
  if (after.memoryMib <= limitMib) return [];
  return [firm(`memory ${before.memoryMib.toFixed(0)} → ${after.memoryMib.toFixed(0)} MiB`)];
}

function logFaults({ before, after }: Watched, allowances: readonly Allowance[]): Fault[] {
  const limit = Math.max(LOG_LINES_A_KIND, ...allowances.map(({ logLines = 0 }) => logLines));
  const many = [...added(before.log, after.log)].filter(([, count]) => count > limit);
  return many.map(([kind, count]) => firm(`${count} log lines "${kind}"`));
}

function accountFaults({ before, after }: Watched, cases: number, allowances: readonly Allowance[]): Fault[] {
  const mayBeCarriedOut = allowances.reduce((sum, allowance) => sum + (allowance.carriedOut ?? 0), 0);
  const mayHave = Math.max(ROWS_ALONE + cases * ROWS_A_CASE, ...allowances.map(({ auditRows = 0 }) => auditRows));
  const rows = after.audit.rows - before.audit.rows;
  const carriedOut = after.audit.carriedOut - before.audit.carriedOut;
  return [
    ...(rows <= mayHave ? [] : [firm(`${rows} audit rows`)]),
    ...(carriedOut <= mayBeCarriedOut ? [] : [firm(`${carriedOut} commands were carried out`)]),
    ...(after.holdings === before.holdings ? [] : [firm(`the account holds ${after.holdings || 'nothing'} now`)]),
  ];
}

const firm = (what: string): Fault => ({ what, isTiming: false });
const timing = (what: string): Fault => ({ what, isTiming: true });
