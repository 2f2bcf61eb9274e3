import type { TopicValue } from '../../main/control/contract.ts';

type Ticket = TopicValue<'state'>['tickets'][number];

const DONE: ReadonlySet<string> = new Set(['CLOSED', 'CANCELLED', 'GONE', 'TAKEN_OUT']);
/** What a person can help with stands first. */
const URGENCY: readonly string[] = ['BLOCKED', 'UNKNOWN', 'RETRY', 'PARTIAL', 'OPEN', 'CLOSING'];

/** Nothing is left to do for it. A state that is not known here is not taken for done. */
export function isDone({ state }: Pick<Ticket, 'state'>): boolean {
  return DONE.has(state);
}

/** What needs a person first, what is done last; else as they came. */
export function ticketsInOrder(tickets: readonly Ticket[]): readonly Ticket[] {
  return tickets.toSorted((a, b) => rank(a) - rank(b));
}

function rank(ticket: Ticket): number {
  if (isDone(ticket)) return URGENCY.length;
  return Math.max(0, URGENCY.indexOf(ticket.state));
}
