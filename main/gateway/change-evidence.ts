import type { Mt5Handler } from '../mt5/handler.ts';
import type { Deal, Order, Position } from '../mt5/market.ts';
import { normalisePrice } from '../mt5/price.ts';
import { RETCODE } from '../mt5/retcodes.ts';
import { success } from '../protocol/envelope.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import { toTicket } from '../protocol/ticket.ts';
import { doneData, refused } from './ending.ts';
import { type Finding, HISTORY_MARGIN_MS, type Search, type SearchFor } from './search.ts';

const NONE = toTicket(0);

/** A cancelled order carries no tag of the cancelling: whether it is gone, and how, tells. */
export async function lookForCancelled(search: SearchFor<'cancel'>, terminal: Mt5Handler): Promise<Finding> {
  const found = await findOrder(search, search.ticket, terminal);
  if ('kind' in found) return found;
  return found.isPending ? { kind: 'nothing' } : cancelled(found.order);
}

/** A changed order carries no tag of the change: whether it has what was asked for, or had it when it ended, tells. */
export async function lookForOrderChange(search: SearchFor<'modify-order'>, terminal: Mt5Handler): Promise<Finding> {
  const { asked } = search;
  const found = await findOrder(search, asked.ticket, terminal);
  if ('kind' in found) return found;
  const { order, isPending } = found;
  const digits = await digitsOf(order.symbol, terminal);
  if (digits === null) return { kind: 'unclear', why: `the terminal does not tell the digits of ${order.symbol}` };
  const { openPrice: price, sl, tp, expirationMs } = order;
  const isInForce =
    isPrice(asked.price, price, digits) &&
    isPrice(asked.sl, sl, digits) &&
    isPrice(asked.tp, tp, digits) &&
    isTime(asked.expiration, expirationMs);
  if (isInForce) return changed(order, { price, sl, tp, expiration: expirationMs / 1000 });
  if (isPending) return { kind: 'nothing' };
  const what = `order ${order.ticket} ended as ${order.state}, without the change`;
  return { kind: 'proof', what, ending: refused('REJECTED', 'NOT_FOUND', what) };
}

/** Likewise for the stops of a position; of one that is closed only a stop that was hit can tell which it had. */
export async function lookForPositionChange(
  search: SearchFor<'modify-position'>,
  terminal: Mt5Handler,
): Promise<Finding> {
  const { ticket, sl, tp } = search.asked;
  const open = await terminal.positions({ ticket });
  if (!open.ok) return { kind: 'unclear', why: open.message };
  const position = open.value.find((other) => other.ticket === ticket);
  if (position === undefined) return lookForClosedOne(search, terminal);
  const digits = await digitsOf(position.symbol, terminal);
  if (digits === null) return { kind: 'unclear', why: `the terminal does not tell the digits of ${position.symbol}` };
  const isInForce = isPrice(sl, position.sl, digits) && isPrice(tp, position.tp, digits);
  return isInForce ? changed(position, { sl: position.sl, tp: position.tp }) : { kind: 'nothing' };
}

async function lookForClosedOne(search: SearchFor<'modify-position'>, terminal: Mt5Handler): Promise<Finding> {
  const { asked, positionId = asked.ticket } = search;
  const history = await historyAround(search, terminal);
  if (!history.ok) return { kind: 'unclear', why: history.message };
  const exit = history.value.deals.findLast((deal) => deal.position === positionId && deal.entry !== 'IN');
  if (exit === undefined) {
    return { kind: 'unclear', why: `position ${asked.ticket} is neither open nor closed in the history yet` };
  }
  const stop = stopHit(exit);
  const wanted = exit.reason === 'SL' ? asked.sl : asked.tp;
  const digits = await digitsOf(exit.symbol, terminal);
  if (stop !== null && wanted !== undefined && digits !== null && isPrice(wanted, stop, digits)) {
    return changed({ ticket: asked.ticket, symbol: exit.symbol }, exit.reason === 'SL' ? { sl: stop } : { tp: stop });
  }
  const what = `position ${asked.ticket} was closed by deal ${exit.ticket}: the change is not in force`;
  return { kind: 'proof', what, ending: refused('REJECTED', 'NOT_FOUND', what) };
}

/** The price in a comment like "[sl 1.09500]", which the broker gives a deal that a stop made. */
function stopHit({ reason, comment }: Deal): number | null {
  if (reason !== 'SL' && reason !== 'TP') return null;
  const price = /\[(?:sl|tp) ([0-9.]+)\]/.exec(comment)?.[1];
  return price === undefined ? null : Number(price);
}

type FoundOrder = { readonly order: Order; readonly isPending: boolean };

async function findOrder(
  search: Search,
  ticket: Order['ticket'],
  terminal: Mt5Handler,
): Promise<FoundOrder | Extract<Finding, { kind: 'nothing' | 'unclear' }>> {
  const pending = await terminal.orders({ ticket });
  if (!pending.ok) return { kind: 'unclear', why: pending.message };
  const waiting = pending.value.find((order) => order.ticket === ticket);
  if (waiting !== undefined) return { order: waiting, isPending: true };
  const history = await historyAround(search, terminal);
  if (!history.ok) return { kind: 'unclear', why: history.message };
  const order = history.value.orders.find((other) => other.ticket === ticket);
  // Neither pending nor in the history, when the terminal has settled: it was never there to be changed.
  return order === undefined ? { kind: 'nothing' } : { order, isPending: false };
}

/** It may have ended before the command came. */
function historyAround({ receivedAtMs, lostAtMs }: Search, terminal: Mt5Handler): ReturnType<Mt5Handler['history']> {
  return terminal.history(receivedAtMs - HISTORY_MARGIN_MS, lostAtMs + HISTORY_MARGIN_MS);
}

async function digitsOf(symbol: string, terminal: Mt5Handler): Promise<number | null> {
  const spec = await terminal.symbol(symbol);
  return spec.ok ? spec.value.digits : null;
}

function isPrice(asked: number | undefined, actual: number, digits: number): boolean {
  return asked === undefined || normalisePrice(asked, digits) === normalisePrice(actual, digits);
}

/** Terminals keep an expiration in whole seconds. */
function isTime(askedS: number | undefined, actualMs: number): boolean {
  return askedS === undefined || Math.floor(askedS) === Math.floor(actualMs / 1000);
}

function changed({ ticket, symbol }: Pick<Position | Order, 'ticket' | 'symbol'>, inForce: JsonObject): Finding {
  const nothingTraded = { order: NONE, deal: NONE, position: NONE, volumeLots: 0, price: 0, retcode: RETCODE.DONE };
  const data = { ...doneData({ ticket, ...nothingTraded, symbol }), ...inForce };
  const what = `${ticket} has what was asked for`;
  return { kind: 'proof', what, ending: { state: 'DONE', answer: success(data, RETCODE.DONE), result: null } };
}

function cancelled(order: Order): Finding {
  const { ticket, volumeCurrentLots: volumeLots, openPrice: price, symbol, state } = order;
  const what = `order ${ticket} ended as ${state}`;
  if (state !== 'CANCELED') return { kind: 'proof', what, ending: refused('REJECTED', 'NOT_FOUND', what) };
  const data = doneData({
    ticket,
    order: ticket,
    deal: NONE,
    position: NONE,
    volumeLots,
    price,
    retcode: RETCODE.DONE,
    symbol,
  });
  return { kind: 'proof', what, ending: { state: 'DONE', answer: success(data, RETCODE.DONE), result: null } };
}
