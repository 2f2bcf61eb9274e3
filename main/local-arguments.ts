import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { ROLES, type Role } from './protocol/connection-file.ts';

/** Commands for the gateway that runs at this machine. */
export const LOCAL_COMMANDS = [
  'kill',
  'halt',
  'resume',
  'status',
  'close',
  'take-out',
  'end-lease',
  'decide',
  'pair',
  'revoke',
  'rename',
  'clients',
  'panel-address',
] as const;
export type LocalCommand = (typeof LOCAL_COMMANDS)[number];

/** What an operator asks of the running gateway. */
export type LocalRequest =
  | { readonly command: 'status' | 'clients' | 'panel-address' }
  | ({ readonly command: 'kill' | 'halt' | 'resume' } & Reasoned)
  /** About a position or an order. */
  | ({ readonly command: 'close' | 'take-out'; readonly ticket: string } & Reasoned)
  | ({ readonly command: 'end-lease' | 'revoke'; readonly client: string } & Reasoned)
  /** What a person says of a command; the client where several used its `req_id`. */
  | ({
      readonly command: 'decide';
      readonly reqId: string;
      readonly happened: 'yes' | 'no';
      readonly client?: string;
    } & Reasoned)
  | PairOptions
  | { readonly command: 'rename'; readonly client: string; readonly label: string };

interface Reasoned {
  readonly reason?: string;
}

/** What `--pair` takes. */
export interface PairOptions {
  readonly command: 'pair';
  readonly client: string;
  readonly role: Role;
  readonly expiresDays?: number;
  /** Under which address or name the brain will reach this machine. */
  readonly host?: string;
  /** The connection file; by default named after the brain, in the current folder. */
  readonly out?: string;
}

/** A local command, with what all of them take. */
export type LocalInvocation = LocalRequest & {
  readonly root: 'local';
  readonly dataDir?: string;
  readonly json: boolean;
};

/** Options of every local command. */
export const SHARED: ParseArgsOptionsConfig = { 'data-dir': { type: 'string' }, json: { type: 'boolean' } };

interface Operand {
  readonly what: string;
  readonly form: RegExp;
  readonly like: string;
}

const TICKET: Operand = { what: 'ticket', form: /^[1-9]\d{0,18}$/, like: '1001' };
const CLIENT: Operand = { what: "client's name", form: /^[A-Za-z0-9._-]{1,64}$/, like: 'alpha' };
const BRAIN: Operand = { ...CLIENT, what: 'name of a brain, at most 64 letters, digits, dots, _ or -' };
const COMMAND: Operand = { what: 'req_id', form: /^.{1,128}$/su, like: '6f1c…' };

/** What a local command is about, where it is about one thing. */
const OPERANDS: Partial<Record<LocalCommand, Operand>> = {
  close: TICKET,
  'take-out': TICKET,
  'end-lease': CLIENT,
  decide: COMMAND,
  pair: BRAIN,
  revoke: BRAIN,
  rename: BRAIN,
};

const REASON = ['reason'] as const;
/** Options of each besides those that all take; each takes a value. */
const OPTIONS: Readonly<Record<LocalCommand, readonly string[]>> = {
  ...{ status: [], clients: [], 'panel-address': [] },
  ...{ kill: REASON, halt: REASON, resume: REASON, close: REASON, 'take-out': REASON, 'end-lease': REASON },
  decide: ['happened', 'client', 'reason'],
  pair: ['role', 'expires', 'host', 'out'],
  revoke: REASON,
  rename: ['label'],
};

/** Reads a local command's words. Throws what is wrong with them. */
export function parseLocal(command: LocalCommand, words: readonly string[]): LocalInvocation {
  const operand = OPERANDS[command];
  const own = OPTIONS[command].map((name) => [name, { type: 'string' }] as const);
  const options: ParseArgsOptionsConfig = { ...SHARED, ...Object.fromEntries(own) };
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: operand !== undefined });
  const [word = '', ...surplus] = positionals;
  if (operand !== undefined && (surplus.length > 0 || !operand.form.test(word))) {
    throw new Error(`--${command} takes one ${operand.what}, like --${command} ${operand.like}`);
  }
  const dataDir = text(values, 'data-dir');
  return {
    root: 'local',
    ...requestOf(command, word, values),
    json: values['json'] === true,
    ...(dataDir === undefined ? {} : { dataDir }),
  };
}

type Values = Readonly<Record<string, unknown>>;

function requestOf(command: LocalCommand, word: string, values: Values): LocalRequest {
  const reason = optional('reason', text(values, 'reason'));
  switch (command) {
    case 'status':
    case 'clients':
    case 'panel-address':
      return { command };
    case 'kill':
    case 'halt':
    case 'resume':
      return { command, ...reason };
    case 'close':
    case 'take-out':
      return { command, ticket: word, ...reason };
    case 'end-lease':
    case 'revoke':
      return { command, client: word, ...reason };
    case 'decide':
      return {
        command,
        reqId: word,
        happened: happenedOf(values),
        ...optional('client', text(values, 'client')),
        ...reason,
      };
    case 'pair':
      return pairOf(word, values);
    case 'rename':
      return { command, client: word, label: labelOf(values) };
  }
}

function happenedOf(values: Values): 'yes' | 'no' {
  const happened = text(values, 'happened');
  if (happened !== 'yes' && happened !== 'no') throw new Error('--decide takes --happened yes or --happened no');
  return happened;
}

function pairOf(client: string, values: Values): PairOptions {
  const role = ROLES.find((known) => known === text(values, 'role'));
  if (role === undefined) throw new Error(`--pair takes --role ${ROLES.join('|')}: what the brain may do`);
  return {
    ...{ command: 'pair', client, role },
    ...optional('expiresDays', daysOf(text(values, 'expires'))),
    ...optional('host', text(values, 'host')),
    ...optional('out', text(values, 'out')),
  };
}

function daysOf(expires: string | undefined): number | undefined {
  if (expires === undefined) return undefined;
  const days = /^([1-9]\d{0,3})d$/.exec(expires)?.[1];
  if (days === undefined || Number(days) > 3_650) throw new Error('--expires takes days, 1d to 3650d, like 90d');
  return Number(days);
}

function labelOf(values: Values): string {
  const label = text(values, 'label') ?? '';
  if (label === '' || label.length > 64) throw new Error('--rename takes --label "…" (1 to 64 characters)');
  return label;
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
