import type { CloseOrder, TradeResult } from '../handler.ts';
import type { Deal, Order } from '../market.ts';
import { RETCODE } from '../retcodes.ts';
import { addLots, normaliseLots } from '../volume.ts';
import type { BookPosition } from './book.ts';
import { symbolOf, type Desk } from './desk.ts';
import type { Draft } from './draft.ts';
import { fillExit, type Fill } from './execution.ts';
import { fillingModes } from './filling.ts';
import type { Ledger } from './ledger.ts';
import { opposite } from './money.ts';
import { filledLots, type MarketChance } from './order-entry.ts';
import { checkClose, checkSlip } from './order-rules.ts';
import { closingPrice } from './price-rules.ts';
import { refuse } from './verdict.ts';

/** Why the broker itself closes a position. */
export interface Liquidation {
  readonly price: number;
  readonly reason: Exclude<Deal['reason'], 'CLIENT' | 'EXPERT'>;
  readonly comment: string;
}

/** Closes a position or a part of it. Where there is none it is refused with 10036 and nothing is opened. */
export function closePosition(ledger: Ledger, close: CloseOrder, chance: MarketChance): TradeResult {
  const { desk } = ledger;
  const position = desk.book.positions.get(close.ticket);
  if (position === undefined) return ledger.refusal(refuse(RETCODE.POSITION_CLOSED), close.symbol);
  const price = closingPrice(position.side, desk.tick(position.symbol));
  const { spec } = symbolOf(desk, position.symbol);
  const refused = checkClose(desk, position, close) ?? checkSlip(spec, chance.askedPrice, price, close.deviationPoints);
  if (refused !== null) return ledger.refusal(refused, position.symbol);
  const asked = normaliseLots(close.volumeLots ?? position.volumeLots);
  const draft = ledger.draft();
  const order = { ...exitOrder(desk, draft, position, asked, price), magic: close.magic, comment: close.comment };
  const lots = filledLots(desk, position.symbol, asked, chance.share);
  const killed = lots === 0 || (order.filling === 'FOK' && lots < asked);
  if (killed) return ledger.refusal(refuse(RETCODE.REJECT, 'not enough volume at this price'), position.symbol);
  return exit(ledger, draft, position, { order, lots, price, atMs: desk.nowMs(), reason: 'EXPERT' });
}

/** Closes a whole position by the broker's own decision, with no rule in the way. */
export function liquidate(
  ledger: Ledger,
  position: BookPosition,
  { price, reason, comment }: Liquidation,
): TradeResult {
  const { desk } = ledger;
  const draft = ledger.draft();
  const lots = position.volumeLots;
  const order = { ...exitOrder(desk, draft, position, lots, price), comment };
  return exit(ledger, draft, position, { order, lots, price, atMs: desk.nowMs(), reason });
}

function exit(ledger: Ledger, draft: Draft, position: BookPosition, fill: Fill): TradeResult {
  const { order, lots, price } = fill;
  const filled = fillExit(draft, ledger.desk, fill, position);
  const retcode = addLots(order.volumeInitialLots, -lots) > 0 ? RETCODE.DONE_PARTIAL : RETCODE.DONE;
  return ledger.commit(draft, order.symbol, retcode, { ...filled, order: order.ticket, volumeLots: lots, price });
}

function exitOrder(desk: Desk, draft: Draft, position: BookPosition, lots: number, price: number): Order {
  const { symbol, magic, identifier } = position;
  const [filling] = fillingModes(symbolOf(desk, symbol).spec, 'MARKET');
  return {
    ticket: draft.takeTicket(),
    symbol,
    type: opposite(position.side),
    state: 'STARTED',
    volumeInitialLots: lots,
    volumeCurrentLots: lots,
    openPrice: price,
    currentPrice: price,
    sl: 0,
    tp: 0,
    filling: filling ?? 'RETURN',
    magic,
    comment: '',
    position: identifier,
    setupAtMs: desk.nowMs(),
    doneAtMs: 0,
    expirationMs: 0,
  };
}
