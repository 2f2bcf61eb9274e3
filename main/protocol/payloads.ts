import * as z from 'zod';
import { MAX_REQ_ID_LENGTH } from './constants.ts';
import { clientIdSchema } from './envelope.ts';
import { ticketSchema } from './ticket.ts';

/** Side of a position or order. */
export const SIDES = ['BUY', 'SELL'] as const;
export type Side = (typeof SIDES)[number];
/** How an order is to be filled: at once, or when the price comes to it. */
export const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];
/** The order forms of the original client, `type` without `side`. */
export const SEED_ORDER_TYPES = ['BUY', 'SELL', 'BUY_LIMIT', 'SELL_LIMIT', 'BUY_STOP', 'SELL_STOP'] as const;
/** What a kill closes: nothing, the gateway's own positions, or all of the account. */
export const FLATTEN_SCOPES = ['none', 'gateway', 'account'] as const;
export type FlattenScope = (typeof FLATTEN_SCOPES)[number];
/** What a silent brain asks for when its lease ends. */
export const LEASE_ACTIONS = ['suspend', 'reduce_only', 'halt', 'halt_flatten'] as const;
export type LeaseAction = (typeof LEASE_ACTIONS)[number];
/** What a lease asks for at its end when its client does not say. */
export const DEFAULT_LEASE_ACTION: LeaseAction = 'halt';
/** Bars of a chart, by their length. */
export const TIMEFRAMES = ['M1', 'M5', 'M15', 'M30', 'H1', 'H4', 'D1'] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];
/** Most bars of one GET_CANDLES. */
export const MAX_CANDLES = 5_000;
/** Most deals, and most orders, of one GET_HISTORY; the newest are given. */
export const MAX_HISTORY_ROWS = 1_000;

const CONTROL = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const SYMBOL = 'symbol is a name of 1 to 63 characters, like "EURUSD"';
const symbolSchema = z.string({ error: SYMBOL }).check(
  z.minLength(1, { error: SYMBOL }),
  z.maxLength(63, { error: SYMBOL }),
  z.refine((s) => !CONTROL.test(s), { error: SYMBOL }),
);
const VOLUME = 'volume is a number of lots above 0, like 0.01';
const volumeSchema = z.number({ error: VOLUME }).check(z.positive({ error: VOLUME }));
const priceOf = (field: string) => {
  const error = `${field} is a price above 0`;
  return z.number({ error }).check(z.positive({ error }));
};
const stopOf = (field: string) => {
  const error = `${field} is a price above 0, or 0 for none`;
  return z.number({ error }).check(z.gte(0, { error }));
};
const DEVIATION = 'deviation is a whole number of points, 0 or more';
const deviationSchema = z
  .int({ error: DEVIATION })
  .check(z.gte(0, { error: DEVIATION }), z.lte(1_000_000, { error: DEVIATION }));
const MAGIC = 'magic is a whole number, 0 or more';
const magicSchema = z.pipe(
  z
    .union([z.int({ error: MAGIC }), z.bigint()], { error: MAGIC })
    .check(z.refine((n) => n >= 0 && BigInt(n) < 2n ** 64n, { error: MAGIC })),
  z.transform((n) => BigInt(n)),
);
const COMMENT = 'comment is a string of at most 255 characters; the first 18 reach the terminal';
const commentSchema = z.string({ error: COMMENT }).check(
  z.maxLength(255, { error: COMMENT }),
  z.refine((s) => !CONTROL.test(s), { error: 'comment has a control character' }),
);
const EXPIRATION = 'expiration is Unix time in seconds, above 0 and up to 32535215999, the end of the year 3000';
const expirationSchema = z
  .number({ error: EXPIRATION })
  .check(z.positive({ error: EXPIRATION }), z.lte(32_535_215_999, { error: EXPIRATION }));

