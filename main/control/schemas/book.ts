import * as z from 'zod';

/** The account in its own currency; null until the terminal has told it. */
export const accountSchema = z.object({
  login: z.string(),
  server: z.string(),
  name: z.string(),
  company: z.string(),
  currency: z.string(),
  leverage: z.number(),
  mode: z.string(),
  margin_mode: z.string(),
  balance: z.number(),
  credit: z.number(),
  profit: z.number(),
  equity: z.number(),
  margin: z.number(),
  margin_free: z.number(),
  /** Equity as a percentage of margin; 0 without margin in use. */
  margin_level: z.number(),
});

/** What the terminal was last asked, how old that is, and why there is nothing newer. */
export const liveAccountSchema = z.object({
  account: z.nullable(accountSchema),
  asked_ms_ago: z.nullable(z.number()),
  fault: z.nullable(z.string()),
});

export const positionSchema = z.object({
  ticket: z.string(),
  symbol: z.string(),
  side: z.enum(['BUY', 'SELL']),
  volume: z.number(),
  open_price: z.number(),
  current_price: z.number(),
  sl: z.number(),
  tp: z.number(),
  profit: z.number(),
  swap: z.number(),
  comment: z.string(),
  opened_at_ms: z.number(),
  /** Opened through this gateway. */
  own: z.boolean(),
  digits: z.number(),
});

export const orderSchema = z.object({
  ticket: z.string(),
  symbol: z.string(),
  type: z.string(),
  volume: z.number(),
  open_price: z.number(),
  sl: z.number(),
  tp: z.number(),
  comment: z.string(),
  setup_at_ms: z.number(),
  own: z.boolean(),
  digits: z.number(),
});

/** Open positions and pending orders of the account, of others too. */
export const bookSchema = z.object({
  positions: z.array(positionSchema),
  orders: z.array(orderSchema),
  asked_ms_ago: z.nullable(z.number()),
  fault: z.nullable(z.string()),
});

export const quoteSchema = z.object({
  symbol: z.string(),
  bid: z.number(),
  ask: z.number(),
  digits: z.number(),
  /** The broker's time of the price, Unix milliseconds. */
  time_msc: z.number(),
  /** How long ago it came here. */
  ms_ago: z.number(),
});
