import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { AccountEvidence } from './account-evidence.ts';
import { recordedAnswer, type LogEvidence, type LogRow } from './log-evidence.ts';
import { isFinal, nameOf, type SentCommand } from './sent-command.ts';
import type { Violation, ViolationKind } from './violation.ts';
import type { Reply } from './wire-client.ts';

/** All that is known after a fault, when the gateway runs again and has settled what was open. */
export interface Evidence {
  readonly sent: readonly SentCommand[];
  readonly log: LogEvidence;
  readonly account: AccountEvidence;
  /** When KILL_SWITCH was sent, Unix milliseconds: its flatten cancels orders too. */
  readonly killsAtMs: readonly number[];
}

const HAPPENED = ['DONE', 'PARTIAL', 'PLACED'];
const DID_NOT_HAPPEN = ['REJECTED', 'REFUSED', 'EXPIRED', 'FENCED'];
/** The one refusal that leaves no row: the log could not be written. */
const NOT_RECORDED = 'AUDIT_UNAVAILABLE';
const FLATTEN_MS = 5_000;

const tradeSchema = z.object({ ticket: z.number(), order: z.number(), deal: z.number() });

/**
 * Compares every reply that `commands` ever got with the log and the account, and both with each other. The other
 * commands of the evidence only explain what else is in the account.
 */
export function check(evidence: Evidence, commands = evidence.sent): readonly Violation[] {
  const { sent, log, account } = evidence;
  const known = new Set(sent.map(({ tag }) => tag));
  const strangers = account.commandTags().filter((tag) => !known.has(tag));
  return [
    ...(log.chainFault === null ? [] : [violation('contradicted', `the audit log does not verify: ${log.chainFault}`)]),
    ...strangers.map((tag) => violation('contradicted', `an order carries tag ${tag}, which no command has`)),
    ...commands.flatMap((command) => checkCommand(command, evidence)),
  ];
}

function checkCommand(command: SentCommand, evidence: Evidence): readonly Violation[] {
  const rows = evidence.log.rowsOf(command.key);
  const end = evidence.log.endOf(command.key);
  const faults = [
    ...executions(command, rows, end, evidence.account),
    ...settled(end),
    ...onlyOneIsFirst(command.replies),
    ...command.replies.flatMap((reply) => told(command, reply, end, evidence)),
  ];
  return faults.map(({ kind, what }) => violation(kind, `${nameOf(command)}: ${what}`));
}

/** At most one order, never more volume than it asked for, and none without an intent on disk and an outcome to match. */
function executions(
  { tag }: SentCommand,
  rows: readonly LogRow[],
  end: LogRow | null,
  account: AccountEvidence,
): readonly Violation[] {
  const orders = account.ordersOf(tag);
  const [order] = orders;
  if (order === undefined) return [];
  const found: Violation[] = [];
  if (orders.length > 1) {
    found.push(violation('doubled', `orders ${orders.map(({ ticket }) => ticket).join(' and ')} carry its tag`));
  }
  const filledLots = account.filledLots(order);
  if (filledLots > order.volumeInitialLots + 1e-9) {
    found.push(violation('doubled', `${filledLots} lots were dealt of ${order.volumeInitialLots}`));
  }
  if (!rows.some(({ type }) => type === 'DISPATCH')) {
    found.push(violation('contradicted', `order ${order.ticket} was executed without a recorded intent`));
  }
  if (end?.status !== null && end !== null && DID_NOT_HAPPEN.includes(end.status)) {
    found.push(violation('contradicted', `order ${order.ticket} exists, but the log says ${end.status}`));
  }
  return found;
}

function settled(end: LogRow | null): readonly Violation[] {
  const status = end?.status ?? null;
  if (status === null || HAPPENED.includes(status) || DID_NOT_HAPPEN.includes(status)) return [];
  return [violation('unsettled', `the log leaves it ${status}`)];
}