const openOrderForm = z.object({
  symbol: symbolSchema,
  volume: volumeSchema,
  side: z.optional(z.enum(SIDES, { error: 'side is "BUY" or "SELL"' })),
  type: z.optional(
    z.enum([...ORDER_TYPES, ...SEED_ORDER_TYPES], {
      error: `type is one of ${[...ORDER_TYPES, ...SEED_ORDER_TYPES].join(', ')}`,
    }),
  ),
  price: z.optional(priceOf('price')),
  sl: z.optional(stopOf('sl')),
  tp: z.optional(stopOf('tp')),
  deviation: z.optional(deviationSchema),
  magic: z.optional(magicSchema),
  comment: z.optional(commentSchema),
  expiration: z.optional(expirationSchema),
});

/** An order as asked for, in one form whichever the client used. Volumes in lots, prices in quote currency, deviation in points. */
export interface OpenOrder extends Omit<z.infer<typeof openOrderForm>, 'side' | 'type'> {
  readonly side: Side;
  readonly type: OrderType;
}

/** OPEN_ORDER: `side` with optional `type`, or the original's `type` alone; the two must not contradict each other. */
const openOrderSchema = z.pipe(
  openOrderForm,
  z.transform((form, context): OpenOrder => {
    const resolved = resolveForm(form.side, form.type);
    if (typeof resolved === 'string') {
      context.issues.push({
        code: 'custom',
        input: form,
        path: [form.side === undefined ? 'side' : 'type'],
        message: resolved,
      });
      return z.NEVER;
    }
    if (resolved.type !== 'MARKET' && form.price === undefined) {
      context.issues.push({
        code: 'custom',
        input: form,
        path: ['price'],
        message: `price is required for a ${resolved.type} order`,
      });
      return z.NEVER;
    }
    return { ...form, ...resolved };
  }),
);

type FormType = OrderType | (typeof SEED_ORDER_TYPES)[number];

function resolveForm(side: Side | undefined, type: FormType = 'MARKET'): { side: Side; type: OrderType } | string {
  if (type === 'MARKET' || type === 'LIMIT' || type === 'STOP') {
    return side === undefined ? 'side is required: "BUY" or "SELL"' : { side, type };
  }
  const [ownSide, pendingType] = type.split('_') as [Side, ('LIMIT' | 'STOP')?];
  if (side !== undefined && side !== ownSide) return `type ${type} contradicts side ${side}`;
  return { side: ownSide, type: pendingType ?? 'MARKET' };
}

/** A change names what it changes; one that names nothing is a mistake of the caller's. */
function changing<T extends { readonly ticket: unknown }>(what: string) {
  const isChange = ([key, value]: [string, unknown]) => key !== 'ticket' && value !== undefined;
  return z.refine<T>((payload) => Object.entries(payload).some(isChange), {
    error: `nothing to change: name ${what}`,
    path: [what.split(/[ ,]/)[0] ?? what],
  });
}

const EXPIRES = `${EXPIRATION}, or 0 for never`;
const COUNT = `count is a whole number of bars, 1 to ${MAX_CANDLES}`;
const timeOf = (field: string) => {
  const error = `${field} is Unix time in seconds, like 1766800000`;
  return z.number({ error }).check(z.gte(0, { error }), z.lte(32_535_215_999, { error }));
};

const positionFilter = z.object({
  symbol: z.optional(symbolSchema),
  ticket: z.optional(ticketSchema),
  magic: z.optional(magicSchema),
});

const REQ_ID = 'req_id is the req_id of the command that is asked about, 1 to 128 characters';
const reqIdSchema = z
  .string({ error: REQ_ID })
  .check(z.minLength(1, { error: REQ_ID }), z.maxLength(MAX_REQ_ID_LENGTH, { error: REQ_ID }));

const LEASE = 'lease_s is a number of seconds, 1 to 86400';

/** The reason of a kill is kept up to this many characters. */
const MAX_REASON_LENGTH = 280;

