import * as z from 'zod';
import {
  AUDIT_WORDS,
  auditExportInput,
  auditExportSchema,
  auditPageInput,
  auditPageSchema,
  auditShownSchema,
  integritySchema,
  liveAuditSchema,
} from './schemas/audit.ts';
import { bookSchema, liveAccountSchema, quoteSchema } from './schemas/book.ts';
import { channelsSchema, paceSecondSchema } from './schemas/channels.ts';
import { clientSchema, leaseSchema, liveClientsSchema, openSearchSchema } from './schemas/clients.ts';
import { reasonText, ticketNumber } from './schemas/common.ts';
import { labelText, networkSchema, pairedSchema, pairInput, pairOutput } from './schemas/network.ts';
import { savedSettingsSchema, settingChangesSchema, settingSchema } from './schemas/settings.ts';
import { flattenTicketSchema, liveStateSchema, stateSchema } from './schemas/state.ts';
import { checkSchema, foundTerminalSchema, installedSchema, terminalSchema } from './schemas/terminal.ts';

export { AUDIT_WORDS, stateSchema };

const killReportSchema = z.object({
  positions_closed: z.number(),
  total_positions: z.number(),
  orders_cancelled: z.number(),
  flatten: z.string(),
  tickets: z.array(flattenTicketSchema),
});

/**
 * What an operator at this machine can do: every call with what it takes and what it gives. Transports, handlers and test
 * doubles derive from this value, so that a missing or surplus handler is a compile error.
 */
export const CONTROL_CALLS = {
  status: {
    input: z.object({}),
    output: z.object({
      version: z.string(),
      session: z.string(),
      uptime_s: z.number(),
      data_dir: z.string(),
      account_mode: z.string(),
      account: z.nullable(z.string()),
      terminal_connected: z.boolean(),
      terminal: terminalSchema,
      endpoints: z.object({ command: z.string(), data: z.string(), events: z.string() }),
      security: networkSchema.shape.security,
      /** How many brains are paired. */
      paired: z.number(),
      state: stateSchema,
      trades_in_flight: z.number(),
      audit: z.object({ seq: z.number(), hash: z.string() }),
      clients: z.array(clientSchema),
      leases: z.array(leaseSchema),
      /** Commands whose outcome is not known and is being searched for. */
      unknown: z.array(openSearchSchema),
      /** Positions and orders of others on the same account: listed, never counted. */
      foreign: z.object({ positions: z.number(), orders: z.number() }),
    }),
  },
  /** What the terminal shows of the market: the names of its symbols and its newest tick; null where it does not answer. */
  market: {
    input: z.object({}),
    output: z.object({ symbols: z.nullable(z.array(z.string())), newest_tick_ms: z.nullable(z.number()) }),
  },
  halt: { input: z.object({ reason: z.optional(z.string()) }), output: stateSchema },
  kill: {
    input: z.object({ reason: z.optional(z.string()) }),
    output: z.object({ state: stateSchema, report: killReportSchema }),
  },
  /** Closes one position or cancels one order, also while trading is halted. */
  close: {
    input: z.object({ ticket: ticketNumber, reason: reasonText }),
    output: z.object({ state: z.string(), message: z.string(), recorded: z.boolean() }),
  },
  /** Takes a position or order out of a flatten: the operator answers for it from then on. */
  takeOut: {
    input: z.object({ ticket: ticketNumber, reason: reasonText }),
    output: z.object({ taken_out: z.boolean() }),
  },
  /** Ends a client's lease without firing it, and what its silence has suspended. */
  endLease: {
    input: z.object({ client: z.string(), reason: reasonText }),
    output: z.object({ ended: z.boolean() }),
  },
  /** Pairs a brain for encrypted mode; what is secret comes back this once. */
  pair: { input: pairInput, output: pairOutput },
  /** Ends a pairing and what runs under it, before the answer. */
  revoke: {
    input: z.object({ name: z.string(), reason: reasonText }),
    output: z.discriminatedUnion('revoked', [
      z.object({ revoked: z.literal(true), client: pairedSchema }),
      z.object({ revoked: z.literal(false), message: z.string() }),
    ]),
  },
  /** Calls a paired brain something else; its name in the log stays. */
  rename: {
    input: z.object({ name: z.string(), label: labelText }),
    output: z.discriminatedUnion('renamed', [
      z.object({ renamed: z.literal(true), client: pairedSchema }),
      z.object({ renamed: z.literal(false), message: z.string() }),
    ]),
  },
  network: { input: z.object({}), output: networkSchema },
  /** A person says what became of a command that no evidence tells of; the client where several used that `req_id`. */
  decide: {
    input: z.object({
      req_id: z.string().check(z.minLength(1)),
      client: z.optional(z.string()),
      happened: z.boolean(),
      reason: reasonText,
    }),
    output: z.object({ decided: z.boolean() }),
  },
  /** A row about the audit log itself: what was exported, verified or backed up. */
  record: {
    input: z.object({
      type: z.enum(['EXPORTED', 'VERIFIED', 'BACKED_UP']),
      payload: z.record(z.string(), z.unknown()),
    }),
    output: z.object({ recorded: z.boolean() }),
  },
  resume: {
    input: z.object({ reason: reasonText }),
    output: z.discriminatedUnion('resumed', [
      z.object({ resumed: z.literal(true), state: stateSchema }),
      z.object({ resumed: z.literal(false), message: z.string(), standing: z.array(z.string()) }),
    ]),
  },
  auditPage: { input: auditPageInput, output: auditPageSchema },
  auditShow: { input: z.object({ seq: z.number() }), output: auditShownSchema },
  /** Checks the whole chain and has that recorded; how far it has come is told by the topic `audit`. One at a time. */
  auditVerify: { input: z.object({}), output: integritySchema },
  /** Writes the rows that match, and a manifest, into the data folder's `exports`, and has that recorded. */
  auditExport: { input: auditExportInput, output: auditExportSchema },
  settings: { input: z.object({}), output: z.object({ file: z.string(), settings: z.array(settingSchema) }) },
  /** All or nothing; recorded with what was before. */
  saveSettings: { input: z.object({ changes: settingChangesSchema }), output: savedSettingsSchema },
  /** The MetaTrader terminals of this machine; `looked_in` where none was found. */
  terminals: {
    input: z.object({}),
    output: z.object({ terminals: z.array(foundTerminalSchema), looked_in: z.array(z.string()) }),
  },
  /** Installs or updates the bridge program in a terminal that `terminals` has listed. */
  installBridge: { input: z.object({ folder: z.string() }), output: installedSchema },
  doctor: { input: z.object({}), output: z.object({ checks: z.array(checkSchema) }) },
  /** A new address of the panel, good for one sign-in within minutes; why there is none where the panel is not open. */
  panelAddress: {
    input: z.object({}),
    output: z.discriminatedUnion('open', [
      z.object({ open: z.literal(true), address: z.string() }),
      z.object({ open: z.literal(false), message: z.string() }),
    ]),
  },
} as const;

