import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ConnectionFile } from '../../protocol/connection-file.ts';
import {
  COMMAND_TIMEOUT_MS,
  GATEWAY_IP_INTERNAL,
  ZMQ_PORT_CMD,
  ZMQ_PORT_DATA,
  ZMQ_PORT_EVENTS,
} from '../../protocol/constants.ts';
import { isObject } from '../../protocol/json-value.ts';
import { parseJson } from '../../protocol/json.ts';
import { readConnectionFile } from '../connection-file.ts';
import { ConnectionFileError } from '../errors.ts';
import { resolveOptions, type ZmqClientOptions } from '../options.ts';
import type { OptionSpec } from './command-line.ts';

type SettingKey = Exclude<keyof ZmqClientOptions, 'connection'>;

/** One thing to know about the gateway. It is `--command-port`, `MT5_FABRIC_COMMAND_PORT` and `command_port` in a file. */
interface Setting extends OptionSpec {
  readonly key: SettingKey;
  readonly numeric: boolean;
}

const SETTINGS: readonly Setting[] = [
  text('host', 'host', 'ADDR', `the gateway's name or address [${GATEWAY_IP_INTERNAL}]`),
  number('command-port', 'reqPort', 'N', `port of the command channel [${ZMQ_PORT_CMD}]`),
  number('data-port', 'subPort', 'N', `port of the data channel, ticks [${ZMQ_PORT_DATA}]`),
  number('event-port', 'eventPort', 'N', `port of the event channel [${ZMQ_PORT_EVENTS}]`),
  number('timeout-ms', 'timeoutMs', 'N', `how long to wait for a reply [${COMMAND_TIMEOUT_MS}]`),
  text('client-id', 'clientId', 'NAME', "this brain's name in the gateway's log"),
];

const CONNECTION = 'connection';

/** Options that every command takes. */
export const SHARED_OPTIONS: readonly OptionSpec[] = [
  ...SETTINGS.map(({ name, value, about }) => ({ name, value, about })),
  { name: CONNECTION, value: 'FILE', about: 'address, name and keys of a paired brain' },
  { name: 'config', value: 'FILE', about: 'JSON with any of these: {"command_port": 5555}' },
  { name: 'json', value: null, about: 'one JSON line for programs, no table' },
];

export type ConnectionResult =
  | { readonly ok: true; readonly options: ZmqClientOptions; readonly words: readonly string[] }
  | { readonly ok: false; readonly kind: 'usage' | 'configuration'; readonly message: string };

type Environment = Readonly<Record<string, string | undefined>>;
type Source = { readonly kind: 'usage' | 'configuration'; readonly name: string; readonly value: unknown };
type FileResult =
  | { readonly ok: true; readonly content: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly kind: 'configuration'; readonly message: string };
type PairedResult =
  | { readonly ok: true; readonly connection: ConnectionFile | undefined }
  | { readonly ok: false; readonly kind: 'configuration'; readonly message: string };

/**
 * Where the gateway is: option over variable over file over default; a connection file is over all but options. `words` are the options as given, for a hint that
 * can be copied. What cannot be is `usage` where an option says it, `configuration` where variable or file do.
 */
export function readConnection(options: ReadonlyMap<string, string>, environment: Environment): ConnectionResult {
  const path = options.get('config') ?? given(environment['MT5_FABRIC_CONFIG']);
  const file = path === undefined ? { ok: true as const, content: {} } : readFile(path);
  if (!file.ok) return file;
  const paired = readPaired(options, environment, file.content, path ?? '');
  if (!paired.ok) return paired;
  const { connection } = paired;
  const chosen: Partial<Record<SettingKey, unknown>> = {};
  for (const setting of SETTINGS) {
    const source = sourceOf(setting, options, environment, file.content, path ?? '');
    if (source === null || isOutranked(setting, source, connection)) continue;
    const value = setting.numeric ? toNumber(source.value) : source.value;
    const message = faultOf(setting, value, connection);
    if (message !== null) return { ok: false, kind: source.kind, message: `${source.name}: ${message}` };
    chosen[setting.key] = value;
  }
  const words = [...options].filter(([name]) => name !== 'json' && SHARED_OPTIONS.some((one) => one.name === name));
  return {
    ok: true,
    options: { ...(chosen as ZmqClientOptions), connection },
    words: words.flatMap(([name, value]) => [`--${name}`, value]),
  };
}

/** The connection file, of a path that stands in another file as seen from that file. */
function readPaired(
  options: ReadonlyMap<string, string>,
  environment: Environment,
  file: Readonly<Record<string, unknown>>,
  path: string,
): PairedResult {
  const source = sourceOf({ name: CONNECTION }, options, environment, file, path);
  if (source === null) return { ok: true, connection: undefined };
  const fail = (message: string) => ({ ok: false as const, kind: 'configuration' as const, message });
  if (typeof source.value !== 'string') return fail(`${source.name}: takes text`);
  try {
    const isInFile = source.value === file[CONNECTION];
    return { ok: true, connection: readConnectionFile(isInFile ? resolve(dirname(path), source.value) : source.value) };
  } catch (error) {
    if (error instanceof ConnectionFileError) return fail(`${source.name}: ${error.message}`);
    throw error;
  }
}

/** What a connection file says counts for more than what variables and files say of the same. */
function isOutranked({ key }: Setting, { kind }: Source, connection: ConnectionFile | undefined): boolean {
  return connection !== undefined && kind === 'configuration' && key !== 'timeoutMs';
}

function sourceOf(
  { name }: Pick<Setting, 'name'>,
  options: ReadonlyMap<string, string>,
  environment: Environment,
  file: Readonly<Record<string, unknown>>,
  path: string,
): Source | null {
  const option = options.get(name);
  if (option !== undefined) return { kind: 'usage', name: `--${name}`, value: option };
  const variable = `MT5_FABRIC_${fileKey(name).toUpperCase()}`;
  const inEnvironment = given(environment[variable]);
  if (inEnvironment !== undefined) return { kind: 'configuration', name: variable, value: inEnvironment };
  const inFile = file[fileKey(name)];
  return inFile === undefined ? null : { kind: 'configuration', name: `${fileKey(name)} in ${path}`, value: inFile };
}

function readFile(path: string): FileResult {
  const fail = (message: string) => ({ ok: false as const, kind: 'configuration' as const, message });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return fail(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? 'it is no file'}`);
  }
  const parsed = parseJson(bytes);
  if (!parsed.ok) return fail(`${path} is not JSON: ${parsed.message}`);
  if (!isObject(parsed.value)) return fail(`${path} holds no JSON object`);
  const keys = [...SETTINGS.map(({ name }) => fileKey(name)), CONNECTION];
  const wrong = Object.keys(parsed.value).find((key) => !keys.includes(key));
  if (wrong !== undefined) return fail(`unknown key ${wrong} in ${path}; it takes ${keys.join(', ')}`);
  return { ok: true, content: parsed.value };
}

function faultOf({ key, numeric }: Setting, value: unknown, connection: ConnectionFile | undefined): string | null {
  if (!numeric && typeof value !== 'string') return 'takes text';
  try {
    resolveOptions({ [key]: value, connection });
    return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The library names its option first; here its source has been named.
    return error.message.replace(/^\w+ is /, 'takes ');
  }
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function fileKey(name: string): string {
  return name.replaceAll('-', '_');
}

function text(name: string, key: SettingKey, value: string, about: string): Setting {
  return { name, key, value, about, numeric: false };
}

function number(name: string, key: SettingKey, value: string, about: string): Setting {
  return { name, key, value, about, numeric: true };
}
