import { refusal, type Refusal } from '../protocol/codes.ts';

/**
 * Whether a command is too old to start, or from too far in the future; null when it may. ZeroMQ keeps what a client sent
 * while the gateway was away and delivers it later; a wrong clock looks the same, so the message names the difference.
 */
export function checkAge(sentAtMs: number, ttlMs: number, nowMs: number): Refusal | null {
  const ageMs = nowMs - sentAtMs;
  if (ageMs > ttlMs) {
    return refusal(
      'STALE',
      `sent ${span(ageMs)} ago by the client's clock, and it may start up to ${span(ttlMs)} after that; ` +
        `it was late, or the client's clock is ${span(ageMs)} behind the gateway's`,
    );
  }
  if (-ageMs > ttlMs) {
    return refusal(
      'STALE',
      `its timestamp is ${span(-ageMs)} in the future: the client's clock is ${span(-ageMs)} ahead of the gateway's` +
        (-ageMs > YEAR_MS ? ' (timestamp is in seconds, not milliseconds)' : ''),
    );
  }
  return null;
}

/** Refusal of a command whose time to start ran out while it waited in the gateway. */
export function waitedTooLong(waitedMs: number, ttlMs: number): Refusal {
  return refusal(
    'STALE',
    `it waited ${span(waitedMs)} in the gateway, and may start up to ${span(ttlMs)} after it was sent`,
  );
}

const YEAR_MS = 365 * 86_400_000;

function span(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
