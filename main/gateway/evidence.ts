import type { Mt5Handler, TradeResult, Traces } from '../mt5/handler.ts';
import type { Deal, Order } from '../mt5/market.ts';
import { RETCODE } from '../mt5/retcodes.ts';
import { success } from '../protocol/envelope.ts';
import { toTicket } from '../protocol/ticket.ts';
import { type Done, doneData, refused } from './ending.ts';
import type { Subject } from './plan.ts';
import { tagIn } from './trade-marks.ts';
import type { Ending } from './trade-journal.ts';

/** A command whose outcome is not known, as far as it takes to look for what it did. */
export interface Search {
  readonly kind: 'open' | 'close' | 'cancel';
  readonly subject: Subject;
  /** When it was received: what it did cannot be older. Unix milliseconds. */
  readonly receivedAtMs: number;
  /** When its answer was lost, Unix milliseconds. */
  readonly lostAtMs: number;
}

/** What one look at the terminal told. */
export type Finding =
  /** Proof of what happened. */
  | { readonly kind: 'proof'; readonly ending: Ending; readonly what: string }
  /** A complete book and history without a trace. */
  | { readonly kind: 'nothing' }
  /** Neither: no terminal to ask, a history that is not complete, an order still in work, or a look-alike without a tag. */
  | { readonly kind: 'unclear'; readonly why: string };

const NONE = toTicket(0);
const HISTORY_MARGIN_MS = 86_400_000;
/** How far the broker's clock may be behind the gateway's. */
const CLOCK_MARGIN_MS = 60_000;

/** Looks once for what a command did. Only its own tag together with its magic number proves anything. */
export async function lookFor(search: Search, terminal: Mt5Handler): Promise<Finding> {
  return search.kind === 'cancel' ? lookForCancelled(search, terminal) : lookForTag(search, terminal);
}

async function lookForTag(search: Search, terminal: Mt5Handler): Promise<Finding> {
  const { tag, magic } = search.subject;
  if (tag === undefined || magic === undefined) return { kind: 'unclear', why: 'the order carries no tag' };
  const found = await terminal.find(tag);
  if (!found.ok) return { kind: 'unclear', why: found.message };
  const traces = onlyOwn(found.value, magic, tag);
  const finding = search.kind === 'open' ? opened(search, traces) : closed(search, traces);
  if (finding !== null) return finding;
  if (!traces.complete) return { kind: 'unclear', why: "the terminal's history is not complete yet" };
  return lookAlikes(search, terminal);
}

function onlyOwn(traces: Traces, magic: bigint, tag: string): Traces {
  const isOurs = (trade: { readonly magic: bigint; readonly comment: string }) =>
    trade.magic === magic && tagIn(trade.comment) === tag;
  return {
    complete: traces.complete,
    positions: traces.positions.filter(isOurs),
    pending: traces.pending.filter(isOurs),
    orders: traces.orders.filter(isOurs),
    deals: traces.deals.filter(isOurs),
  };
}

function opened(search: Search, { positions, pending, orders, deals }: Traces): Finding | null {
  const entries = deals.filter((deal) => deal.entry === 'IN' || deal.entry === 'INOUT');
  const [waiting] = pending;
  if (waiting !== undefined && waiting.volumeCurrentLots === waiting.volumeInitialLots) return placed(search, waiting);
  if (entries.length > 0) return filled(search, entries, waiting !== undefined);
  const [position] = positions;
  if (position !== undefined) {
    const { ticket, openPrice: price, volumeLots } = position;
    return proof(search, { ticket, order: NONE, deal: NONE, position: ticket, volumeLots, price }, 'a position');
  }
  return ended(search, orders);
}

function closed(search: Search, { orders, deals }: Traces): Finding | null {
  const exits = deals.filter((deal) => deal.entry !== 'IN');
  return exits.length > 0 ? filled(search, exits, false) : ended(search, orders);
}

/** No deal, but an order in the history: it ended without a fill. */
function ended(search: Search, orders: readonly Order[]): Finding | null {
  const [order] = orders;
  if (order === undefined) return null;
  const what = `order ${order.ticket} ended as ${order.state}`;
  switch (order.state) {
    case 'REJECTED':
      return { kind: 'proof', what, ending: refused('REJECTED', 'REJECTED', what) };
    case 'CANCELED':
    case 'EXPIRED':
      return search.subject.type === undefined || search.subject.type === 'MARKET'
        ? { kind: 'proof', what, ending: refused('REJECTED', 'REJECTED', `${what}, without a fill`) }
        : placed(search, order);
    case 'STARTED':
    case 'PLACED':
    case 'PARTIAL':
    case 'FILLED':
      // Its deals must still turn up.
      return { kind: 'unclear', why: `order ${order.ticket} is ${order.state}` };
  }
}

