import { Action } from './actions.ts';
import { requestSchema } from './envelope.ts';
import { explain, shown } from './explain.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { FLATTEN_SCOPES, PAYLOAD_SCHEMAS, type KillSwitchPayload } from './payloads.ts';
import { readHead, type Head } from './request-head.ts';

/** A KILL_SWITCH: it halts, whatever else is wrong with it. `payload` is always usable and safe to record. */
export interface DecodedKill extends Head {
  readonly kind: 'kill';
  readonly action: 'KILL_SWITCH';
  /** The client's clock when it was sent, Unix milliseconds; null where that could not be read. */
  readonly sentAtMs: number | null;
  readonly payload: KillSwitchPayload;
  /** What was wrong with it, a sentence each; empty for a flawless one. */
  readonly defects: readonly string[];
}

/** Reads a KILL_SWITCH from an object whose action is that; null for any other object. */
export function decodeKill(raw: JsonObject, defects: readonly string[] = []): DecodedKill | null {
  if (raw['action'] !== Action.KILL_SWITCH) return null;
  const { reqId, clientId } = readHead(raw);
  const { timestamp, payload: given } = raw;
  const payload = isObject(given) ? given : {};
  return {
    kind: 'kill',
    action: Action.KILL_SWITCH,
    reqId,
    clientId,
    sentAtMs: sentAtMs(timestamp),
    payload: PAYLOAD_SCHEMAS.KILL_SWITCH.parse(payload),
    defects: [...defects, ...envelopeDefects(raw), ...payloadDefects(payload)],
  };
}

/**
 * Reads a KILL_SWITCH from a text that is too broken for the strict parser, if JSON.parse can make anything of it:
 * duplicate keys, bytes that are not UTF-8, a byte order mark, deep nesting. A stop is not refused for its form.
 */
export function decodeBrokenKill(body: Uint8Array, defect: string): DecodedKill | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isObject(value) ? decodeKill(value, [defect]) : null;
  } catch {
    return null;
  }
}

function sentAtMs(timestamp: unknown): number | null {
  const seconds = requestSchema.shape.timestamp.safeParse(timestamp);
  return seconds.success ? seconds.data * 1_000 : null;
}

function envelopeDefects(raw: JsonObject): string[] {
  const envelope = requestSchema.safeParse(raw);
  return envelope.success ? [] : envelope.error.issues.map((issue) => explain(issue, raw));
}

function payloadDefects({ flatten, reason }: JsonObject): string[] {
  const defects: string[] = [];
  if (flatten !== undefined && !FLATTEN_SCOPES.some((scope) => scope === flatten)) {
    defects.push(`flatten is one of ${FLATTEN_SCOPES.join(', ')}; got ${shown(flatten)}, taken as account`);
  }
  if (reason !== undefined && typeof reason !== 'string') defects.push(`reason is a string; got ${shown(reason)}`);
  return defects;
}
