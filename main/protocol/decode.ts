import { isAction, type Action } from './actions.ts';
import { refusal, type Refusal } from './codes.ts';
import { MAX_BODY_BYTES } from './constants.ts';
import { decodeBrokenKill, decodeKill, type DecodedKill } from './decode-kill.ts';
import { requestSchema } from './envelope.ts';
import { explain, shown } from './explain.ts';
import { parseJson } from './json.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { nearestAction } from './near-miss.ts';
import { PAYLOAD_SCHEMAS, type Payload, type SupportedAction } from './payloads.ts';
import { readHead, type Head } from './request-head.ts';
import { EMPTY_PAYLOAD, readUsualForm, type UsualRequest } from './usual-form.ts';

/** A request's envelope, valid, of an action of the protocol. */
export interface Envelope {
  readonly action: Action;
  readonly reqId: string;
  readonly clientId: string | null;
  /** The client's clock when it was sent, Unix milliseconds. */
  readonly sentAtMs: number;
  /** How long after `sentAtMs` it may still start; null for the gateway's setting. */
  readonly ttlMs: number | null;
  /** The client's protocol version, where it says one. */
  readonly protocol: string | null;
  /** The payload as it was sent: what is hashed and recorded. */
  readonly rawPayload: JsonObject;
}

/** The actions that go through the request path; KILL_SWITCH has its own. */
export type RequestAction = Exclude<SupportedAction, 'KILL_SWITCH'>;
/** A valid request of action `A`, with the payload in the form the gateway works with. */
export type RequestOf<A extends RequestAction> = Envelope & { readonly action: A; readonly payload: Payload<A> };
/** A valid request; `action` tells which payload it carries. */
export type DecodedRequest = { [A in RequestAction]: RequestOf<A> }[RequestAction];

/** A request that cannot run as it is. */
export interface DecodedRefusal extends Head {
  readonly kind: 'refused';
  readonly refusal: Refusal;
  /** The envelope where that was valid (INVALID_PAYLOAD, UNSUPPORTED): such a command uses its `req_id` up. */
  readonly envelope: Envelope | null;
}

/** What a request's body turned out to be. */
export type Decoded = { readonly kind: 'request'; readonly request: DecodedRequest } | DecodedKill | DecodedRefusal;

/**
 * Reads the body of a request. Never throws. Refused in this order: TOO_LARGE, MALFORMED, INVALID_REQUEST,
 * UNKNOWN_ACTION, UNSUPPORTED, INVALID_PAYLOAD; but what reads as a KILL_SWITCH in any way is one.
 */
export function decodeRequest(body: Uint8Array): Decoded {
  const usual = readUsualForm(body);
  if (usual !== null && usual.action !== 'KILL_SWITCH' && isAction(usual.action))
    return decodeUsual(usual, usual.action);
  if (body.length > MAX_BODY_BYTES) return refused({}, tooLarge(body.length));
  const json = parseJson(body);
  if (!json.ok) return decodeBrokenKill(body, json.message) ?? refused({}, malformed(json.message));
  const raw = json.value;
  if (!isObject(raw)) return refused({}, malformed(`it is ${shown(raw)}`));
  return decodeKill(raw) ?? decodeObject(raw);
}

function decodeUsual({ reqId, clientId, timestamp, protocol }: UsualRequest, action: Action): Decoded {
  return decodePayload({
    ...{ action, reqId, clientId, protocol },
    sentAtMs: timestamp * 1_000,
    ttlMs: null,
    rawPayload: EMPTY_PAYLOAD,
  });
}

function decodeObject(raw: JsonObject): Decoded {
  const parsed = requestSchema.safeParse(raw);
  if (!parsed.success) return refused(raw, invalid('INVALID_REQUEST', parsed.error.issues, raw));
  const { action, req_id: reqId, timestamp, client_id: clientId, ttl_ms: ttlMs, protocol } = parsed.data;
  if (!isAction(action)) return refused(raw, unknownAction(action));
  // Not the schema's copy of the payload, which leaves a key named __proto__ out.
  const rawPayload = raw['payload'] as JsonObject;
  const envelope: Envelope = {
    action,
    reqId,
    clientId: clientId ?? null,
    sentAtMs: timestamp * 1_000,
    ttlMs: ttlMs ?? null,
    protocol: protocol ?? null,
    rawPayload,
  };
  return decodePayload(envelope);
}

function decodePayload(envelope: Envelope): Decoded {
  const { action, rawPayload } = envelope;
  if (!isRequestAction(action)) return refusedAs(envelope, unsupported(action));
  const payload = PAYLOAD_SCHEMAS[action].safeParse(rawPayload);
  if (!payload.success) return refusedAs(envelope, invalid('INVALID_PAYLOAD', payload.error.issues, rawPayload));
  // The compiler cannot follow that the schema of `action` yields the payload of `action`.
  return { kind: 'request', request: { ...envelope, payload: payload.data } as DecodedRequest };
}

function isRequestAction(action: Action): action is RequestAction {
  return Object.hasOwn(PAYLOAD_SCHEMAS, action);
}

function refused(raw: JsonObject, why: Refusal): DecodedRefusal {
  return { kind: 'refused', ...readHead(raw), refusal: why, envelope: null };
}

function refusedAs(envelope: Envelope, why: Refusal): DecodedRefusal {
  const { reqId, clientId, action } = envelope;
  return { kind: 'refused', reqId, clientId, action, refusal: why, envelope };
}

function tooLarge(bytes: number): Refusal {
  return refusal('TOO_LARGE', `a request has at most ${MAX_BODY_BYTES} bytes; got ${bytes}`);
}

function malformed(fault: string): Refusal {
  return refusal('MALFORMED', `a request is one JSON object in UTF-8: ${fault}`);
}

function invalid(
  code: 'INVALID_REQUEST' | 'INVALID_PAYLOAD',
  issues: Parameters<typeof explain>[0][],
  object: JsonObject,
): Refusal {
  const [first] = issues;
  return refusal(code, first === undefined ? 'the request does not fit its schema' : explain(first, object));
}

function unknownAction(name: string): Refusal {
  const nearest = nearestAction(name);
  const hint = nearest === null ? '' : ` (did you mean "${nearest}"?)`;
  return refusal('UNKNOWN_ACTION', `${shown(name)} is not an action${hint}; ${ACCEPTED}`);
}

function unsupported(action: Action): Refusal {
  return refusal('UNSUPPORTED', `${action} is in the protocol, but this gateway does not perform it yet; ${ACCEPTED}`);
}

const ACCEPTED = `accepted are ${Object.keys(PAYLOAD_SCHEMAS).join(', ')}`;
