import { isAscii } from 'node:buffer';
import type { JsonObject } from './json-value.ts';

// One spelling for each field, in the order in which clients write them, with or without a space behind a colon or comma.
// No escapes, so that the text between the quotes is the value; no zero in front and no exponent, so that Number reads it.
const USUAL = new RegExp(
  [
    '^\\{"action": ?"([A-Z_]{1,32})"',
    '"req_id": ?"([A-Za-z0-9._-]{1,128})"',
    '"timestamp": ?((?:0|[1-9][0-9]{0,11})(?:\\.[0-9]{1,17})?)',
    '"payload": ?\\{\\}(?:, ?"client_id": ?"([A-Za-z0-9._-]{1,64})")?(?:, ?"protocol": ?"(1\\.[01])")?\\}$',
  ].join(', ?'),
);

/** A request in the form in which heartbeats and most questions come. */
export interface UsualRequest {
  readonly action: string;
  readonly reqId: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly clientId: string | null;
  readonly protocol: string | null;
}

/** Payload of every request in the usual form. */
export const EMPTY_PAYLOAD: JsonObject = Object.freeze({});

/**
 * Reads a request with an empty payload in the spelling that clients use, several times faster than parser and schema
 * do; null for every other text, which has to go their way. What this reads, they read alike.
 */
export function readUsualForm(body: Uint8Array): UsualRequest | null {
  if (body.length > LONGEST || !isAscii(body)) return null;
  const match = USUAL.exec(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'));
  if (match === null) return null;
  const [, action = '', reqId = '', timestamp = '', clientId = null, protocol = null] = match;
  return { action, reqId, timestamp: Number(timestamp), clientId, protocol };
}

/** No longer than this is worth a try, in bytes. */
const LONGEST = 512;
