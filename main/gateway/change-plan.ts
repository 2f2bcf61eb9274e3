import type { Mt5Handler, OrderChange, PositionChange } from '../mt5/handler.ts';
import type { Order, Position } from '../mt5/market.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Payload } from '../protocol/payloads.ts';
import type { OrderChangePlan, PositionChangePlan } from './plan.ts';

/** Reads the position and plans the change: what the client does not name stays as it is. */
export async function planPositionChange(
  asked: Payload<'MODIFY_POSITION'>,
  terminal: Mt5Handler,
): Promise<PositionChangePlan | Refusal> {
  const { ticket } = asked;
  const found = await terminal.positions({ ticket });
  if (!found.ok) return refusal(found.code, found.message);
  const position = found.value.find((other) => other.ticket === ticket);
  if (position === undefined) return refusal('NOT_FOUND', `there is no open position ${ticket}`);
  return { kind: 'modify-position', asked, position, change: positionAfter(asked, position) };
}

/** Reads the pending order and plans the change, likewise. */
export async function planOrderChange(
  asked: Payload<'MODIFY_ORDER'>,
  terminal: Mt5Handler,
): Promise<OrderChangePlan | Refusal> {
  const { ticket } = asked;
  const found = await terminal.orders({ ticket });
  if (!found.ok) return refusal(found.code, found.message);
  const order = found.value.find((other) => other.ticket === ticket);
  if (order === undefined) return refusal('NOT_FOUND', `there is no pending order ${ticket}`);
  return { kind: 'modify-order', asked, order, change: orderAfter(asked, order) };
}

function positionAfter({ sl, tp }: Payload<'MODIFY_POSITION'>, position: Position): PositionChange {
  return { ticket: position.ticket, sl: sl ?? position.sl, tp: tp ?? position.tp };
}

function orderAfter({ price, sl, tp, expiration }: Payload<'MODIFY_ORDER'>, order: Order): OrderChange {
  const expirationMs = expiration === undefined ? order.expirationMs : expiration * 1000;
  return {
    ticket: order.ticket,
    price: price ?? order.openPrice,
    sl: sl ?? order.sl,
    tp: tp ?? order.tp,
    ...(expirationMs === 0 ? {} : { expirationMs }),
  };
}
