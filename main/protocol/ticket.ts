import * as z from 'zod';

/** Number of a position, order or deal: 64 bits without sign, exact at every step (a JSON number of any length on the wire). */
export type Ticket = bigint & { readonly __brand: 'Ticket' };

const MAX_UINT64 = 2n ** 64n - 1n;
const TICKET = 'a ticket is a positive whole number, like 1004';

/** A ticket in a parsed payload: the strict parser gives numbers past 2^53 as bigint, so neither form is rounded. */
export const ticketSchema = z.pipe(
  z
    .union([z.int({ error: TICKET }), z.bigint()], { error: TICKET })
    .check(z.refine((n) => n > 0 && BigInt(n) <= MAX_UINT64, { error: TICKET })),
  z.transform((n) => BigInt(n) as Ticket),
);

/** Brands a number that is known to be a ticket (the terminal's own). Throws RangeError outside 0 to 2^64−1; 0 is MT5's "none". */
export function toTicket(value: bigint | number | string): Ticket {
  const ticket = BigInt(value);
  if (ticket < 0n || ticket > MAX_UINT64) throw new RangeError(`not a ticket: ${value}`);
  return ticket as Ticket;
}
