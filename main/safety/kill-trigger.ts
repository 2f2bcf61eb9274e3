import type { KillSwitchPayload } from '../protocol/payloads.ts';
import type { Trigger } from './trading-state.ts';

const MAX_REASON_CHARACTERS = 280;

/** What a KILL_SWITCH from the wire asks for. `actor` is the client's name. */
export function killTrigger(payload: KillSwitchPayload, actor: string): Trigger {
  const reason = readable(payload.reason ?? '');
  return {
    kind: 'WIRE',
    mode: 'HALTED',
    flatten: payload.flatten,
    actor,
    reason: reason === '' ? 'KILL_SWITCH from a client' : reason,
  };
}

// The sender's words end up in every refusal, on screens and in logs: one line, bounded.
function readable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, MAX_REASON_CHARACTERS)
    .toWellFormed();
}
