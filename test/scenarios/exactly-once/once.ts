import { expect } from 'vitest';
import { isOpenState } from '../../../main/audit/command-record.ts';
import { tagIn } from '../../../main/mt5/tag.ts';
import type { Order } from '../../../main/mt5/market.ts';
import type { BookChange } from '../../../main/mt5/paper/book.ts';
import { parseEntry } from '../../../main/mt5/paper/journal-line.ts';
import { isAction, isTradingAction } from '../../../main/protocol/actions.ts';
import { ANONYMOUS_CLIENT } from '../../../main/protocol/constants.ts';
import { type Answer, toReply } from '../../../main/protocol/envelope.ts';
import { encodeJson, parseTrustedJson } from '../../../main/protocol/json.ts';
import type { LooseReply, Sent } from '../brain.ts';
import type { FabricRig } from '../fabric-rig.ts';

/**
 * The promise over everything: at most one logical order a `req_id` in the broker's journal, none without a DISPATCH row,
 * at most one reply a request, and behind every reply a row that says the same.
 */
export function expectOnce(rig: FabricRig): void {
  expect(breachesOfOnce(rig)).toEqual([]);
}

/** What breaks that promise, one sentence each. */
export function breachesOfOnce(rig: FabricRig): readonly string[] {
  return [...ordersTwice(rig), ...ordersWithoutRow(rig), ...repliesWithoutRow(rig)];
}

/** A reply without what a second sending may change: its own time, and that it is a duplicate. */
export function asRecorded({ text }: Sent): string {
  return text.replace(/"timestamp":[0-9.]+,/, '').replace(',"duplicate":true', '');
}

/** Every order in the broker's journal that carries a tag, pending and ended, as it was last. */
function taggedOrders(rig: FabricRig): readonly { readonly order: Order; readonly tag: string }[] {
  const orders = journalChanges(rig).flatMap((change) => ('order' in change ? [change.order] : []));
  const latest = new Map(orders.map((order) => [order.ticket, order]));
  return [...latest.values()].flatMap((order) => {
    const tag = tagIn(order.comment);
    return tag === null ? [] : [{ order, tag }];
  });
}

/** A command has one order, or one for each position that it closes. */
function ordersTwice(rig: FabricRig): readonly string[] {
  const seen = new Map<string, Order>();
  return taggedOrders(rig).flatMap(({ order, tag }) => {
    const about = isEntry(order) ? 'an entry' : `position ${order.position}`;
    const other = seen.get(`${tag} ${about}`);
    seen.set(`${tag} ${about}`, order);
    return other === undefined ? [] : [`orders ${other.ticket} and ${order.ticket} are both of ${tag} for ${about}`];
  });
}

/** Entries that no command was dispatched for: by their tag, and by their number where a broker rewrote the comments. */
function ordersWithoutRow(rig: FabricRig): readonly string[] {
  const dispatched = rig.audit.rows.filter(({ type, action }) => type === 'DISPATCH' && action === 'OPEN_ORDER');
  const tags = new Set(dispatched.map(({ tag }) => tag));
  const strangers = taggedOrders(rig).filter(({ order, tag }) => isEntry(order) && !tags.has(tag));
  const entries = journalChanges(rig).flatMap((change) =>
    change.kind === 'DEAL' && change.deal.entry === 'IN' && change.deal.magic !== 0n ? [change.deal.order] : [],
  );
  const surplus = new Set(entries).size - dispatched.length;
  return [
    ...strangers.map(({ order, tag }) => `order ${order.ticket} of ${tag} has no DISPATCH row`),
    ...(surplus > 0 ? [`${surplus} more orders were filled than dispatched`] : []),
  ];
}

function repliesWithoutRow(rig: FabricRig): readonly string[] {
  return rig.sent.flatMap((sent) => {
    if (sent.replies > 1) return [`${sent.reqId} was answered ${sent.replies} times`];
    const command = commandOf(sent);
    if (sent.reply === null || command === null || isSaidToBeUnrecorded(sent.reply)) return [];
    const rows = rig.audit.rows.filter(({ actor, reqId }) => actor === command.client && reqId === command.reqId);
    const isBacked = sent.reply.status === 'PENDING' ? rows.length > 0 : rows.some((row) => saysSame(row, sent));
    return isBacked ? [] : [`no row says what ${sent.reqId} was answered: ${sent.text}`];
  });
}

/** Whose command a request is; null for what is no trading command. */
function commandOf({ bytes }: Sent): { readonly client: string; readonly reqId: string } | null {
  const request = parseTrustedJson(Buffer.from(bytes).toString()) as Record<string, string>;
  const { action = '', req_id: reqId = '', client_id: client = ANONYMOUS_CLIENT } = request;
  return isAction(action) && isTradingAction(action) ? { client, reqId } : null;
}

/** The two refusals that say themselves that nothing is on record. */
function isSaidToBeUnrecorded({ code }: LooseReply): boolean {
  return code === 'AUDIT_UNAVAILABLE' || code === 'BUSY';
}

/** Whether a final row holds the very reply that was given. */
function saysSame({ answer, status = '' }: FabricRig['audit']['rows'][number], sent: Sent): boolean {
  if (answer === undefined || status === 'UNKNOWN' || (status !== 'REFUSED' && isOpenState(status as never)))
    return false;
  const recorded = encodeJson(toReply(sent.reqId, parseTrustedJson(answer) as Answer, 0));
  return recorded.replace('"timestamp":0,', '') === asRecorded(sent);
}

function journalChanges(rig: FabricRig): readonly BookChange[] {
  const lines = rig.paper.journal().trimEnd().split('\n').slice(1);
  return lines.flatMap((line) => {
    const entry = parseEntry(line);
    if (entry === null) throw new Error(`the broker's journal has a line that cannot be read: ${line}`);
    return entry.changes;
  });
}

/** An order that opens names no position, or the one that it made. */
function isEntry({ position, ticket }: Order): boolean {
  return position === 0n || position === ticket;
}
