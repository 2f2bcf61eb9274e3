import * as z from 'zod';
import { ROLES } from '../../protocol/connection-file.ts';

/** A brain that has been paired. Times in Unix milliseconds. */
export const pairedSchema = z.object({
  /** Its `client_id`, for good. */
  name: z.string(),
  /** What it is called; the name until it is renamed. */
  label: z.string(),
  role: z.enum(ROLES),
  fingerprint: z.string(),
  paired_ms: z.number(),
  expires_ms: z.nullable(z.number()),
  /** Where a connection under its key last came from, and when; null before the first in this run. */
  last_address: z.nullable(z.string()),
  last_connected_ms: z.nullable(z.number()),
});

/** The connection file of a brain, in full: it is shown once. */
export const connectionSchema = z.object({
  version: z.literal(1),
  client_id: z.string(),
  role: z.enum(ROLES),
  host: z.string(),
  command_port: z.number(),
  data_port: z.number(),
  event_port: z.number(),
  server_key: z.string(),
  public_key: z.string(),
  secret_key: z.string(),
  mac_key: z.string(),
  expires: z.nullable(z.string()),
});

/** What a brain is called, without what a screen or a terminal would act on. */
export const labelText = z
  .string()
  .check(z.regex(/^[^\p{Cc}\p{Cf}\p{Cs}]{1,64}$/u, { error: '1 to 64 characters, no control characters' }));

export const pairInput = z.object({
  name: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/, { error: '1 to 64 characters of A-Z a-z 0-9 . _ -' })),
  role: z.enum(ROLES, { error: `one of ${ROLES.join(', ')}` }),
  /** Whole days from now; absent: it does not expire. */
  expires_days: z.optional(z.int().check(z.gte(1), z.lte(3_650))),
  /** Under which address or name of this machine the brain will reach the gateway. */
  host: z.optional(
    z.string().check(z.regex(/^[A-Za-z0-9._:-]{1,253}$/, { error: 'an address or name, like 10.0.0.5' })),
  ),
});

export const pairOutput = z.discriminatedUnion('paired', [
  z.object({
    paired: z.literal(true),
    client: pairedSchema,
    /** Name for the file, like `alpha.connection.json`. */
    file: z.string(),
    connection: connectionSchema,
    /** What to type on the brain's Linux machine, line by line; the first waits for the file's text to be pasted. */
    commands: z.array(z.string()),
  }),
  z.object({ paired: z.literal(false), message: z.string() }),
]);

/** How the gateway stands in the network. */
export const networkSchema = z.object({
  security: z.enum(['local', 'plain-network', 'encrypted']),
  host: z.string(),
  /** Reached from other machines. */
  is_open: z.boolean(),
  /** Addresses of this machine under which others could reach it, the likeliest first. */
  addresses: z.array(z.object({ address: z.string(), device: z.string() })),
  /** Who may connect in plain-network mode. */
  allow_from: z.array(z.string()),
  /** Addresses that have connected, or tried to, in plain-network mode; the last seen first. */
  seen: z.array(z.object({ address: z.string(), last_seen_ms: z.number(), admitted: z.boolean() })),
  /** Of the gateway's own key; null before there is one. */
  server_fingerprint: z.nullable(z.string()),
  /** The firewall rule that lets brains in, as a command of each system: netsh on Windows, ufw on Linux. */
  firewall: z.object({ windows: z.string(), linux: z.string() }),
  paired: z.array(pairedSchema),
  /** Connections that were refused since the start, by why. */
  refused: z.record(z.string(), z.number()),
});
