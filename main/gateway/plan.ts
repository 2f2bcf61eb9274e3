import type { CloseOrder, OrderChange, PositionChange } from '../mt5/handler.ts';
import type { NewOrder, Order, Position } from '../mt5/market.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { OrderType, Payload, Side } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';

/** Closes one position, or part of it. */
export interface ClosePlan {
  readonly kind: 'close';
  readonly close: CloseOrder;
  readonly position: Position;
  readonly tag: string;
  /** The position is as the terminal told it, and was not asked for: where it turns out to be gone, nothing was done. */
  readonly isTold?: true;
}

/** Closes every position that was there when the plan was made and that the filter let through. */
export interface CloseAllPlan {
  readonly kind: 'close-all';
  readonly filter: Payload<'CLOSE_ALL'>;
  readonly closes: readonly ClosePlan[];
  readonly tag: string;
}

/** Changes a position's stops; `position` is as it was read, `asked` what the client named of it. */
export interface PositionChangePlan {
  readonly kind: 'modify-position';
  readonly asked: Payload<'MODIFY_POSITION'>;
  readonly change: PositionChange;
  readonly position: Position;
}

/** Changes a pending order, likewise. */
export interface OrderChangePlan {
  readonly kind: 'modify-order';
  readonly asked: Payload<'MODIFY_ORDER'>;
  readonly change: OrderChange;
  readonly order: Order;
}

/** What the terminal is asked to do in one call. */
export type SinglePlan =
  | { readonly kind: 'open'; readonly order: NewOrder; readonly tag: string }
  | ClosePlan
  | { readonly kind: 'cancel'; readonly ticket: Ticket }
  | PositionChangePlan
  | OrderChangePlan;

/** What the terminal is asked to do. */
export type Plan = SinglePlan | CloseAllPlan;

/** Whether making a plan ended in a refusal. */
export function isRefusal(made: Plan | Refusal): made is Refusal {
  return 'code' in made;
}

/** Why a position cannot be closed that is not there. */
export function noPosition(ticket: Ticket): Refusal {
  return refusal('NOT_FOUND', `there is no open position ${ticket}`);
}

/** What is being traded, for the audit row and the reply. */
export interface Subject {
  readonly symbol?: string | undefined;
  readonly side?: Side;
  readonly type?: OrderType;
  readonly volumeLots?: number;
  readonly price?: number;
  readonly sl?: number;
  readonly tp?: number;
  readonly magic?: bigint | undefined;
  readonly tag?: string;
  /** The position or order that it is about. */
  readonly ticket?: Ticket;
}

/** The subject of a plan. `side` is the side of the deal: closing a long position sells. */
export function subjectOf(plan: Plan): Subject {
  switch (plan.kind) {
    case 'open':
      return { ...plan.order, tag: plan.tag };
    case 'close':
      return {
        symbol: plan.close.symbol,
        side: closingSide(plan.position),
        volumeLots: volumeToClose(plan),
        magic: plan.close.magic,
        tag: plan.tag,
        ticket: plan.close.ticket,
      };
    case 'cancel':
      return { ticket: plan.ticket };
    case 'modify-position': {
      const { symbol, side, magic } = plan.position;
      return { symbol, side, magic, ...plan.change };
    }
    case 'modify-order': {
      const { symbol, magic } = plan.order;
      const { ticket, price, sl, tp } = plan.change;
      return { symbol, side: sideOfOrder(plan.order), magic, ticket, price, sl, tp };
    }
    case 'close-all':
      return { symbol: plan.filter.symbol, magic: plan.filter.magic, tag: plan.tag };
  }
}

/** The lots that a close is to take from its position. */
export function volumeToClose({ close, position }: ClosePlan): number {
  return close.volumeLots ?? position.volumeLots;
}

/** The side of the deal that closes a position. */
export function closingSide({ side }: Pick<Position, 'side'>): Side {
  return side === 'BUY' ? 'SELL' : 'BUY';
}

function sideOfOrder({ type }: Order): Side {
  return type.startsWith('BUY') ? 'BUY' : 'SELL';
}
