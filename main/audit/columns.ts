import type { ActorKind, AuditEntry, RowType } from './audit-log.ts';

/** Columns of a row in their order, with their SQL types. The hash covers all but the last two. */
const COLUMN_TYPES = {
  seq: 'INTEGER PRIMARY KEY',
  type: 'TEXT NOT NULL',
  ts_utc_us: 'INTEGER NOT NULL',
  ts_mono_us: 'INTEGER NOT NULL',
  session: 'TEXT NOT NULL',
  actor_kind: 'TEXT NOT NULL',
  actor: 'TEXT NOT NULL',
  peer: 'TEXT',
  action: 'TEXT',
  req_id: 'TEXT',
  claim: 'INTEGER CHECK (claim = 1)',
  payload_hash: 'TEXT',
  payload: 'TEXT',
  epoch: 'INTEGER',
  mode: 'TEXT',
  account: 'TEXT',
  symbol: 'TEXT',
  side: 'TEXT',
  volume: 'TEXT',
  price: 'TEXT',
  sl: 'TEXT',
  tp: 'TEXT',
  magic: 'TEXT',
  tag: 'TEXT',
  ticket: 'TEXT',
  deal: 'TEXT',
  retcode: 'INTEGER',
  status: 'TEXT',
  code: 'TEXT',
  answer: 'TEXT',
  latency_us: 'TEXT',
  reason: 'TEXT',
  app_version: 'TEXT NOT NULL',
  bridge_version: 'TEXT',
  prev_hash: 'TEXT NOT NULL',
  hash: 'TEXT NOT NULL',
} as const;

export type Column = keyof typeof COLUMN_TYPES;

/** Names of all columns, in the order in which they are hashed, listed and exported. */
export const COLUMNS = Object.keys(COLUMN_TYPES) as readonly Column[];
/** How many of them the hash covers: all but `prev_hash` and `hash`. */
export const HASHED_COLUMNS = COLUMNS.length - 2;
/** The column list of a CREATE TABLE. */
export const COLUMN_DEFINITIONS = Object.entries(COLUMN_TYPES)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

/** Writes a row of all its cells, in column order. */
export const INSERT_ROW = `INSERT INTO audit (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;

type Nullable = 'peer' | 'action' | 'req_id' | 'payload_hash' | 'payload' | 'mode' | 'account' | 'symbol' | 'side';
type NullableText =
  | Nullable
  | 'volume'
  | 'price'
  | 'sl'
  | 'tp'
  | 'magic'
  | 'tag'
  | 'ticket'
  | 'deal'
  | 'status'
  | 'code'
  | 'answer'
  | 'latency_us'
  | 'reason'
  | 'bridge_version';
type NullableNumber = 'claim' | 'epoch' | 'retcode';

/** A row as it stands in the file: text, whole numbers, and null for what is absent. */
export type StoredRow = Readonly<
  Record<'seq' | 'ts_utc_us' | 'ts_mono_us', number> &
    Record<'session' | 'actor' | 'app_version' | 'prev_hash' | 'hash', string> &
    Record<NullableText, string | null> &
    Record<NullableNumber, number | null>
> & { readonly type: RowType; readonly actor_kind: ActorKind };

/** A value of a row. */
export type Cell = string | number | null;

/** What the writer adds to each row of a session. */
export interface RowStamp {
  readonly session: string;
  readonly appVersion: string;
  readonly bridgeVersion: string | null;
}

/** The cells of a row that the hash covers, in column order, in the form in which SQLite gives them back. */
export function toCells(entry: AuditEntry, seq: number, isClaim: boolean, stamp: RowStamp): Cell[] {
  return [
    seq,
    entry.type,
    Math.round(entry.tsUtcUs),
    Math.round(entry.tsMonoUs),
    text(stamp.session),
    entry.actorKind,
    text(entry.actor),
    text(entry.peer),
    text(entry.action),
    text(entry.reqId),
    isClaim ? 1 : null,
    text(entry.payloadHash),
    text(entry.payload),
    whole(entry.epoch),
    text(entry.mode),
    text(entry.account),
    text(entry.symbol),
    text(entry.side),
    text(entry.volume),
    text(entry.price),
    text(entry.sl),
    text(entry.tp),
    text(entry.magic),
    text(entry.tag),
    text(entry.ticket),
    text(entry.deal),
    whole(entry.retcode),
    text(entry.status),
    text(entry.code),
    text(entry.answer),
    latencyText(entry.latencyUs),
    text(entry.reason),
    text(stamp.appVersion),
    text(entry.bridgeVersion ?? stamp.bridgeVersion),
  ];
}

/** The text that SQLite gives back for `value`: half surrogate pairs become U+FFFD, or the hash would not be found again. */
export function storedText(value: string): string {
  return value.isWellFormed() ? value : value.toWellFormed();
}

function text(value: string | null | undefined): string | null {
  return value === undefined || value === null ? null : storedText(value);
}

function whole(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}

function latencyText(latency: AuditEntry['latencyUs']): string | null {
  if (latency === undefined) return null;
  const { queue, commit, terminal, total } = latency;
  const [q, c, t, all] = [queue, commit, terminal, total].map(Math.round);
  return `{"queue":${q ?? 0},"commit":${c ?? 0},"terminal":${t ?? 0},"total":${all ?? 0}}`;
}
