import type { Mt5Handler, RecordedCall, TradeResult, Traces } from '../mt5/handler.ts';
import type { Deal, Mt5OrderType, Order } from '../mt5/market.ts';
import { RETCODE, retcodeClass } from '../mt5/retcodes.ts';
import { success } from '../protocol/envelope.ts';
import { toTicket } from '../protocol/ticket.ts';
import { type Done, doneData, refused } from './ending.ts';
import { CLOCK_MARGIN_MS, type Finding, HISTORY_MARGIN_MS, type SearchFor } from './search.ts';
import type { Subject } from './plan.ts';
import { tagIn } from '../mt5/tag.ts';
import type { Ending } from './trade-journal.ts';

type TagSearch = SearchFor<'open' | 'close'>;

const NONE = toTicket(0);

/** Looks for what an order or close left behind under its tag. */
export async function lookForTag(search: TagSearch, terminal: Mt5Handler): Promise<Finding> {
  const { tag, magic } = search.subject;
  if (tag === undefined || magic === undefined) return { kind: 'unclear', why: 'the order carries no tag' };
  const found = await terminal.find(tag);
  if (!found.ok) return { kind: 'unclear', why: found.message };
  const traces = onlyOwn(found.value, magic, tag);
  const finding = search.kind === 'open' ? opened(search, traces) : closed(search, traces);
  if (finding !== null) return finding;
  const noted = recorded(search, traces.recorded);
  if (noted !== null) return noted;
  if (!traces.complete) return { kind: 'unclear', why: "the terminal's history is not complete yet" };
  return lookAlikes(search, terminal);
}

/** Total lots and mean price of deals. */
export function filledBy(deals: readonly Pick<Deal, 'volumeLots' | 'price'>[]): {
  readonly volumeLots: number;
  readonly price: number;
} {
  const volumeLots = tidy(sum(deals.map((deal) => deal.volumeLots)));
  if (volumeLots === 0) return { volumeLots, price: 0 };
  return { volumeLots, price: tidy(sum(deals.map((deal) => deal.price * deal.volumeLots)) / volumeLots) };
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
    // The tag stands for client and req_id alone: of the program's own record it is enough.
    recorded: traces.recorded,
  };
}

