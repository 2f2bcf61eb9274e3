import { hash } from 'node:crypto';
import { canonicalJson } from './json.ts';
import type { JsonObject } from './json-value.ts';

/**
 * What tells whether a `req_id` was used for something else: SHA-256 (hex) of action and payload as they were sent,
 * whatever the order of the keys and the spacing.
 */
export function payloadHash(action: string, rawPayload: JsonObject): string {
  return hash('sha256', canonicalJson([action, rawPayload]), 'hex');
}
