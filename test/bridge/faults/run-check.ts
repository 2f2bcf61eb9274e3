import { RETCODE, retcodeClass } from '../../../main/mt5/retcodes.ts';
import { check, type Evidence } from '../../faults/check.ts';
import type { LogEvidence } from '../../faults/log-evidence.ts';
import { isFinal, nameOf, type SentCommand } from '../../faults/sent-command.ts';
import type { Violation, ViolationKind } from '../../faults/violation.ts';
import { TRADE_ACTION } from '../../mql5/broker/mql5-enums.ts';
import { tagIn, type BrokerEvidence, type ObservedRequest } from './broker-evidence.ts';
import type { ProgramRecord } from './program-record.ts';

/** What is known of a run, beside what the clients were told. */
export interface RunEvidence {
  readonly log: LogEvidence;
  readonly account: BrokerEvidence;
  readonly record: Pick<ProgramRecord, 'retcodeOf'>;
}

/** What a run has to show for itself. */
export interface RunVerdict {
  readonly violations: readonly Violation[];
  /** Commands that may stay UNKNOWN, and do. */
  readonly leftToAPerson: readonly SentCommand[];
}

/** Compares what the clients were told with the log, with the account, and with each request that reached the broker. */
export function checkRun(sent: readonly SentCommand[], known: RunEvidence): RunVerdict {
  const { log, account } = known;
  const evidence: Evidence = { sent, log, account, killsAtMs: [] };
  const leftToAPerson = sent.filter((command) => !hasEnd(command) && isLeftToAPerson(command, known));
  const others = sent.filter((command) => !leftToAPerson.includes(command));
  const unsettled = others.filter((command) => !hasEnd(command));
  return {
    leftToAPerson,
    violations: [
      ...check(evidence, others),
      // That they are open is right; all else has to be true of them too.
      ...check(evidence, leftToAPerson).filter(({ kind }) => kind !== 'unsettled'),
      ...unsettled.map((command) => violation('unsettled', `${nameOf(command)}: it never got a final reply`)),
      ...sent.flatMap((command) => checkRequests(command, account)),
      ...account.strayPositions().map((ticket) => violation('contradicted', `position ${ticket} has no order`)),
    ],
  };
}

/**
 * Whether nothing is left that could tell how a command ended: the program's record knows no answer to it, and the broker
 * has overwritten its tag, or that of another, which then may be this one.
 */
export function isLeftToAPerson({ tag }: SentCommand, { account, record }: RunEvidence): boolean {
  const retcode = record.retcodeOf(tag);
  if (retcode !== null && retcodeClass(retcode) !== 'ambiguous') return false;
  return account.ordersOf(tag).length > 0 ? account.isRewritten(tag) : account.hasRewritten();
}

function hasEnd({ replies }: SentCommand): boolean {
  return replies.some(isFinal);
}

/** One request at most, carried out when the client was told SUCCESS, and not when it was told ERROR. */
function checkRequests(command: SentCommand, { requests }: BrokerEvidence): readonly Violation[] {
  const own = requests.filter((observed) => isOf(command, observed));
  const executed = own.filter(({ isExecuted }) => isExecuted).length;
  const found: [ViolationKind, string][] = [];
  if (own.length > 1) found.push(['doubled', `${own.length} requests reached the broker, ${executed} were executed`]);
  for (const { status, code, data } of command.replies) {
    if (status === 'SUCCESS' && executed === 0 && !changesNothing(data)) {
      found.push(['lost', `answered SUCCESS, but the broker has executed none of its ${own.length} requests`]);
    }
    if (status === 'ERROR' && executed > 0) {
      found.push(['contradicted', `answered ${code ?? 'ERROR'}, but the broker has executed it`]);
    }
  }
  return found.map(([kind, what]) => violation(kind, `${nameOf(command)}: ${what}`));
}

/** Orders and closes carry a tag; a change names what no other command of the run names. */
function isOf({ tag, asked }: SentCommand, { request }: ObservedRequest): boolean {
  switch (asked.kind) {
    case 'market':
    case 'pending':
    case 'close':
      return tagIn(request.comment) === tag;
    case 'cancel':
      return request.action === TRADE_ACTION.REMOVE && Number(request.order) === asked.ticket;
    case 'change':
      return request.action === TRADE_ACTION.MODIFY && Number(request.order) === asked.ticket;
    case 'protect':
      return request.action === TRADE_ACTION.SLTP && Number(request.position) === asked.ticket;
  }
}

/** Closing what is closed already is a SUCCESS without a deal. */
function changesNothing(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'retcode' in data && data.retcode === RETCODE.POSITION_CLOSED;
}

function violation(kind: ViolationKind, what: string): Violation {
  return { kind, what };
}
