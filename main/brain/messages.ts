import { MAX_REQ_ID_LENGTH } from '../protocol/constants.ts';
import { isObject } from '../protocol/json-value.ts';
import { ResponseStatus } from '../protocol/status.ts';
import { newReqId } from './new-req-id.ts';

/** A request as protocol 1.0 has it, with the optional fields of 1.1. `timestamp` is Unix time in seconds. */
export interface Request {
  readonly action: string;
  readonly req_id: string;
  readonly timestamp: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly client_id?: string;
  readonly ttl_ms?: number;
  readonly protocol?: string;
}

/** A reply as protocol 1.0 has it. `timestamp` is Unix time in seconds; `error` is null or one sentence for a person. */
export interface Response {
  readonly req_id: string;
  readonly status: ResponseStatus;
  readonly timestamp: number;
  readonly data: unknown;
  readonly error: string | null;
}

/** Makes a request with the time of now; without `reqId` it gets a random UUID. */
export function createRequest(
  action: string,
  payload: Readonly<Record<string, unknown>> = {},
  reqId: string = newReqId(),
): Request {
  return { action, req_id: reqId, timestamp: Date.now() / 1000, payload };
}

/** Makes a reply with the time of now. */
export function createResponse(
  reqId: string,
  status: ResponseStatus,
  data: unknown = {},
  error: string | null = null,
): Response {
  return { req_id: reqId, status, timestamp: Date.now() / 1000, data, error };
}

/** Whether `value` has the four fields of a request, each of its type. Further fields do not matter. */
export function validateRequest(value: unknown): value is Request {
  return (
    isObject(value) &&
    typeof value['action'] === 'string' &&
    isReqId(value['req_id']) &&
    isRequestTime(value['timestamp']) &&
    isObject(value['payload'])
  );
}

/** Whether `value` has the five fields of a reply, each of its type. Further fields do not matter. */
export function validateResponse(value: unknown): value is Response {
  return (
    isObject(value) &&
    typeof value['req_id'] === 'string' &&
    isStatus(value['status']) &&
    Number.isFinite(value['timestamp']) &&
    value['data'] !== undefined &&
    (value['error'] === null || typeof value['error'] === 'string')
  );
}

function isReqId(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_REQ_ID_LENGTH;
}

// What is no Date is no time.
function isRequestTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 8_640_000_000_000;
}

function isStatus(value: unknown): value is ResponseStatus {
  return typeof value === 'string' && Object.hasOwn(ResponseStatus, value);
}
