import type { Hearing, StateView, TopicValue } from '../../main/control/contract.ts';
import { isFlattening } from './mode-view.ts';

/** After a press, and after trading is seen to have stopped, the second stage stays shut for so long: a double click. */
export const ARMING_MS = 400;

/** What the kill control does when it is pressed, and what it says. */
export type KillStage =
  /** Stops trading; with `all`, closes everything too. */
  | { readonly kind: 'halt'; readonly all: boolean }
  /** A press is on its way to the gateway. */
  | { readonly kind: 'stopping' }
  /** Halted, but too soon for a second press to be meant. */
  | { readonly kind: 'arming'; readonly left: Left }
  /** Closes everything. */
  | { readonly kind: 'close'; readonly left: Left }
  | { readonly kind: 'closing' }
  | { readonly kind: 'nothing' };

/** What is open; null where that is not known at the moment. */
export type Left = { readonly positions: number; readonly orders: number } | null;

export interface KillFacts {
  readonly state: StateView | null;
  readonly hearing: Hearing;
  readonly book: TopicValue<'book'> | null;
  readonly isStopping: boolean;
  readonly isArmed: boolean;
  readonly killAtOnce: boolean;
}

/** The control as it is now. What is unknown is never taken for stopped or for empty. */
export function killStage({ state, hearing, book, isStopping, isArmed, killAtOnce }: KillFacts): KillStage {
  // Whether a press has arrived cannot be told then: it can be pressed again at once.
  if (hearing !== 'up' || state === null) return { kind: 'halt', all: killAtOnce };
  if (isStopping) return { kind: 'stopping' };
  if (state.mode !== 'HALTED') return { kind: 'halt', all: killAtOnce };
  // A flatten of the gateway's own positions leaves those of others: they can still be closed from here.
  if (isFlattening(state) && state.flatten === 'account') return { kind: 'closing' };
  const left = leftOf(book);
  if (left !== null && left.positions + left.orders === 0) return { kind: 'nothing' };
  return { kind: isArmed ? 'close' : 'arming', left };
}

/** What the book has open; null where it is not of now. */
export function leftOf(book: TopicValue<'book'> | null): Left {
  if (book === null || book.fault !== null || book.asked_ms_ago === null) return null;
  return { positions: book.positions.length, orders: book.orders.length };
}
