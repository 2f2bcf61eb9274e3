import * as z from 'zod';

/** The channels as they are this second. Rates are over the last second, latencies over the last five minutes. */
export const channelsSchema = z.object({
  command: z.object({
    endpoint: z.string(),
    requests: z.number(),
    rejects: z.number(),
    requests_per_s: z.number(),
    rejects_per_s: z.number(),
    /** From receipt to reply in milliseconds; null while nothing was asked. */
    p50_ms: z.nullable(z.number()),
    p99_ms: z.nullable(z.number()),
    last_ms_ago: z.nullable(z.number()),
    trades_in_flight: z.number(),
    trades_waiting: z.number(),
  }),
  data: z.object({
    endpoint: z.string(),
    ticks: z.number(),
    ticks_per_s: z.number(),
    /** Symbols that brains have subscribed to by name. */
    subscriptions: z.number(),
    last_ms_ago: z.nullable(z.number()),
  }),
  events: z.object({ endpoint: z.string(), published: z.number() }),
});

/** One second of the channels: what the plots are made of. Latencies are null where nothing was asked in it. */
export const paceSecondSchema = z.object({
  at_ms: z.number(),
  requests: z.number(),
  rejects: z.number(),
  ticks: z.number(),
  p50_ms: z.nullable(z.number()),
  p99_ms: z.nullable(z.number()),
});
