import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { assertNever } from '../assert-never.ts';
import { type ActorKind, type AuditHead, ROW_TYPES, type RowType } from './audit-log.ts';
import { EXPORT_FORMATS, type ExportFormat } from './export-format.ts';
import type { ExportRequest } from './export-rows.ts';
import { MAX_PAGE_ROWS, type PageRequest, type ShowRequest } from './reader.ts';
import type { RowFilter } from './row-filter.ts';

/** What an audit command line asks for. */
export type AuditInvocation =
  | { readonly command: 'list'; readonly page: PageRequest; readonly json: boolean }
  | { readonly command: 'show'; readonly target: ShowRequest; readonly json: boolean }
  | { readonly command: 'verify'; readonly witness?: AuditHead; readonly json: boolean }
  | { readonly command: 'export'; readonly request: ExportRequest; readonly out?: string }
  | { readonly command: 'backup'; readonly target: string; readonly json: boolean }
  | { readonly command: 'help'; readonly of: AuditCommand | null }
  | { readonly command: 'usage'; readonly message: string; readonly of: AuditCommand | null };

export const AUDIT_COMMANDS = ['list', 'show', 'verify', 'export', 'backup'] as const;
export type AuditCommand = (typeof AUDIT_COMMANDS)[number];

const ACTOR_KINDS: readonly ActorKind[] = ['client', 'operator', 'gateway'];
const DEFAULT_LIMIT = 50;
const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const FILTERS = {
  ...{ type: TEXT, client: TEXT, by: TEXT, action: TEXT, symbol: TEXT, status: TEXT, code: TEXT, req: TEXT },
  ...{ since: TEXT, until: TEXT },
};
const OPTIONS = {
  list: { ...FILTERS, limit: TEXT, before: TEXT, json: FLAG, help: FLAG },
  show: { client: TEXT, json: FLAG, help: FLAG },
  verify: { head: TEXT, json: FLAG, help: FLAG },
  export: { ...FILTERS, format: TEXT, out: TEXT, mask: FLAG, help: FLAG },
  backup: { json: FLAG, help: FLAG },
} as const satisfies Record<AuditCommand, ParseArgsOptionsConfig>;

const TAKES_WORDS: ReadonlySet<AuditCommand> = new Set(['show', 'backup']);

type Values = Readonly<Record<string, unknown>>;

/** A word that cannot be understood; becomes `usage`. */
class UsageError extends Error {}

/** Reads the words after `--audit`. */
export function parseAuditArguments(words: readonly string[]): AuditInvocation {
  const [name, ...rest] = words;
  if (name === undefined) return { command: 'usage', message: 'say what to do', of: null };
  if (name === '--help' || name === 'help')
    return { command: 'help', of: AUDIT_COMMANDS.find((c) => c === rest[0]) ?? null };
  const command = AUDIT_COMMANDS.find((known) => known === name);
  if (command === undefined) {
    return { command: 'usage', message: `"${name}" is none of ${AUDIT_COMMANDS.join(', ')}`, of: null };
  }
  try {
    const options: ParseArgsOptionsConfig = OPTIONS[command];
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: TAKES_WORDS.has(command) });
    return values['help'] === true ? { command: 'help', of: command } : invocationOf(command, values, positionals);
  } catch (error) {
    if (!(error instanceof UsageError) && !isParseArgsError(error)) throw error;
    return { command: 'usage', message: error.message.split('. ')[0] ?? error.message, of: command };
  }
}

function invocationOf(command: AuditCommand, values: Values, positionals: readonly string[]): AuditInvocation {
  const json = values['json'] === true;
  switch (command) {
    case 'list':
      return { command, json, page: pageOf(values) };
    case 'show':
      return { command, json, target: targetOf(values, positionals) };
    case 'verify': {
      const head = textOf(values, 'head');
      return head === undefined ? { command, json } : { command, json, witness: headOf(head) };
    }
    case 'export': {
      const out = textOf(values, 'out');
      const request = { format: formatOf(values), filter: filterOf(values), isMasked: values['mask'] === true };
      return out === undefined ? { command, request } : { command, request, out };
    }
    case 'backup': {
      const [target, ...others] = positionals;
      if (target === undefined || others.length > 0) throw new UsageError('backup takes the name of what it makes');
      return { command, json, target };
    }
    default:
      return assertNever(command, 'audit command');
  }
}

function pageOf(values: Values): PageRequest {
  const beforeSeq = wholeOf(values, 'before', Number.MAX_SAFE_INTEGER);
  const limit = wholeOf(values, 'limit', MAX_PAGE_ROWS) ?? DEFAULT_LIMIT;
  return { ...filterOf(values), limit, ...(beforeSeq === undefined ? {} : { beforeSeq }) };
}

function targetOf(values: Values, [word, ...others]: readonly string[]): ShowRequest {
  if (word === undefined || others.length > 0) throw new UsageError('show takes one row number or one req_id');
  const client = textOf(values, 'client');
  if (client !== undefined) return { reqId: word, client };
  return /^[0-9]{1,15}$/.test(word) ? { seq: Number(word) } : { reqId: word };
}

function filterOf(values: Values): RowFilter {
  const type = textOf(values, 'type');
  const by = textOf(values, 'by');
  const named = {
    client: textOf(values, 'client'),
    symbol: textOf(values, 'symbol'),
    reqId: textOf(values, 'req'),
    action: textOf(values, 'action')?.toUpperCase(),
    status: textOf(values, 'status')?.toUpperCase(),
    code: textOf(values, 'code')?.toUpperCase(),
    type: type === undefined ? undefined : rowTypeOf(type),
    actorKind: by === undefined ? undefined : actorKindOf(by),
    sinceMs: timeOf(values, 'since'),
    untilMs: timeOf(values, 'until'),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function rowTypeOf(text: string): RowType {
  const type = ROW_TYPES.find((known) => known === text.toUpperCase());
  if (type === undefined) throw new UsageError(`--type is one of ${ROW_TYPES.join(', ')}`);
  return type;
}

function actorKindOf(text: string): ActorKind {
  const kind = ACTOR_KINDS.find((known) => known === text.toLowerCase());
  if (kind === undefined) throw new UsageError(`--by is one of ${ACTOR_KINDS.join(', ')}`);
  return kind;
}

/** A day or a time of UTC, in Unix milliseconds. */
function timeOf(values: Values, name: string): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const [, day, time = '00:00'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)Z?)?$/.exec(text) ?? [];
  const ms = day === undefined ? NaN : Date.parse(`${day}T${time}Z`);
  // The parser turns 31 February into a day of March.
  if (day !== undefined && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)) return ms;
  throw new UsageError(`--${name} is a time of UTC, like 2026-11-22 or 2026-11-22T14:30:00`);
}

function formatOf(values: Values): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === textOf(values, 'format'));
  if (format === undefined) throw new UsageError(`--format is one of ${EXPORT_FORMATS.join(', ')}`);
  return format;
}

function headOf(text: string): AuditHead {
  const [, seq, hash] = /^([1-9][0-9]{0,14}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new UsageError('--head is ROW:HASH, as verify prints it');
  return { seq: Number(seq), hash };
}

function wholeOf(values: Values, name: string, max: number): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && value >= 1 && value <= max) return value;
  throw new UsageError(`--${name} is a whole number from 1 to ${max}`);
}

function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function isParseArgsError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
