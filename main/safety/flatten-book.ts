import type { Clock } from '../clock.ts';
import type { Mt5Handler, Query } from '../mt5/handler.ts';
import type { Order, Position } from '../mt5/market.ts';
import type { FlattenScope } from '../protocol/payloads.ts';
import { within } from './within.ts';

/** How long the terminal may take to list its book, in milliseconds. */
const READ_LIMIT_MS = 5_000;

/** What a flatten of some scope still has to do away with, or why that is not known. */
export type Book =
  | { readonly kind: 'read'; readonly orders: readonly Order[]; readonly positions: readonly Position[] }
  | { readonly kind: 'away'; readonly message: string };

export interface BookPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'orders' | 'positions'>;
  /** Whether a position or order was opened by this gateway. */
  readonly isOwn: (item: Pick<Position, 'magic' | 'comment'>) => boolean;
}

/** Reads pending orders and positions inside the scope. */
export async function readBook({ clock, terminal, isOwn }: BookPorts, scope: FlattenScope): Promise<Book> {
  const isInScope = scope === 'gateway' ? isOwn : () => scope === 'account';
  // Orders first: one that triggers in between is then seen as an order, as a position, or as both, but never missed.
  const orders = await ask(clock, () => terminal.orders());
  if (!orders.ok) return { kind: 'away', message: orders.message };
  const positions = await ask(clock, () => terminal.positions());
  if (!positions.ok) return { kind: 'away', message: positions.message };
  return { kind: 'read', orders: orders.value.filter(isInScope), positions: positions.value.filter(isInScope) };
}

/** Asks the terminal with a limit; a question that fails or is not answered is one that the terminal did not hear. */
export async function ask<T>(clock: Clock, question: () => Promise<Query<T>>): Promise<Query<T>> {
  const answer = await within(clock, READ_LIMIT_MS, startSafely(question));
  return answer ?? { ok: false, code: 'TERMINAL_TIMEOUT', message: 'the terminal did not answer' };
}

async function startSafely<T>(question: () => Promise<T>): Promise<T> {
  return question();
}
