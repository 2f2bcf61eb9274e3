import { readFileSync } from 'node:fs';
import {
  COMMAND_TIMEOUT_MS,
  GATEWAY_IP_INTERNAL,
  ZMQ_PORT_CMD,
  ZMQ_PORT_DATA,
  ZMQ_PORT_EVENTS,
} from '../../protocol/constants.ts';
import { isObject } from '../../protocol/json-value.ts';
import { parseJson } from '../../protocol/json.ts';
import { resolveOptions, type ClientSettings, type ZmqClientOptions } from '../options.ts';
import type { OptionSpec } from './command-line.ts';

/** One thing to know about the gateway. It is `--command-port`, `MT5_FABRIC_COMMAND_PORT` and `command_port` in a file. */
interface Setting extends OptionSpec {
  readonly key: keyof ClientSettings;
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

/** Options that every command takes. */
export const SHARED_OPTIONS: readonly OptionSpec[] = [
  ...SETTINGS.map(({ name, value, about }) => ({ name, value, about })),
  { name: 'config', value: 'FILE', about: 'JSON with any of these: {"command_port": 5555}' },
  { name: 'json', value: null, about: 'one JSON line for programs, no table' },
];

export type ConnectionResult =
  | { readonly ok: true; readonly settings: ClientSettings; readonly words: readonly string[] }
  | { readonly ok: false; readonly kind: 'usage' | 'configuration'; readonly message: string };

type Environment = Readonly<Record<string, string | undefined>>;
type Source = { readonly kind: 'usage' | 'configuration'; readonly name: string; readonly value: unknown };
type FileResult =
  | { readonly ok: true; readonly content: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly kind: 'configuration'; readonly message: string };

/**
 * Where the gateway is: option over variable over file over default. `words` are the options as given, for a hint that
 * can be copied. What cannot be is `usage` where an option says it, `configuration` where variable or file do.
 */
export function readConnection(options: ReadonlyMap<string, string>, environment: Environment): ConnectionResult {
  const path = options.get('config') ?? given(environment['MT5_FABRIC_CONFIG']);
  const file = path === undefined ? { ok: true as const, content: {} } : readFile(path);
  if (!file.ok) return file;
  const chosen: Partial<Record<keyof ClientSettings, unknown>> = {};
  for (const setting of SETTINGS) {
    const source = sourceOf(setting, options, environment, file.content, path ?? '');
    if (source === null) continue;
    const value = setting.numeric ? toNumber(source.value) : source.value;
    const message = faultOf(setting, value);
    if (message !== null) return { ok: false, kind: source.kind, message: `${source.name}: ${message}` };
    chosen[setting.key] = value;
  }
  const words = [...options].filter(([name]) => name !== 'json' && SHARED_OPTIONS.some((one) => one.name === name));
  return {
    ok: true,
    settings: resolveOptions(chosen as ZmqClientOptions),
    words: words.flatMap(([name, value]) => [`--${name}`, value]),
  };
}

function sourceOf(
  { name }: Setting,
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
  const keys = SETTINGS.map(({ name }) => fileKey(name));
  const wrong = Object.keys(parsed.value).find((key) => !keys.includes(key));
  if (wrong !== undefined) return fail(`unknown key ${wrong} in ${path}; it takes ${keys.join(', ')}`);
  return { ok: true, content: parsed.value };
}

function faultOf({ key, numeric }: Setting, value: unknown): string | null {
  if (!numeric && typeof value !== 'string') return 'takes text';
  try {
    resolveOptions({ [key]: value });
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

function text(name: string, key: keyof ClientSettings, value: string, about: string): Setting {
  return { name, key, value, about, numeric: false };
}

function number(name: string, key: keyof ClientSettings, value: string, about: string): Setting {
  return { name, key, value, about, numeric: true };
}
