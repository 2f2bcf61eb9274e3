import type { Answer } from '../protocol/envelope.ts';

/**
 * The audit log as the rest of the gateway sees it: append only, one writer, in a worker. A promise resolves when the
 * rows are on disk (SQLite FULL). What is appended in one turn of the event loop shares a commit, in order.
 */
export interface AuditLog {
  /**
   * Appends rows. A command's state moves with its DISPATCH, OUTCOME and RECONCILED rows that have a `status`; an appended
   * REFUSED row refuses another request that used the same id, and changes nothing.
   */
  append(entries: readonly AuditEntry[]): Promise<AppendResult>;
  /**
   * Appends the first rows of a command, unless that key has a command already: then nothing is written and the
   * recorded one comes back. This is what makes a `req_id` run once, also after a restart.
   */
  claim(key: CommandKey, entries: readonly AuditEntry[]): Promise<ClaimResult>;
  /** The recorded command of a key, or null. Sees everything that was appended before the call. */
  findCommand(key: CommandKey): Promise<CommandRecord | null>;
  /** Commands whose outcome is not known, oldest first: what recovery has to settle. */
  unsettled(): Promise<readonly CommandRecord[]>;
  /**
   * Whether a row explains a position or order: the tag is that of a command that was not told to have come to nothing, or
   * a row names one of these tickets. Sees everything that was appended before the call.
   */
  knows(mark: { readonly tag: string | null; readonly tickets: readonly string[] }): Promise<boolean>;
  /** What the log said when it was opened: how the last run ended, and the last rows that recovery needs. */
  readonly opened: OpenedLog;
  /** Last row on disk. */
  head(): AuditHead;
  /** Called once for each fault; from then on `append` and `claim` fail until the log works again. */
  onFault(listener: (fault: string) => void): () => void;
  /** Writes what is left and closes. May be called twice. */
  stop(): Promise<void>;
}

export type AppendResult = { readonly ok: true; readonly head: AuditHead } | AuditFailure;
export type ClaimResult =
  | { readonly ok: true; readonly kind: 'claimed'; readonly head: AuditHead }
  | { readonly ok: true; readonly kind: 'existing'; readonly record: CommandRecord }
  | AuditFailure;
/** The rows could not be written. `ambiguous` when the commit itself failed: they may be there after a restart. */
export interface AuditFailure {
  readonly ok: false;
  readonly ambiguous: boolean;
  readonly message: string;
}

/** Idempotency key of a command: the client's proven or given name, or `anonymous`. */
export interface CommandKey {
  readonly client: string;
  readonly reqId: string;
}

/** Where a command stands. */
export type CommandState =
  | 'ACCEPTED'
  | 'DISPATCHING'
  | 'DONE'
  | 'PARTIAL'
  | 'PLACED'
  | 'REJECTED'
  | 'REFUSED'
  | 'EXPIRED'
  | 'FENCED'
  | 'UNKNOWN';

/** A command as recorded. `answer` is the reply's content, null while there is none. */
export interface CommandRecord {
  readonly key: CommandKey;
  readonly action: string;
  readonly payloadHash: string;
  /** Canonical JSON of the payload. */
  readonly payload: string;
  readonly state: CommandState;
  readonly answer: Answer | null;
  readonly magic: string | null;
  /** 12-character tag in the order's comment; null for what carries none. */
  readonly tag: string | null;
  /** Payload of its last DISPATCH row: the positions that it went out for. Absent where that row has none. */
  readonly dispatch?: string;
  /** When it was received and when its last row was written, Unix milliseconds. */
  readonly receivedAtMs: number;
  readonly updatedAtMs: number;
  readonly seq: number;
}

export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
}