function opened(search: TagSearch, { positions, pending, orders, deals }: Traces): Finding | null {
  const entries = deals.filter((deal) => deal.side === search.subject.side);
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

function closed(search: TagSearch, { orders, deals }: Traces): Finding | null {
  const exits = deals.filter((deal) => deal.entry !== 'IN');
  return exits.length > 0 ? filled(search, exits, false) : ended(search, orders);
}

/** No deal, but an order in the history: it ended without a fill. */
function ended(search: TagSearch, orders: readonly Order[]): Finding | null {
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

/** What the terminal program noted of it: proof also where the broker has rewritten the comment that carried the tag. */
function recorded(search: TagSearch, calls: readonly RecordedCall[]): Finding | null {
  const results = calls.flatMap(({ result }) => result ?? []);
  const done = results.find(({ retcode }) => isDone(search, retcode));
  if (done !== undefined) return noted(search, done);
  // A call that only began is one more lost answer: what became of it shows at the broker, or it did not happen.
  const refusal = results.length < calls.length ? undefined : results.at(-1);
  // What is ambiguous there is ambiguous here.
  if (refusal === undefined || results.some(({ retcode }) => retcodeClass(retcode) === 'ambiguous')) return null;
  const what = `the terminal program has recorded retcode ${refusal.retcode}`;
  return { kind: 'proof', what, ending: refused('REJECTED', 'REJECTED', what, refusal) };
}

function noted(search: TagSearch, result: TradeResult): Finding {
  const { order, deal, position, volumeLots, price, retcode } = result;
  const ticket = search.subject.ticket ?? (position === 0n ? order : position);
  const done = { ticket, order, deal, position, volumeLots, price };
  return proof(search, done, "the terminal program's own record", stateOf(retcode));
}

/** Closing what is closed already is done. */
function isDone({ kind }: TagSearch, retcode: number): boolean {
  return retcodeClass(retcode) === 'done' || (kind === 'close' && retcode === RETCODE.POSITION_CLOSED);
}

function stateOf(retcode: number): 'DONE' | 'PARTIAL' | 'PLACED' {
  if (retcode === RETCODE.DONE_PARTIAL) return 'PARTIAL';
  return retcode === RETCODE.PLACED ? 'PLACED' : 'DONE';
}

function placed(search: TagSearch, order: Order): Finding {
  const { ticket, openPrice: price, volumeInitialLots: volumeLots } = order;
  const done = { ticket, order: ticket, deal: NONE, position: NONE, volumeLots, price };
  return proof(search, done, 'a pending order', 'PLACED');
}

function filled(search: TagSearch, deals: readonly Deal[], restIsWaiting: boolean): Finding {
  const { volumeLots, price } = filledBy(deals);
  const last = deals.at(-1);
  const { order = NONE, ticket: deal = NONE, position: identifier = NONE, symbol, side } = last ?? {};
  // A netted position that was turned over keeps its identifier, and takes the order's ticket.
  const position = last?.entry === 'INOUT' ? order : identifier;
  const asked = search.subject.volumeLots ?? volumeLots;
  const isPart = restIsWaiting || volumeLots < asked - 1e-9;
  const ticket = search.subject.ticket ?? (position === 0n ? order : position);
  const done = { ticket, order, deal, position, volumeLots, price, symbol, side };
  return proof(search, done, `${deals.length} deal(s)`, isPart ? 'PARTIAL' : 'DONE');
}

function proof(
  search: TagSearch,
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
async function lookAlikes(search: TagSearch, terminal: Mt5Handler): Promise<Finding> {
  const { subject, receivedAtMs, lostAtMs } = search;
  const sinceMs = receivedAtMs - CLOCK_MARGIN_MS;
  const history = await terminal.history(sinceMs, lostAtMs + HISTORY_MARGIN_MS);
  const orders = await terminal.orders({ symbol: subject.symbol, magic: subject.magic });
  if (!history.ok) return { kind: 'unclear', why: history.message };
  if (!orders.ok) return { kind: 'unclear', why: orders.message };
  const deal = history.value.deals.find((other) => other.atMs >= sinceMs && couldBe(search, other));
  // A pending order may have been cancelled or have expired meanwhile: then only the history shows it.
  const placed = [...orders.value, ...history.value.orders.filter(({ type }) => isPendingType(type))];
  const order = placed.find(
    (other) => search.kind === 'open' && other.setupAtMs >= sinceMs && isUntagged(other, subject),
  );
  const suspect = deal ?? order;
  return suspect === undefined ? { kind: 'nothing' } : lookAlike(suspect);
}

/** What could be it, but carries no tag. */
export function lookAlike({ ticket }: Deal | Order): Finding {
  return { kind: 'unclear', why: `${ticket} looks like it, but carries no tag: a person has to decide` };
}

/** Whether a deal without a tag could be the close of a position: stops and stop outs carry none either, but are not ours. */
export function isUntaggedExit(deal: Deal, positionId: bigint | undefined): boolean {
  return (
    deal.reason === 'EXPERT' && deal.position === positionId && deal.entry !== 'IN' && tagIn(deal.comment) === null
  );
}

function couldBe(search: TagSearch, deal: Deal): boolean {
  const { subject } = search;
  if (search.kind === 'close') return isUntaggedExit(deal, search.positionId ?? subject.ticket);
  return deal.reason === 'EXPERT' && deal.side === subject.side && isUntagged(deal, subject);
}

/** Market orders are judged by their deals, which tell whether a program made them. */
function isPendingType(type: Mt5OrderType): boolean {
  return type !== 'BUY' && type !== 'SELL';
}

function isUntagged(trade: Deal | Order, { symbol, magic }: Subject): boolean {
  return trade.magic === magic && trade.symbol === symbol && tagIn(trade.comment) === null;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
/** Takes the noise of a mean of doubles away; no price has more than ten decimals. */
const tidy = (price: number): number => Math.round(price * 1e10) / 1e10;
