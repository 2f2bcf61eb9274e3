import * as z from 'zod';

const REASON = 'a reason of 3 to 280 characters';
const TICKET = 'a ticket is a whole number above 0';

/** A ticket as text, so that no step rounds it. */
export const ticketNumber = z.string({ error: TICKET }).check(z.regex(/^[1-9]\d{0,18}$/, { error: TICKET }));
/** Why an operator does something; goes into the audit log. */
export const reasonText = z
  .string({ error: REASON })
  .check(z.minLength(3, { error: REASON }), z.maxLength(280, { error: REASON }));