/** A lenient parse can pass half a surrogate pair on, and so can the cut. */
function cutReason(reason: string): string {
  return reason.slice(0, MAX_REASON_LENGTH).toWellFormed();
}

/** KILL_SWITCH: everything about it is optional and lenient; an absent or unreadable `flatten` counts as `account`. */
const killSwitchSchema = z.object({
  reason: z.catch(z.optional(z.pipe(z.string(), z.transform(cutReason))), undefined),
  flatten: z.catch(z._default(z.enum(FLATTEN_SCOPES), 'account'), 'account'),
});

/** Payload of each action that this gateway performs, as a schema that also puts it into the form the gateway works with. */
export const PAYLOAD_SCHEMAS = {
  HEARTBEAT: z.object({
    lease_s: z.optional(z.number({ error: LEASE }).check(z.gte(1, { error: LEASE }), z.lte(86_400, { error: LEASE }))),
    on_expiry: z.optional(z.enum(LEASE_ACTIONS, { error: `on_expiry is one of ${LEASE_ACTIONS.join(', ')}` })),
  }),
  OPEN_ORDER: openOrderSchema,
  CLOSE_POSITION: z.object({
    ticket: ticketSchema,
    volume: z.optional(volumeSchema),
    deviation: z.optional(deviationSchema),
  }),
  GET_ACCOUNT_INFO: z.object({}),
  GET_POSITIONS: positionFilter,
  KILL_SWITCH: killSwitchSchema,
  GET_COMMAND: z.object({ req_id: reqIdSchema, client_id: z.optional(clientIdSchema) }),
  GET_ORDERS: positionFilter,
  CANCEL_ORDER: z.object({ ticket: ticketSchema }),
  MODIFY_POSITION: z
    .object({ ticket: ticketSchema, sl: z.optional(stopOf('sl')), tp: z.optional(stopOf('tp')) })
    .check(changing('sl or tp')),
  MODIFY_ORDER: z
    .object({
      ticket: ticketSchema,
      price: z.optional(priceOf('price')),
      sl: z.optional(stopOf('sl')),
      tp: z.optional(stopOf('tp')),
      expiration: z.optional(
        z.number({ error: EXPIRES }).check(z.gte(0, { error: EXPIRES }), z.lte(32_535_215_999, { error: EXPIRES })),
      ),
    })
    .check(changing('price, sl, tp or expiration')),
  CLOSE_ALL: z.object({
    symbol: z.optional(symbolSchema),
    magic: z.optional(magicSchema),
    deviation: z.optional(deviationSchema),
  }),
  GET_SYMBOLS: z.object({}),
  GET_SYMBOL: z.object({ symbol: symbolSchema }),
  GET_TICK: z.object({ symbol: symbolSchema }),
  GET_CANDLES: z.object({
    symbol: symbolSchema,
    timeframe: z.enum(TIMEFRAMES, { error: `timeframe is one of ${TIMEFRAMES.join(', ')}` }),
    count: z.int({ error: COUNT }).check(z.gte(1, { error: COUNT }), z.lte(MAX_CANDLES, { error: COUNT })),
  }),
  GET_HISTORY: z
    .object({
      from: timeOf('from'),
      to: z.optional(timeOf('to')),
      symbol: z.optional(symbolSchema),
      ticket: z.optional(ticketSchema),
      magic: z.optional(magicSchema),
    })
    .check(z.refine(({ from, to }) => to === undefined || from <= to, { error: 'to is before from', path: ['to'] })),
  BYE: z.object({}),
};
/** The actions that this gateway performs; the others of the protocol are answered UNSUPPORTED. */
export type SupportedAction = keyof typeof PAYLOAD_SCHEMAS;
/** Parsed payload of an action. */
export type Payload<A extends SupportedAction> = z.output<(typeof PAYLOAD_SCHEMAS)[A]>;
export type KillSwitchPayload = Payload<'KILL_SWITCH'>;
