import type { AccountDeal, AccountEvidence, AccountOrder } from '../../faults/account-evidence.ts';
import type { BrokerOrder, RawTradeRequest } from '../../mql5/broker/broker-types.ts';
import { TRADE_ACTION } from '../../mql5/broker/mql5-enums.ts';
import type { SimBroker } from '../../mql5/broker/sim-broker.ts';

/** A request as the broker got it, and what it made of it. */
export interface ObservedRequest {
  readonly request: RawTradeRequest;
  /** Orders that came of it. */
  readonly orders: readonly number[];
  /** The account is as the request wanted it. */
  readonly isExecuted: boolean;
}

const TAG = /~([a-z2-7]{12})$/;

/**
 * The account as the simulated broker has it. Its requests tell what it was asked, in the program's own words, also where it
 * has written comments of its own into orders and deals.
 */
export class BrokerEvidence implements AccountEvidence {
  readonly requests: ObservedRequest[] = [];
  readonly #broker: SimBroker;
  readonly #requestOfOrder = new Map<number, RawTradeRequest>();
  #open = 0;

  constructor(broker: SimBroker) {
    this.#broker = broker;
  }

  /** To be called from the broker's hook. What it has done for a request is in the account in the turn of `executed`. */
  note(request: RawTradeRequest, phase: 'received' | 'executed'): void {
    if (phase === 'received') {
      this.#open += 1;
      return;
    }
    this.#open -= 1;
    const fresh = this.#allOrders().filter(({ ticket }) => !this.#requestOfOrder.has(Number(ticket)));
    const orders = fresh.map(({ ticket }) => Number(ticket));
    for (const ticket of orders) this.#requestOfOrder.set(ticket, request);
    this.requests.push({ request, orders, isExecuted: orders.length > 0 || this.#hasChanged(request) });
  }

  /** No request is being carried out. */
  get isIdle(): boolean {
    return this.#open === 0;
  }

  get orders(): ReadonlyMap<number, AccountOrder> {
    return new Map(this.#allOrders().map((order) => [Number(order.ticket), this.#accountOrder(order)]));
  }

  get deals(): ReadonlyMap<number, AccountDeal> {
    const deals = this.#broker.deals.map(({ ticket, order, comment, volumeLots }): AccountDeal => {
      const asked = this.#requestOfOrder.get(Number(order));
      return { ticket: Number(ticket), order: Number(order), comment: asked?.comment ?? comment, volumeLots };
    });
    return new Map(deals.map((deal) => [deal.ticket, deal]));
  }

  get positions(): ReadonlySet<number> {
    return new Set(this.#broker.positions.map(({ ticket }) => Number(ticket)));
  }

  ordersOf(tag: string): readonly AccountOrder[] {
    return [...this.orders.values()].filter(({ comment }) => tagIn(comment) === tag);
  }

  filledLots({ ticket }: AccountOrder): number {
    return [...this.deals.values()]
      .filter((deal) => deal.order === ticket)
      .reduce((lots, { volumeLots }) => lots + volumeLots, 0);
  }

  commandTags(): readonly string[] {
    return [...this.orders.values()].map(({ comment }) => tagIn(comment) ?? `none ("${comment}")`);
  }

  /** Whether the broker has written a comment of its own into an order with this tag. */
  isRewritten(tag: string): boolean {
    return this.#rewritten().some(({ ticket }) => tagIn(this.#commentOf(Number(ticket))) === tag);
  }

  /** Whether it has done so to any. */
  hasRewritten(): boolean {
    return this.#rewritten().length > 0;
  }

  /** Positions that no order of the account has opened. */
  strayPositions(): readonly number[] {
    const known = this.orders;
    return this.#broker.positions.map(({ identifier }) => Number(identifier)).filter((ticket) => !known.has(ticket));
  }

  #allOrders(): readonly BrokerOrder[] {
    return [...this.#broker.orders, ...this.#broker.historyOrders];
  }

  #rewritten(): readonly BrokerOrder[] {
    return this.#allOrders().filter(({ ticket, comment }) => {
      const asked = this.#commentOf(Number(ticket));
      return asked !== undefined && asked !== comment;
    });
  }

  #accountOrder({ ticket, comment, state, volumeInitialLots, timeDoneMsc }: BrokerOrder): AccountOrder {
    const number = Number(ticket);
    return {
      ...{ ticket: number, state, volumeInitialLots, doneAtMs: timeDoneMsc },
      comment: this.#commentOf(number) ?? comment,
    };
  }

  #commentOf(ticket: number): string | undefined {
    return this.#requestOfOrder.get(ticket)?.comment;
  }

  #hasChanged({ action, order, position, price, sl, tp }: RawTradeRequest): boolean {
    if (action === TRADE_ACTION.REMOVE) {
      return this.#broker.historyOrders.some(({ ticket, state }) => ticket === order && state === 'CANCELED');
    }
    if (action === TRADE_ACTION.MODIFY) {
      return this.#broker.orders.some(({ ticket, priceOpen }) => ticket === order && priceOpen === price);
    }
    if (action !== TRADE_ACTION.SLTP) return false;
    return this.#broker.positions.some((held) => held.ticket === position && held.sl === sl && held.tp === tp);
  }
}

/** The tag of a comment; null for none. */
export function tagIn(comment: string | undefined): string | null {
  return TAG.exec(comment ?? '')?.[1] ?? null;
}
