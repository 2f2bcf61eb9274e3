import type { Reply } from './envelope.ts';
import { parseTrustedJson } from './json.ts';
import { isObject, type JsonObject, type JsonValue } from './json-value.ts';
import { ResponseStatus } from './status.ts';

/** A reply as read; whole numbers past 2^53 in `data` are bigint. */
export type DecodedReply = Reply & { readonly data: JsonValue };

/** A reply, or one English sentence that names the key that is missing or of another type. */
export type ReplyResult =
  { readonly ok: true; readonly reply: DecodedReply } | { readonly ok: false; readonly message: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a gateway's reply, of protocol 1.0 or later: the five keys of 1.0 have to be there, keys that this version does
 * not know are left out. Written without the schemas, which a client need not load. Never throws.
 */
export function decodeReply(body: Uint8Array): ReplyResult {
  let value: JsonValue;
  try {
    value = parseTrustedJson(utf8.decode(body));
  } catch (error) {
    return fault(`it is not JSON: ${String(error)}`);
  }
  return isObject(value) ? readReply(value) : fault('it is not a JSON object');
}

function readReply({ req_id, status, timestamp, data, error, code, retcode, duplicate }: JsonObject): ReplyResult {
  if (typeof req_id !== 'string') return fault('req_id is no string');
  if (!isStatus(status)) return fault('status is none of SUCCESS, ERROR, PENDING');
  if (typeof timestamp !== 'number') return fault('timestamp is no number');
  if (data === undefined) return fault('data is missing');
  if (error !== null && typeof error !== 'string') return fault('error is neither null nor a string');
  const reply: DecodedReply = {
    req_id,
    status,
    timestamp,
    data,
    error,
    // A key of 1.1 that is of another type than it should be costs only itself, never the outcome of an order.
    ...(typeof code === 'string' || code === null ? { code } : {}),
    ...(typeof retcode === 'number' ? { retcode } : {}),
    ...(typeof duplicate === 'boolean' ? { duplicate } : {}),
  };
  return { ok: true, reply };
}

function isStatus(status: JsonValue | undefined): status is ResponseStatus {
  return typeof status === 'string' && Object.hasOwn(ResponseStatus, status);
}

function fault(what: string): ReplyResult {
  return { ok: false, message: `not a reply: ${what}` };
}
