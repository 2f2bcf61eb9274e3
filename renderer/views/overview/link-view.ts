import type { Hearing, TopicValue } from '../../../main/control/contract.ts';
import type { Tone } from '../../ui/status.tsx';

/** A terminal says something twice a second: after so long without a word it is silent. */
export const TERMINAL_STALE_MS = 2_000;
/** Where prices move, so long without one is no pause any more. */
export const TICKS_STALE_MS = 10_000;
const REQUESTS_QUIET_MS = 10_000;

/** How a link is; each word is a text of the catalogue. */
export interface LinkView {
  readonly tone: Tone;
  readonly word:
    | 'unknown'
    | 'connected'
    | 'notLinked'
    | 'silent'
    | 'noBroker'
    | 'blocked'
    | 'inUse'
    | 'quiet'
    | 'unused'
    | 'flowing'
    | 'noTicks'
    | 'noTickYet';
}

const UNKNOWN: LinkView = { tone: 'unknown', word: 'unknown' };

/** Worst first: a terminal that is not linked has no broker either. `ageMs` is that of its last sign of life. */
export function terminalLink(
  terminal: TopicValue<'terminal'> | null,
  hearing: Hearing,
  ageMs: number | null,
): LinkView {
  if (hearing !== 'up' || terminal === null) return UNKNOWN;
  if (!terminal.linked) return { tone: 'down', word: 'notLinked' };
  if (ageMs !== null && ageMs > TERMINAL_STALE_MS) return { tone: 'stale', word: 'silent' };
  if (!terminal.connected) return { tone: 'down', word: 'noBroker' };
  if (terminal.blocked_by.length > 0) return { tone: 'paused', word: 'blocked' };
  return { tone: 'normal', word: 'connected' };
}

/** `ageMs` is that of the last request; brains may well be silent. */
export function commandLink(hearing: Hearing, ageMs: number | null): LinkView {
  if (hearing !== 'up') return UNKNOWN;
  if (ageMs === null) return { tone: 'normal', word: 'unused' };
  return { tone: 'normal', word: ageMs > REQUESTS_QUIET_MS ? 'quiet' : 'inUse' };
}

/** `ageMs` is that of the last tick. Silence is a fault only where prices moved within the last five minutes. */
export function dataLink(hearing: Hearing, ageMs: number | null, isMoving: boolean): LinkView {
  if (hearing !== 'up') return UNKNOWN;
  if (ageMs === null) return { tone: 'normal', word: 'noTickYet' };
  if (ageMs <= TICKS_STALE_MS) return { tone: 'normal', word: 'flowing' };
  return isMoving ? { tone: 'stale', word: 'noTicks' } : { tone: 'normal', word: 'quiet' };
}
