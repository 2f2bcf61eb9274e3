import * as z from 'zod';
import type { OpenedLog, StandingHalt } from '../audit/audit-log.ts';
import type { AccountPin, LatchState } from '../mt5/handler.ts';
import type { TokenReading } from './armed-token.ts';
import { HALT_FILE_TRIGGER } from './halt-file.ts';
import { CAUSE_KINDS, MODES, type CauseKind, type Trigger } from './trading-state.ts';

/** Everything that start-up has found out. */
export interface StartUpFindings {
  readonly log: OpenedLog;
  /** As it was read first, before a halt of this run could take it away. */
  readonly token: TokenReading;
  /** The account that the terminal trades now; null while it has not said. */
  readonly account: AccountPin | null;
  /** The terminal's own latch; null while it has not said, or where it has none. */
  readonly latch: LatchState | null;
  /** Commands whose outcome reconciliation could not find. */
  readonly unknownOrders: number;
  /** A HEARTBEAT went through the real command port and back. */
  readonly selfTestPassed: boolean;
  /** A file named HALT is in the data folder. */
  readonly haltFile: boolean;
}

/** What the findings ask for; nothing when trading may begin. Triggers of kind STARTING mean that start-up is not complete. */
export function startUpTriggers(findings: StartUpFindings): readonly Trigger[] {
  const { log, account, selfTestPassed, unknownOrders, haltFile } = findings;
  return [
    ...(log.standingHalt === null ? [] : standingTriggers(log.standingHalt)),
    ...(log.fresh ? freshLogTriggers(findings) : knownLogTriggers(findings)),
    ...(findings.latch?.isOn === true && log.standingHalt === null ? [latchTrigger(findings.latch)] : []),
    ...(account === null ? [unfinished('the terminal has not said which account it trades')] : []),
    ...(selfTestPassed ? [] : [unfinished('the self-test through the command port has not passed')]),
    ...(unknownOrders > 0 ? [unknownTrigger(unknownOrders)] : []),
    ...(haltFile ? [HALT_FILE_TRIGGER] : []),
  ];
}

/** Whether this is the first run in this data folder: it has neither a token nor a record. */
export function isFirstRun({ log, token }: StartUpFindings): boolean {
  return log.fresh && token.kind === 'missing';
}

/** The smallest epoch that no earlier run has used. */
export function firstFreeEpoch({ log, token, latch }: StartUpFindings): number {
  return Math.max(log.epoch, token.kind === 'armed' ? token.epoch : 0, latch?.epoch ?? 0) + 1;
}

/** The terminal is latched, by a halt that this gateway has not on record: another data folder's, or one that was lost. */
export function latchTrigger({ epoch }: LatchState): Trigger {
  return halt('TERMINAL', `the terminal program is halted since epoch ${epoch}, which this gateway has not asked for`);
}

function freshLogTriggers({ token, account }: StartUpFindings): readonly Trigger[] {
  switch (token.kind) {
    case 'missing':
      return account === null || account.mode === 'PAPER'
        ? []
        : [halt('FIRST_RUN', `first run on a ${account.mode} account: resume once to allow trading`)];
    case 'armed':
      return [halt('AUDIT', 'there is an ARMED token, but the audit log that belongs to it is gone')];
    case 'revoked':
    case 'damaged':
    case 'unreadable':
      return [tokenTrigger(token)];
  }
}

function knownLogTriggers({ log, token, account }: StartUpFindings): readonly Trigger[] {
  const found: Trigger[] = [];
  if (!log.tailIntact) found.push(halt('AUDIT', 'the end of the audit log does not verify'));
  if (log.quarantined !== undefined) found.push(halt('AUDIT', log.quarantined));
  if (!log.cleanStop) found.push(halt('CRASH', 'the last session did not end in order'));
  if (token.kind === 'armed') found.push(...armedTriggers(token, log, account));
  // A kill takes the token away, so with a halt that stands its absence says nothing new.
  else if (log.standingHalt === null || !isTakenAway(token)) found.push(tokenTrigger(token));
  return found;
}

function armedTriggers(
  token: Extract<TokenReading, { kind: 'armed' }>,
  log: OpenedLog,
  account: AccountPin | null,
): readonly Trigger[] {
  if (token.epoch < log.epoch) {
    return [halt('TOKEN', `the ARMED token is of epoch ${token.epoch}, the audit log of epoch ${log.epoch}`)];
  }
  if (token.epoch > log.epoch) {
    return [halt('AUDIT', `the audit log ends at epoch ${log.epoch}, before the ARMED token's ${token.epoch}`)];
  }
  if (account === null || isSameAccount(token.account, account)) return [];
  const { login, server, mode } = account;
  const armedFor = `${token.account.mode} ${token.account.login} at ${token.account.server}`;
  return [halt('TOKEN', `the ARMED token is for ${armedFor}, the terminal trades ${mode} ${login} at ${server}`)];
}

function isTakenAway({ kind }: TokenReading): boolean {
  return kind === 'missing' || kind === 'revoked';
}

function isSameAccount(a: AccountPin, b: AccountPin): boolean {
  return a.login === b.login && a.server === b.server && a.mode === b.mode;
}

function tokenTrigger(token: Exclude<TokenReading, { kind: 'armed' }>): Trigger {
  const detail = 'message' in token ? `: ${token.message}` : '';
  return halt('TOKEN', `the ARMED token is ${token.kind}${detail}`);
}

function halt(kind: CauseKind, reason: string): Trigger {
  return { kind, mode: 'HALTED', flatten: 'none', actor: 'gateway', reason };
}

function unfinished(reason: string): Trigger {
  return { kind: 'STARTING', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway', reason };
}

function unknownTrigger(count: number): Trigger {
  const orders = count === 1 ? '1 order' : `${count} orders`;
  const reason = `the outcome of ${orders} is not known`;
  return { kind: 'UNKNOWN_ORDER', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway', reason };
}

const causeSchema = z.object({
  kind: z.enum(CAUSE_KINDS),
  mode: z.enum(MODES),
  at_ms: z.number(),
  actor: z.string(),
  reason: z.string(),
});
const latchedSchema = z.object({ causes: z.array(causeSchema) });

/** The causes of a halt of an earlier session, with its flatten unless the book has been verified empty since. */
function standingTriggers(halted: StandingHalt): readonly Trigger[] {
  const flatten = halted.flatVerified ? 'none' : halted.flatten;
  const causes = latchedCauses(halted.causes);
  if (causes.length === 0) {
    const reason = 'a halt stands in the audit log whose causes cannot be read';
    return [{ ...halt('AUDIT', reason), flatten }];
  }
  return causes.map((cause, index) => ({ ...cause, flatten: index === 0 ? flatten : 'none' }));
}

function latchedCauses(payload: string): readonly Trigger[] {
  const parsed = latchedSchema.safeParse(parse(payload));
  if (!parsed.success) return [];
  return parsed.data.causes.flatMap(({ kind, mode, at_ms: atMs, actor, reason }) =>
    // What suspended then is found again if it still holds.
    mode === 'HALTED' || mode === 'REDUCE_ONLY'
      ? [{ kind, mode, flatten: 'none', actor, reason, atMs, standing: false }]
      : [],
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
