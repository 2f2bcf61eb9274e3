/** Stable identifiers of a reply that is not SUCCESS; docs/PROTOCOL.md explains each. */
export const ERROR_CODES = [
  'MALFORMED',
  'INVALID_REQUEST',
  'INVALID_PAYLOAD',
  'UNKNOWN_ACTION',
  'UNSUPPORTED',
  'TOO_LARGE',
  'RATE_LIMITED',
  'STALE',
  'REQ_ID_REUSED',
  'NOT_AUTHORISED',
  'KILL_SWITCH_ENGAGED',
  'TRADING_SUSPENDED',
  'REDUCE_ONLY',
  'OUTCOME_UNKNOWN',
  'REQUOTE',
  'BUSY',
  'TRADING_DISABLED',
  'RISK_LIMIT',
  'TERMINAL_DISCONNECTED',
  'TERMINAL_TIMEOUT',
  'NOT_FOUND',
  'REJECTED',
  'AUDIT_UNAVAILABLE',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Why something did not happen: a value, never an exception. `message` is one English sentence for a person. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  /** MT5 trade return code, where the terminal gave one. */
  readonly retcode?: number;
}

/** Makes a refusal. */
export function refusal(code: ErrorCode, message: string, retcode?: number): Refusal {
  return retcode === undefined ? { code, message } : { code, message, retcode };
}
