import * as z from 'zod';
import { toTicket } from '../../protocol/ticket.ts';
import type { BookEntry } from './book.ts';

// Whole numbers of 64 bits are text, because JSON's numbers are doubles. Doubles come back exactly: JSON has their shortest form.
const wholeSchema = z.pipe(
  z.string().check(z.regex(/^\d{1,20}$/)),
  z.transform((text) => BigInt(text)),
);
const ticketSchema = z.pipe(
  z.string().check(
    z.regex(/^\d{1,20}$/),
    z.refine((text) => BigInt(text) < 2n ** 64n),
  ),
  z.transform((text) => toTicket(text)),
);
const lotsSchema = z.number().check(z.gte(0));
const sideSchema = z.enum(['BUY', 'SELL']);

const positionSchema = z.strictObject({
  ticket: ticketSchema,
  identifier: ticketSchema,
  symbol: z.string(),
  side: sideSchema,
  volumeLots: lotsSchema,
  openPrice: z.number(),
  sl: z.number(),
  tp: z.number(),
  swap: z.number(),
  magic: wholeSchema,
  comment: z.string(),
  openedAtMs: z.number(),
  updatedAtMs: z.number(),
});

const orderSchema = z.strictObject({
  ticket: ticketSchema,
  symbol: z.string(),
  type: z.enum(['BUY', 'SELL', 'BUY_LIMIT', 'SELL_LIMIT', 'BUY_STOP', 'SELL_STOP']),
  state: z.enum(['STARTED', 'PLACED', 'CANCELED', 'PARTIAL', 'FILLED', 'REJECTED', 'EXPIRED']),
  volumeInitialLots: lotsSchema,
  volumeCurrentLots: lotsSchema,
  openPrice: z.number(),
  currentPrice: z.number(),
  sl: z.number(),
  tp: z.number(),
  filling: z.enum(['FOK', 'IOC', 'RETURN', 'BOC']),
  magic: wholeSchema,
  comment: z.string(),
  position: ticketSchema,
  setupAtMs: z.number(),
  doneAtMs: z.number(),
  expirationMs: z.number(),
});

const dealSchema = z.strictObject({
  ticket: ticketSchema,
  order: ticketSchema,
  position: ticketSchema,
  symbol: z.string(),
  side: sideSchema,
  entry: z.enum(['IN', 'OUT', 'INOUT', 'OUT_BY']),
  reason: z.enum(['CLIENT', 'EXPERT', 'SL', 'TP', 'SO']),
  volumeLots: lotsSchema,
  price: z.number(),
  profit: z.number(),
  commission: z.number(),
  swap: z.number(),
  magic: wholeSchema,
  comment: z.string(),
  atMs: z.number(),
});

const entrySchema = z.strictObject({
  nextTicket: wholeSchema,
  changes: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('POSITION'), position: positionSchema }),
      z.strictObject({ kind: z.literal('POSITION_CLOSED'), ticket: ticketSchema }),
      z.strictObject({ kind: z.literal('ORDER'), order: orderSchema }),
      z.strictObject({ kind: z.literal('ORDER_DONE'), order: orderSchema }),
      z.strictObject({ kind: z.literal('DEAL'), deal: dealSchema }),
      z.strictObject({ kind: z.literal('BALANCE'), balance: z.number() }),
    ]),
  ),
});

const headSchema = z.strictObject({
  format: z.literal('mt5-fabric paper journal'),
  version: z.number(),
  marginMode: z.enum(['HEDGING', 'NETTING']),
});

/** First line of a journal: what it is, and the account that it belongs to. */
export type JournalHead = z.infer<typeof headSchema>;

/** One line, without its end. */
export function formatLine(content: JournalHead | BookEntry): string {
  return JSON.stringify(content, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** The head in a line, or null where it is none. */
export function parseHead(line: string): JournalHead | null {
  return parseWith(headSchema, line);
}

/** The entry in a line, or null where it is damaged. */
export function parseEntry(line: string): BookEntry | null {
  return parseWith(entrySchema, line);
}

function parseWith<T>(schema: z.ZodType<T>, line: string): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
