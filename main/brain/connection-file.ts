import { closeSync, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { CURVE_KEY_LENGTH, MAC_BYTES, ROLES, type ConnectionFile } from '../protocol/connection-file.ts';
import { isObject } from '../protocol/json-value.ts';
import { parseJson } from '../protocol/json.ts';
import { ConnectionFileError } from './errors.ts';
import { CLIENT_ID_TAKES, isClientId, isHost, isPort } from './option-rules.ts';

/** What a field takes, whether a value is that, and whether a value may be shown where it is not. */
interface Field {
  readonly takes: string;
  readonly fits: (value: unknown) => boolean;
  readonly isSecret?: true;
}

// Z85, RFC 32.
const CURVE_KEY = new RegExp(`^[0-9A-Za-z.:+=^!/*?&<>()[\\]{}@%$#-]{${CURVE_KEY_LENGTH}}$`);
const MAC_KEY = new RegExp(`^[0-9A-Fa-f]{${MAC_BYTES * 2}}$`);
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;
/** Far more than a connection file has. */
const MAX_FILE_BYTES = 64 * 1024;

const PORT: Field = { takes: 'a port from 1 to 65535', fits: isPort };
const KEY: Field = {
  takes: `a key of ${CURVE_KEY_LENGTH} characters in Z85`,
  fits: matches(CURVE_KEY),
  isSecret: true,
};

const FIELDS: Readonly<Record<keyof ConnectionFile, Field>> = {
  version: { takes: '1, the only one that this program reads', fits: (value) => value === 1 },
  client_id: { takes: CLIENT_ID_TAKES, fits: isClientId },
  role: { takes: `one of ${ROLES.join(', ')}`, fits: (value) => ROLES.some((role) => role === value) },
  host: { takes: 'a name or an address like 192.168.1.7', fits: isHost },
  command_port: PORT,
  data_port: PORT,
  event_port: PORT,
  server_key: KEY,
  public_key: KEY,
  secret_key: KEY,
  mac_key: { takes: `${MAC_BYTES * 2} hexadecimal digits`, fits: matches(MAC_KEY), isSecret: true },
  expires: { takes: 'a time like 2027-01-31T12:00:00Z, or null', fits: isTimeOrNull },
};

/**
 * Reads the connection file of a paired brain. Throws ConnectionFileError, with a sentence that shows no key, for a file
 * that cannot be read, that others than its owner can read, that lacks something, or whose pairing has expired.
 */
export function readConnectionFile(path: string): ConnectionFile {
  const refuse = (fault: string) => new ConnectionFileError(`${path}: ${fault}`);
  const read = readPrivately(path);
  if (!read.ok) throw refuse(read.fault);
  const parsed = parseJson(read.bytes);
  // The parser quotes what it stumbles over, and that may be a key.
  if (!parsed.ok) throw refuse('it is not JSON; write it anew as it was shown when the brain was paired');
  const fault = connectionFault(parsed.value, Date.now());
  if (fault !== null) throw refuse(fault);
  return parsed.value as unknown as ConnectionFile;
}

/** What is wrong with a connection, as one sentence that shows no key; null for a good one. Further fields do not matter. */
export function connectionFault(value: unknown, nowMs: number): string | null {
  if (!isObject(value)) return 'a connection is a JSON object';
  for (const [key, { takes, fits, isSecret }] of Object.entries(FIELDS)) {
    const given = value[key];
    if (given === undefined) return `${key} is missing; it is ${takes}`;
    if (!fits(given)) return `${key} is ${takes}${isSecret === true ? lengthOf(given) : `, not ${shown(given)}`}`;
  }
  const { expires } = value as unknown as ConnectionFile;
  if (expires === null || Date.parse(expires) > nowMs) return null;
  return `the pairing expired on ${expires}: pair the brain anew`;
}

type Read = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly fault: string };

/** Looks at the very file that it reads, not at what stood under its name before. */
function readPrivately(path: string): Read {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const fault = fileFault(fstatSync(file), path);
    return fault === null ? { ok: true, bytes: readFileSync(file) } : { ok: false, fault };
  } catch (error) {
    return { ok: false, fault: `it cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is no file'}` };
  } finally {
    if (file !== null) closeSync(file);
  }
}

function fileFault(stats: Stats, path: string): string | null {
  if (!stats.isFile()) return 'it is no file';
  if (stats.size > MAX_FILE_BYTES) return `it is no connection file: it has ${stats.size} bytes`;
  const isOpen = (stats.mode & (isCredential(path) ? 0o007 : 0o077)) !== 0;
  if (process.platform === 'win32' || !isOpen) return null;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  return `it holds keys and its mode is ${mode}: others can read it; chmod 600 ${path}, or pair the brain anew`;
}

/** systemd lets a service's user in by an access list, whose mask stands where the group's rights do: mode 0440. */
function isCredential(path: string): boolean {
  const folder = process.env['CREDENTIALS_DIRECTORY'];
  return folder !== undefined && folder !== '' && resolve(path).startsWith(`${resolve(folder)}/`);
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'string' && ISO_TIME.test(value) && !Number.isNaN(Date.parse(value)));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : isObject(value) ? 'an object' : String(value);
}

function lengthOf(value: unknown): string {
  return typeof value === 'string' ? `; here are ${value.length} characters that are none` : `, not a ${typeof value}`;
}
