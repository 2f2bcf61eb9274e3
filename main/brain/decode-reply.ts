import { parseTrustedJson } from '../protocol/json.ts';
import { validateResponse } from './messages.ts';
import type { Reply } from './reply-types.ts';

/**
 * Reads a gateway's reply; null for what is none. Whole numbers past 2^53 come as bigint.
 * The five fields are checked by hand: the schemas would take a sixth of what a brain may use of memory.
 */
export function decodeReply(body: Buffer): Reply | null {
  const value = readJson(body);
  return validateResponse(value) ? (value as Reply) : null;
}

function readJson(body: Buffer): unknown {
  try {
    return parseTrustedJson(body.toString('utf8'));
  } catch {
    return null;
  }
}
