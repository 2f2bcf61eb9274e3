import * as z from 'zod';

/** What is known of the terminal without asking it; null for what it has not said. */
export const terminalSchema = z.object({
  linked: z.boolean(),
  /** Why the program in it does not answer. */
  link_fault: z.nullable(z.string()),
  /** To its broker. */
  connected: z.boolean(),
  /** Switches that are off, by MT5's name. */
  blocked_by: z.array(z.string()),
  login: z.nullable(z.string()),
  server: z.nullable(z.string()),
  account_mode: z.nullable(z.string()),
  margin_mode: z.string(),
  bridge_version: z.string(),
  last_heard_ms_ago: z.nullable(z.number()),
  latch_epoch: z.nullable(z.number()),
  latched: z.nullable(z.boolean()),
  /** `pipe` or `tcp`; null while no program is linked. */
  transport: z.nullable(z.string()),
  /** Where a program finds the gateway: the pipe's path and address:port. */
  listens_on: z.array(z.string()),
});

/** A MetaTrader found on this machine, and the bridge program in it. */
export const foundTerminalSchema = z.object({
  /** Names it in `installBridge`: its data folder. */
  folder: z.string(),
  /** Where MetaTrader itself is; null where that cannot be found. */
  install_folder: z.nullable(z.string()),
  /** Null where no program is installed. */
  installed_version: z.nullable(z.string()),
  /** The version that an installation would bring. */
  offered_version: z.string(),
  /** Sources, token and inputs are as they have to be, and the program is compiled. */
  is_current: z.boolean(),
  /** What is missing, in sentences. */
  missing: z.array(z.string()),
});

/** One link of the chain from data folder to broker, as `--doctor` sees it. */
export const checkSchema = z.object({
  link: z.string(),
  state: z.enum(['good', 'note', 'wrong', 'unchecked']),
  found: z.string(),
  cure: z.optional(z.string()),
});

/** How an installation of the bridge program ended. */
export const installedSchema = z.discriminatedUnion('installed', [
  z.object({
    installed: z.literal(true),
    version: z.string(),
    version_before: z.nullable(z.string()),
    /** What remains to be done by hand, step by step. */
    steps: z.array(z.string()),
  }),
  z.object({ installed: z.literal(false), message: z.string() }),
]);