function placed(search: Search, order: Order): Finding {
  const { ticket, openPrice: price, volumeInitialLots: volumeLots } = order;
  const done = { ticket, order: ticket, deal: NONE, position: NONE, volumeLots, price };
  return proof(search, done, 'a pending order', 'PLACED');
}

function filled(search: Search, deals: readonly Deal[], restIsWaiting: boolean): Finding {
  const volumeLots = sum(deals.map((deal) => deal.volumeLots));
  const price = sum(deals.map((deal) => deal.price * deal.volumeLots)) / volumeLots;
  const last = deals.at(-1);
  const { order = NONE, ticket: deal = NONE, position = NONE, symbol, side } = last ?? {};
  const asked = search.subject.volumeLots ?? volumeLots;
  const isPart = restIsWaiting || volumeLots < asked - 1e-9;
  const ticket = search.subject.ticket ?? (position === 0n ? order : position);
  const done = { ticket, order, deal, position, volumeLots, price: tidy(price), symbol, side };
  return proof(search, done, `${deals.length} deal(s)`, isPart ? 'PARTIAL' : 'DONE');
}

function proof(
  search: Search,
  found: Omit<Done, 'retcode'>,
  what: string,
  state: 'DONE' | 'PARTIAL' | 'PLACED' = 'DONE',
): Finding {
  const retcode = { DONE: RETCODE.DONE, PARTIAL: RETCODE.DONE_PARTIAL, PLACED: RETCODE.PLACED }[state];
  const { symbol = found.symbol, side = found.side } = search.subject;
  const message = `found ${what} with its tag`;
  const { order, deal, position, volumeLots, price } = found;
  const result: TradeResult = { order, deal, position, volumeLots, price, retcode, message, bid: 0, ask: 0 };
  const ending: Ending = { state, answer: success(doneData({ ...found, retcode, symbol, side }), retcode), result };
  return { kind: 'proof', ending, what: message };
}

/** A broker may rewrite comments: what could be it, but carries no tag, keeps it unclear. */
async function lookAlikes(search: Search, terminal: Mt5Handler): Promise<Finding> {
  const { subject, receivedAtMs, lostAtMs } = search;
  const sinceMs = receivedAtMs - CLOCK_MARGIN_MS;
  const history = await terminal.history(sinceMs, lostAtMs + HISTORY_MARGIN_MS);
  const orders = await terminal.orders({ symbol: subject.symbol, magic: subject.magic });
  if (!history.ok) return { kind: 'unclear', why: history.message };
  if (!orders.ok) return { kind: 'unclear', why: orders.message };
  const deal = history.value.deals.find((other) => other.atMs >= sinceMs && couldBe(search, other));
  const order = orders.value.find(
    (other) => search.kind === 'open' && other.setupAtMs >= sinceMs && isUntagged(other, subject),
  );
  const suspect = deal ?? order;
  if (suspect === undefined) return { kind: 'nothing' };
  return { kind: 'unclear', why: `${suspect.ticket} looks like it, but carries no tag: a person has to decide` };
}

function couldBe({ kind, subject }: Search, deal: Deal): boolean {
  // Stops and stop outs carry no tag either, but are not ours.
  if (deal.reason !== 'EXPERT') return false;
  if (kind === 'close') return deal.position === subject.ticket && deal.entry !== 'IN' && tagIn(deal.comment) === null;
  return deal.side === subject.side && isUntagged(deal, subject);
}

function isUntagged(trade: Deal | Order, { symbol, magic }: Subject): boolean {
  return trade.magic === magic && trade.symbol === symbol && tagIn(trade.comment) === null;
}

/** A cancelled order carries no tag of the cancelling: whether it is gone, and how, tells. */
async function lookForCancelled({ subject, receivedAtMs, lostAtMs }: Search, terminal: Mt5Handler): Promise<Finding> {
  const { ticket } = subject;
  if (ticket === undefined) return { kind: 'unclear', why: 'the command names no order' };
  const pending = await terminal.orders({ ticket });
  if (!pending.ok) return { kind: 'unclear', why: pending.message };
  if (pending.value.some((order) => order.ticket === ticket)) return { kind: 'nothing' };
  // It may have ended before the command came.
  const history = await terminal.history(receivedAtMs - HISTORY_MARGIN_MS, lostAtMs + HISTORY_MARGIN_MS);
  if (!history.ok) return { kind: 'unclear', why: history.message };
  const order = history.value.orders.find((other) => other.ticket === ticket);
  if (order === undefined) return { kind: 'unclear', why: `order ${ticket} is neither pending nor in the history yet` };
  return cancelled(order);
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
/** Takes the noise of a mean of doubles away; no price has more than ten decimals. */
const tidy = (price: number): number => Math.round(price * 1e10) / 1e10;