/** Calls that only the command line's own processes make. */
export const COMMAND_LINE_CALLS = ['record', 'panelAddress'] as const satisfies readonly ControlCall[];

/**
 * What a screen follows: the whole value on subscribing, then anew when it has changed, at most 10 times a second. Ages
 * (`…_ms_ago`) are of the moment of sending; time that passes sends nothing, since a screen counts ages on by itself, and
 * an age that begins anew (the terminal was heard, the account was told again) is sent once a second.
 */
export const CONTROL_TOPICS = {
  state: liveStateSchema,
  terminal: terminalSchema,
  channels: channelsSchema,
  /** The last five minutes, second by second, oldest first; once a second. A second that is missing is a gap. */
  pace: z.array(paceSecondSchema),
  account: liveAccountSchema,
  book: bookSchema,
  /** In the order of the settings' symbols, then of the terminal's Market Watch; at most 100. */
  quotes: z.array(quoteSchema),
  clients: liveClientsSchema,
  network: networkSchema,
  audit: liveAuditSchema,
} as const;

export type ControlCall = keyof typeof CONTROL_CALLS;
export type ControlInput<C extends ControlCall> = z.output<(typeof CONTROL_CALLS)[C]['input']>;
export type ControlOutput<C extends ControlCall> = z.output<(typeof CONTROL_CALLS)[C]['output']>;
export type ControlTopic = keyof typeof CONTROL_TOPICS;
export type TopicValue<T extends ControlTopic> = z.output<(typeof CONTROL_TOPICS)[T]>;
export type StateView = z.output<typeof stateSchema>;

/** The calls as functions. `by` says who asked, for the audit log: `operator@<user>`. */
export type ControlHandlers = {
  readonly [C in ControlCall]: (input: ControlInput<C>, by: string) => Promise<ControlOutput<C>>;
};

/** The topics, for whoever shows them. */
export interface ControlFeed {
  /** `listener` gets the value as it is now, in this turn or a later one, then each new one. Returns what ends that. */
  subscribe<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): () => void;
}

/** What a gateway offers its operator, whatever the transport. */
export interface ControlService {
  readonly handlers: ControlHandlers;
  readonly feed: ControlFeed;
}

/** How a call from a screen ended; a fault is a sentence for a person, never an exception. */
export type CallAnswer<C extends ControlCall> =
  { readonly ok: true; readonly output: ControlOutput<C> } | { readonly ok: false; readonly error: string };

/** Whether the main process is heard: `down` from the loss of the connection, or 2 s without a word of it. */
export type Hearing = 'connecting' | 'up' | 'down';

/** The gateway as a screen sees it: what preload and panel transport give the renderer, and what its tests stand in for. */
export interface ControlApi {
  call<C extends ControlCall>(call: C, input: ControlInput<C>): Promise<CallAnswer<C>>;
  /** As long as the gateway is not heard nothing comes; once it is again, the whole value does. */
  subscribe<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): () => void;
  onHearing(listener: (hearing: Hearing) => void): () => void;
  /** What only this transport can do. */
  readonly shell: Shell;
}

/** Differences between the window and the panel. */
export interface Shell {
  readonly kind: 'window' | 'panel';
  /** Takes the operator to an exported file: shows it in its folder, or downloads it. */
  fetchExport(file: string): void;
  /** Opens a page of the web by its name; nothing else can be opened. */
  openPage(page: Page): void;
  /** Writes a brain's connection file where the operator wants it; the window asks where. */
  saveConnection(file: string, text: string): Promise<Saved>;
}

/** What became of a file that was to be saved: not saved and without an error where the operator changed their mind. */
export interface Saved {
  readonly isSaved: boolean;
  readonly error: string | null;
}

/** Pages of the web that a screen can open, by name. */
export const PAGES = { 'metatrader-download': 'https://www.metatrader5.com/en/download' } as const;
export type Page = keyof typeof PAGES;

/** A call as it travels on the local line: one JSON line each way. */
export const callLineSchema = z.object({
  id: z.number(),
  call: z.string(),
  by: z._default(z.string(), 'operator'),
  input: z._default(z.unknown(), {}),
});
export const answerLineSchema = z.discriminatedUnion('ok', [
  z.object({ id: z.number(), ok: z.literal(true), output: z.unknown() }),
  z.object({ id: z.number(), ok: z.literal(false), error: z.string() }),
]);
