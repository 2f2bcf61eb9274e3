import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as z from 'zod';
import type { AccountEvidence, AccountOrder } from './account-evidence.ts';

const ticket = z.pipe(z.string(), z.transform(Number));
const positionSchema = z.object({ ticket, comment: z.string() });
const orderSchema = z.object({
  ticket,
  comment: z.string(),
  state: z.string(),
  volumeInitialLots: z.number(),
  doneAtMs: z.number(),
});
const dealSchema = z.object({ ticket, order: ticket, comment: z.string(), entry: z.string(), volumeLots: z.number() });
const entrySchema = z.object({
  changes: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('POSITION'), position: positionSchema }),
      z.object({ kind: z.literal('POSITION_CLOSED'), ticket }),
      z.object({ kind: z.enum(['ORDER', 'ORDER_DONE']), order: orderSchema }),
      z.object({ kind: z.literal('DEAL'), deal: dealSchema }),
      z.object({ kind: z.literal('BALANCE') }),
    ]),
  ),
});

/** A pending or ended order of the account. */
export type JournalOrder = z.infer<typeof orderSchema>;
/** A deal of the account. */
export type JournalDeal = z.infer<typeof dealSchema>;

const TAG = /~([a-z2-7]{12})$/;

/** What the paper broker remembers: every order and deal that ever was, by ticket and by tag, and the open positions. */
export class JournalEvidence implements AccountEvidence {
  readonly orders = new Map<number, JournalOrder>();
  readonly deals = new Map<number, JournalDeal>();
  readonly positions = new Set<number>();
  readonly #ordersOfTag = new Map<string, Set<number>>();
  readonly #dealsOfOrder = new Map<number, Set<number>>();
  #inode = 0;
  #readBytes = 0;

  /** Takes in the lines that have come since. A journal that was written anew is read from its start. */
  readFile(path: string): void {
    const file = openSync(path, 'r');
    try {
      const { ino, size } = fstatSync(file);
      if (ino !== this.#inode) {
        this.#inode = ino;
        this.#readBytes = 0;
        this.positions.clear();
      }
      const fresh = Buffer.alloc(Math.max(0, size - this.#readBytes));
      const read = readSync(file, fresh, 0, fresh.length, this.#readBytes);
      const end = fresh.lastIndexOf('\n', read - 1) + 1;
      this.#readBytes += end;
      for (const line of fresh.toString('utf8', 0, end).split('\n')) if (line !== '') this.take(JSON.parse(line));
    } finally {
      closeSync(file);
    }
  }

  /** Takes in one line of the journal; the head, which has no changes, is passed over. */
  take(line: unknown): void {
    const entry = entrySchema.safeParse(line);
    if (!entry.success) {
      if (typeof line === 'object' && line !== null && 'format' in line) return;
      throw new Error(`a line of the paper journal cannot be read: ${JSON.stringify(line)}`);
    }
    for (const change of entry.data.changes) {
      if (change.kind === 'POSITION') this.positions.add(change.position.ticket);
      else if (change.kind === 'POSITION_CLOSED') this.positions.delete(change.ticket);
      else if (change.kind === 'DEAL') this.#takeDeal(change.deal);
      else if (change.kind !== 'BALANCE') this.#takeOrder(change.order);
    }
  }

  /** Orders that carry a tag. */
  ordersOf(tag: string): readonly JournalOrder[] {
    return [...(this.#ordersOfTag.get(tag) ?? [])].map((number) => this.orders.get(number)!);
  }

  /** Lots that were dealt for an order. */
  filledLots(order: AccountOrder): number {
    const tickets = [...(this.#dealsOfOrder.get(order.ticket) ?? [])];
    return tickets.reduce((lots, number) => lots + this.deals.get(number)!.volumeLots, 0);
  }

  /** Tags of all orders; those of a flatten are not commands and left out. */
  commandTags(): readonly string[] {
    return [...this.#ordersOfTag.keys()];
  }

  /** Orders that wait for their price. */
  pendingTickets(): readonly number[] {
    return [...this.orders.values()].filter(({ state }) => state === 'PLACED').map((order) => order.ticket);
  }

  #takeOrder(order: JournalOrder): void {
    this.orders.set(order.ticket, order);
    const tag = TAG.exec(order.comment)?.[1];
    if (tag !== undefined && !order.comment.startsWith('kill~')) addTo(this.#ordersOfTag, tag, order.ticket);
  }

  #takeDeal(deal: JournalDeal): void {
    this.deals.set(deal.ticket, deal);
    addTo(this.#dealsOfOrder, deal.order, deal.ticket);
  }
}

function addTo<K>(index: Map<K, Set<number>>, key: K, number: number): void {
  const numbers = index.get(key) ?? new Set();
  numbers.add(number);
  index.set(key, numbers);
}
