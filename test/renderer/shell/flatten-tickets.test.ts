import { expect, it } from 'vitest';
import { isDone, ticketsInOrder } from '../../../renderer/shell/flatten-tickets.ts';

const ticketsIn = (...states: string[]) =>
  states.map((state, at) => ({ ticket: String(at + 1), kind: 'position', symbol: 'EURUSD', state, volume: 1 }));

it('puts what a person can help with first and what is done last', () => {
  const tickets = ticketsIn('CLOSED', 'CLOSING', 'TAKEN_OUT', 'OPEN', 'BLOCKED', 'UNKNOWN');
  expect(ticketsInOrder(tickets).map(({ state }) => state)).toEqual([
    'BLOCKED',
    'UNKNOWN',
    'OPEN',
    'CLOSING',
    'CLOSED',
    'TAKEN_OUT',
  ]);
});

it('does not take a state for done that it does not know', () => {
  expect(isDone({ state: 'SOMETHING_NEW' })).toBe(false);
  expect(ticketsInOrder(ticketsIn('CLOSED', 'SOMETHING_NEW'))[0]?.state).toBe('SOMETHING_NEW');
});