/** What was found in the log on opening. */
export interface OpenedLog {
  /** True when the log was empty: the first run in this data folder. */
  readonly fresh: boolean;
  /** Rows of the last session, if there was one, ended with SESSION_STOPPED. */
  readonly cleanStop: boolean;
  /** The tail of the chain verifies (last rows re-hashed and linked). */
  readonly tailIntact: boolean;
  /** Highest epoch in the log. */
  readonly epoch: number;
  /** A kill that no RESUME followed, or null: its causes are shown and its flatten is taken up again. */
  readonly standingHalt: StandingHalt | null;
  /** Payloads of the last SESSION_STARTED and of the SESSION_STOPPED after it; null where there is none. */
  readonly lastSession?: { readonly started: string | null; readonly stopped: string | null };
  /** Why the file of the run before was moved aside and a new one begun, one sentence; absent where it was not. */
  readonly quarantined?: string;
}

export interface StandingHalt {
  readonly flatten: 'none' | 'gateway' | 'account';
  readonly flatVerified: boolean;
  /** Payload of the last KILL_LATCHED row: the causes, as canonical JSON. */
  readonly causes: string;
}

/** Kinds of rows. */
export const ROW_TYPES = [
  'INTENT',
  'DISPATCH',
  'OUTCOME',
  'REFUSED',
  'KILL_TRIGGER',
  'KILL_INTENT',
  'KILL_LATCHED',
  'TOKEN_REMOVED',
  'FENCED',
  'FLATTEN_STARTED',
  'FLATTEN_TICKET',
  'FLATTEN_BLOCKED',
  'FLAT_VERIFIED',
  'MODE_CHANGED',
  'ARMED',
  'RESUME',
  'RESUME_REFUSED',
  'RECONCILED',
  'CLIENT_CONNECTED',
  'CLIENT_REFUSED',
  'QUERY_COUNT',
  'LEASE_GRANTED',
  'LEASE_ENDED',
  'LIMIT_WARNING',
  'OPERATOR_CLOSE',
  'SETTINGS_CHANGED',
  'SESSION_STARTED',
  'SESSION_STOPPED',
  'SEGMENT_STARTED',
  'EXPORTED',
  'VERIFIED',
  'BACKED_UP',
  'BRIDGE_INSTALLED',
  'CLIENT_PAIRED',
  'CLIENT_REVOKED',
  'CLIENT_RENAMED',
  'CONNECTION_REFUSED',
] as const;
export type RowType = (typeof ROW_TYPES)[number];

/** Who did it: a brain, the operator at this machine, or the gateway itself. */
export type ActorKind = 'client' | 'operator' | 'gateway';

/**
 * A row to append; the writer adds `seq`, `session`, versions and the chain. Numbers that matter (volume, prices,
 * tickets, magic) are exact text. Absent means SQL NULL.
 */
export interface AuditEntry {
  readonly type: RowType;
  /** Unix time in microseconds. */
  readonly tsUtcUs: number;
  /** Monotonic time in microseconds. */
  readonly tsMonoUs: number;
  readonly actorKind: ActorKind;
  readonly actor: string;
  readonly peer?: string;
  readonly action?: string;
  readonly reqId?: string;
  readonly payloadHash?: string;
  /** Canonical JSON: the payload of an INTENT or REFUSED row, details of the others. */
  readonly payload?: string;
  readonly epoch?: number;
  readonly mode?: string;
  readonly account?: string;
  readonly symbol?: string;
  readonly side?: string;
  readonly volume?: string;
  readonly price?: string;
  readonly sl?: string;
  readonly tp?: string;
  readonly magic?: string;
  /** Comment tag of the command. */
  readonly tag?: string;
  readonly ticket?: string;
  readonly deal?: string;
  readonly retcode?: number;
  /** A CommandState on command rows. */
  readonly status?: string;
  /** ErrorCode of the answer. */
  readonly code?: string;
  /** Answer of an OUTCOME or REFUSED row, as canonical JSON: what a duplicate is answered with. */
  readonly answer?: string;
  /** Version of the terminal program; the session's own, from its start, where it is absent. */
  readonly bridgeVersion?: string;
  readonly latencyUs?: {
    readonly queue: number;
    readonly commit: number;
    readonly terminal: number;
    readonly total: number;
  };
  readonly reason?: string;
}
