import { isAction, type Action } from '../../protocol/actions.ts';
import { MAX_BODY_BYTES } from '../../protocol/constants.ts';
import { EVENT_KINDS, type EventKind } from '../../protocol/events.ts';
import { isObject, type JsonObject, type JsonValue } from '../../protocol/json-value.ts';
import { parseJson } from '../../protocol/json.ts';
import type { CommandOptions } from '../zmq-client.ts';
import type { InputLine } from './line-reader.ts';

/** What a line of `serve` asks for. `id` is the caller's own and comes back with the answer. */
export type ServeRequest =
  | {
      readonly kind: 'command';
      readonly id: JsonValue;
      readonly action: Action;
      readonly payload: JsonObject;
      readonly options: CommandOptions;
    }
  | { readonly kind: 'resend'; readonly id: JsonValue; readonly reqId: string }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly symbols: readonly string[] }
  | { readonly kind: 'events'; readonly kinds: readonly EventKind[] }
  | { readonly kind: 'bad'; readonly id: JsonValue; readonly message: string };

const FORMS = '"action", "resend", "subscribe", "unsubscribe" or "events"';

/** Reads one line. What cannot be understood is `bad`, with what was expected. */
export function readServeRequest(line: InputLine): ServeRequest {
  if (line === null) return bad(null, `a line takes at most ${MAX_BODY_BYTES} bytes`);
  const parsed = parseJson(line);
  if (!parsed.ok) return bad(null, `not JSON: ${parsed.message}`);
  const request = parsed.value;
  if (!isObject(request)) return bad(null, 'a line is one JSON object');
  const id = request['id'] ?? null;
  if (request['action'] !== undefined) return command(id, request);
  if (request['resend'] !== undefined) return resend(id, request['resend']);
  if (request['subscribe'] !== undefined) return subscription('subscribe', id, request['subscribe']);
  if (request['unsubscribe'] !== undefined) return subscription('unsubscribe', id, request['unsubscribe']);
  if (request['events'] !== undefined) return events(id, request['events']);
  return bad(id, `an object has one of ${FORMS}`);
}

function command(id: JsonValue, request: JsonObject): ServeRequest {
  const { action, payload = {} } = request;
  const { req_id: reqId, ttl_ms: ttlMs, timeout_ms: timeoutMs } = request;
  if (typeof action !== 'string' || !isAction(action))
    return bad(id, 'action is one of the protocol, like "HEARTBEAT"');
  if (!isObject(payload)) return bad(id, 'payload is an object');
  if (reqId !== undefined && typeof reqId !== 'string') return bad(id, 'req_id is a string of 1 to 128 characters');
  if (!isNumberOrAbsent(ttlMs)) return bad(id, 'ttl_ms is a number of milliseconds');
  if (!isNumberOrAbsent(timeoutMs)) return bad(id, 'timeout_ms is a number of milliseconds');
  return { kind: 'command', id, action, payload, options: { reqId, ttlMs, timeoutMs } };
}

function resend(id: JsonValue, reqId: JsonValue): ServeRequest {
  return typeof reqId === 'string' ? { kind: 'resend', id, reqId } : bad(id, 'resend is the req_id to send again');
}

function subscription(kind: 'subscribe' | 'unsubscribe', id: JsonValue, symbols: JsonValue): ServeRequest {
  if (isListOfStrings(symbols)) return { kind, symbols };
  return bad(id, `${kind} is a list of symbols, like ["EURUSD"]`);
}

function events(id: JsonValue, kinds: JsonValue): ServeRequest {
  if (kinds === true) return { kind: 'events', kinds: EVENT_KINDS };
  const known = (kind: JsonValue): kind is EventKind => EVENT_KINDS.some((one) => one === kind);
  if (Array.isArray(kinds) && kinds.every(known)) return { kind: 'events', kinds };
  return bad(id, `events is true, or a list of ${EVENT_KINDS.join(', ')}`);
}

function bad(id: JsonValue, message: string): ServeRequest {
  return { kind: 'bad', id, message };
}

function isNumberOrAbsent(value: JsonValue | undefined): value is number | undefined {
  return value === undefined || typeof value === 'number';
}

function isListOfStrings(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
