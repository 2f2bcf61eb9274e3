import type { Ticket } from '../../protocol/ticket.ts';
import type { CloseOrder, OrderChange, PositionChange } from '../handler.ts';
import type { NewOrder } from '../market.ts';
import { formatDecimal, formatVolume } from './line-codec.ts';

/** A trading call: its kind, and the fields behind command, epoch and validity. */
export interface TradeBody {
  readonly kind: 'send' | 'close' | 'modify' | 'change' | 'remove';
  readonly fields: readonly string[];
}

export function sendBody(order: NewOrder): TradeBody {
  return { kind: 'send', fields: orderFields(order) };
}

export function closeBody({ ticket, symbol, volumeLots, deviationPoints, magic, comment }: CloseOrder): TradeBody {
  const volume = formatVolume(volumeLots ?? 0);
  return {
    kind: 'close',
    fields: [ticket.toString(), symbol, volume, formatDecimal(deviationPoints), magic.toString(), comment],
  };
}

export function modifyBody({ ticket, sl, tp }: PositionChange): TradeBody {
  return { kind: 'modify', fields: [ticket.toString(), formatDecimal(sl), formatDecimal(tp)] };
}

export function changeBody({ ticket, price, sl, tp, expirationMs }: OrderChange): TradeBody {
  const prices = [price, sl, tp].map(formatDecimal);
  return { kind: 'change', fields: [ticket.toString(), ...prices, formatDecimal(expirationMs ?? 0)] };
}

export function removeBody(ticket: Ticket): TradeBody {
  return { kind: 'remove', fields: [ticket.toString()] };
}

/** The fields of a new order, for `send` and `check`. */
export function orderFields(order: NewOrder): readonly string[] {
  const prices = [order.price ?? 0, order.sl ?? 0, order.tp ?? 0].map(formatDecimal);
  return [
    order.symbol,
    order.side,
    order.type,
    formatVolume(order.volumeLots),
    ...prices,
    formatDecimal(order.deviationPoints),
    order.magic.toString(),
    order.comment,
    formatDecimal(order.expirationMs ?? 0),
  ];
}