/** One of all replies is the first; every other is marked as a duplicate of it. */
function onlyOneIsFirst(replies: readonly Reply[]): readonly Violation[] {
  const firsts = replies.filter(
    (reply) => isFinal(reply) && reply.duplicate !== true && reply.code !== NOT_RECORDED,
  ).length;
  return firsts <= 1 ? [] : [violation('contradicted', `${firsts} replies were given as the first`)];
}

/** What one reply promised. */
function told(command: SentCommand, reply: Reply, end: LogRow | null, evidence: Evidence): readonly Violation[] {
  if (reply.code === NOT_RECORDED) return nothingHappened(command, reply, evidence);
  if (end === null) return [violation('lost', `answered ${reply.status}, but the log has no row of it`)];
  if (!isFinal(reply)) return [];
  const recorded = recordedAnswer(end);
  const isSame =
    recorded?.status === reply.status && recorded.code === reply.code && isDeepStrictEqual(recorded.data, reply.data);
  if (!isSame) {
    const kind = reply.status === 'SUCCESS' ? 'lost' : 'contradicted';
    return [violation(kind, `answered ${shown(reply)}, the log has ${end.status ?? ''} ${end.answer ?? 'no answer'}`)];
  }
  return reply.status === 'SUCCESS'
    ? leftTrace(command, reply, evidence.account)
    : nothingHappened(command, reply, evidence);
}

/** What a SUCCESS says was done is in the account. */
function leftTrace(command: SentCommand, reply: Reply, account: AccountEvidence): readonly Violation[] {
  const { ticket, order, deal } = tradeSchema.parse(reply.data);
  const isTagged = (comment: string | undefined) => comment?.endsWith(`~${command.tag}`) === true;
  const missing = (what: string) => [violation('lost', `answered SUCCESS, but the account has no ${what}`)];
  switch (command.asked.kind) {
    case 'market':
      // What was found as a position, after its answer was lost, names no deal.
      if (deal === 0) return account.ordersOf(command.tag).length > 0 ? [] : missing('order with its tag');
      return isTagged(account.deals.get(deal)?.comment) ? [] : missing(`deal ${deal} with its tag`);
    case 'pending':
      return isTagged(account.orders.get(order)?.comment) ? [] : missing(`order ${order} with its tag`);
    case 'close':
      // A position that was gone already is closed without a deal.
      if (deal === 0) return account.positions.has(ticket) ? missing(`closing of position ${ticket}`) : [];
      return isTagged(account.deals.get(deal)?.comment) ? [] : missing(`deal ${deal} with its tag`);
    case 'cancel':
      return account.orders.get(ticket)?.state === 'CANCELED' ? [] : missing(`cancelled order ${ticket}`);
    case 'protect':
    case 'change':
      // The next change takes its place: only the broker's requests tell, and whoever keeps them looks there.
      return [];
  }
}

/** What an ERROR says did not happen left nothing. */
function nothingHappened(
  command: SentCommand,
  reply: Reply,
  { sent, account, killsAtMs }: Evidence,
): readonly Violation[] {
  const says = `answered ${reply.code ?? reply.status}, but`;
  const orders = account.ordersOf(command.tag);
  if (orders.length > 0) return [violation('contradicted', `${says} order ${orders[0]!.ticket} carries its tag`)];
  const { asked } = command;
  if (asked.kind !== 'cancel') return [];
  const order = account.orders.get(asked.ticket);
  if (order?.state !== 'CANCELED') return [];
  const byKill = killsAtMs.some((atMs) => order.doneAtMs >= atMs - 50 && order.doneAtMs <= atMs + FLATTEN_MS);
  const byOther = sent.some(
    (other) => other !== command && other.asked.kind === 'cancel' && other.asked.ticket === asked.ticket,
  );
  return byKill || byOther ? [] : [violation('contradicted', `${says} order ${asked.ticket} was cancelled`)];
}

function violation(kind: ViolationKind, what: string): Violation {
  return { kind, what };
}

function shown({ status, code, data }: Reply): string {
  return `${status} ${code ?? ''} ${JSON.stringify(data)}`;
}
