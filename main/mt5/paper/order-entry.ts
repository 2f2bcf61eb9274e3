import type { TradeResult } from '../handler.ts';
import type { FillingMode, NewOrder, Order } from '../market.ts';
import { normalisePrice } from '../price.ts';
import { RETCODE } from '../retcodes.ts';
import { addLots, normaliseLots, roundDownToStep } from '../volume.ts';
import { symbolOf, type Desk } from './desk.ts';
import type { Draft } from './draft.ts';
import { fillEntry, type Fill } from './execution.ts';
import type { Ledger } from './ledger.ts';
import { dealPrice } from './money.ts';
import { checkNewOrder, checkSlip } from './order-rules.ts';
import { NO_TICKET, refuse, tradeResult } from './verdict.ts';

/** What an order meets at the market. */
export interface MarketChance {
  /** The price when the order was given; instant execution holds on to it. */
  readonly askedPrice: number;
  /** Which share of the volume finds a counterpart, 1 for all of it. */
  readonly share: number;
}

/** What `sendOrder` would answer now, without doing it. */
export function checkOrder(ledger: Ledger, asked: NewOrder, filling: FillingMode): TradeResult {
  const order = normalise(ledger.desk, asked);
  const refused = checkNewOrder(ledger.desk, order, filling);
  if (refused !== null) return ledger.refusal(refused, order.symbol);
  const retcode = order.type === 'MARKET' ? RETCODE.DONE : RETCODE.PLACED;
  return tradeResult(retcode, ledger.desk.tick(order.symbol), { volumeLots: normaliseLots(order.volumeLots) });
}

/** Executes a market order, or places a pending one. */
export function sendOrder(ledger: Ledger, asked: NewOrder, filling: FillingMode, chance: MarketChance): TradeResult {
  const order = normalise(ledger.desk, asked);
  const refused = checkNewOrder(ledger.desk, order, filling);
  if (refused !== null) return ledger.refusal(refused, order.symbol);
  return order.type === 'MARKET' ? execute(ledger, order, filling, chance) : place(ledger, order, filling);
}

/** Fills a pending order at `price`, or the share of it that finds a counterpart; the rest goes on waiting. */
export function fillPending(ledger: Ledger, order: Order, price: number, share: number): TradeResult {
  const lots = filledLots(ledger.desk, order.symbol, order.volumeCurrentLots, share);
  if (lots === 0) return ledger.refusal(refuse(RETCODE.REJECT, 'no volume at this price'), order.symbol);
  return fill(ledger, ledger.draft(), { order, lots, price, atMs: ledger.desk.nowMs(), reason: 'EXPERT' });
}

/** The part of a volume that finds a counterpart, in whole steps. */
export function filledLots(desk: Desk, symbol: string, lots: number, share: number): number {
  return share >= 1 ? lots : roundDownToStep(lots * share, symbolOf(desk, symbol).spec.volumeStep);
}

function execute(ledger: Ledger, asked: NewOrder, filling: FillingMode, chance: MarketChance): TradeResult {
  const { desk } = ledger;
  const { symbol, side, deviationPoints } = asked;
  const price = dealPrice(side, desk.tick(symbol));
  const slipped = checkSlip(symbolOf(desk, symbol).spec, chance.askedPrice, price, deviationPoints);
  if (slipped !== null) return ledger.refusal(slipped, symbol);
  const draft = ledger.draft();
  const order = newOrder(desk, draft, asked, filling, price);
  const lots = filledLots(desk, symbol, order.volumeInitialLots, chance.share);
  const killed = lots === 0 || (filling === 'FOK' && lots < order.volumeInitialLots);
  if (killed) return ledger.refusal(refuse(RETCODE.REJECT, 'not enough volume at this price'), symbol);
  return fill(ledger, draft, { order, lots, price, atMs: desk.nowMs(), reason: 'EXPERT' });
}

function fill(ledger: Ledger, draft: Draft, filling: Fill): TradeResult {
  const { order, lots, price } = filling;
  const filled = fillEntry(draft, ledger.desk, filling);
  const retcode = addLots(order.volumeCurrentLots, -lots) > 0 ? RETCODE.DONE_PARTIAL : RETCODE.DONE;
  return ledger.commit(draft, order.symbol, retcode, { ...filled, order: order.ticket, volumeLots: lots, price });
}

function place(ledger: Ledger, asked: NewOrder, filling: FillingMode): TradeResult {
  const draft = ledger.draft();
  const order: Order = { ...newOrder(ledger.desk, draft, asked, filling, asked.price ?? 0), state: 'PLACED' };
  draft.add({ kind: 'ORDER', order });
  return ledger.commit(draft, order.symbol, RETCODE.PLACED, {
    order: order.ticket,
    volumeLots: order.volumeInitialLots,
    price: order.openPrice,
  });
}

function newOrder(desk: Desk, draft: Draft, asked: NewOrder, filling: FillingMode, openPrice: number): Order {
  const volumeLots = normaliseLots(asked.volumeLots);
  return {
    ticket: draft.takeTicket(),
    symbol: asked.symbol,
    type: asked.type === 'MARKET' ? asked.side : `${asked.side}_${asked.type}`,
    state: 'STARTED',
    volumeInitialLots: volumeLots,
    volumeCurrentLots: volumeLots,
    openPrice,
    currentPrice: dealPrice(asked.side, desk.tick(asked.symbol)),
    sl: asked.sl ?? 0,
    tp: asked.tp ?? 0,
    filling,
    magic: asked.magic,
    comment: asked.comment,
    position: NO_TICKET,
    setupAtMs: desk.nowMs(),
    doneAtMs: 0,
    expirationMs: asked.type === 'MARKET' ? 0 : (asked.expirationMs ?? 0),
  };
}

/** Prices to the symbol's digits, as the terminal hands them to its broker. */
function normalise(desk: Desk, order: NewOrder): NewOrder {
  const digits = desk.symbols.get(order.symbol)?.spec.digits;
  if (digits === undefined) return order;
  return {
    ...order,
    ...(order.price === undefined ? {} : { price: normalisePrice(order.price, digits) }),
    sl: normalisePrice(order.sl ?? 0, digits),
    tp: normalisePrice(order.tp ?? 0, digits),
  };
}
