import type { FlattenTicket } from './flatten-ticket.ts';
import { isLatched, standingCauses } from './transitions.ts';
import type { TradingState } from './trading-state.ts';

/** Why a resume is refused: one sentence, and the causes that still hold. */
export interface ResumeObstacle {
  readonly message: string;
  readonly standing: readonly string[];
}

const MIN_REASON_CHARACTERS = 3;
/** Longest reason of a resume. */
export const MAX_REASON_CHARACTERS = 280;
const MAX_TICKETS_NAMED = 10;

/**
 * What stands against a resume now; null when nothing does. A flatten that is under way does: resuming in the middle of
 * it would leave open, without a word, what a kill has promised to close.
 */
export function resumeObstacle(
  state: TradingState,
  reason: string,
  isFlattening: boolean,
  open: readonly FlattenTicket[],
): ResumeObstacle | null {
  const { length } = reason.trim();
  if (length < MIN_REASON_CHARACTERS || length > MAX_REASON_CHARACTERS) {
    return obstacle(`a resume needs a reason of ${MIN_REASON_CHARACTERS} to ${MAX_REASON_CHARACTERS} characters`);
  }
  if (!isLatched(state.mode)) return obstacle(`nothing to resume: the mode is ${state.mode}`, standing(state));
  const still = standing(state);
  if (still.length > 0) return obstacle(`refused: ${still.join('; ')}`, still);
  if (isFlattening) return obstacle(flatteningMessage(state, open));
  return null;
}

function standing(state: TradingState): readonly string[] {
  return standingCauses(state).map((cause) => `${cause.kind}: ${cause.reason}`);
}

function flatteningMessage(state: TradingState, open: readonly FlattenTicket[]): string {
  if (open.length === 0) return 'refused: the flatten has not been verified yet, try again in a few seconds';
  const named = open.slice(0, MAX_TICKETS_NAMED).map(({ what, ticket, symbol, state: { kind } }) => {
    return `${what} ${ticket} ${symbol} ${kind}`;
  });
  const more = open.length > MAX_TICKETS_NAMED ? ` and ${open.length - MAX_TICKETS_NAMED} more` : '';
  return `refused: the flatten is ${state.flattenPhase}, still open: ${named.join(', ')}${more}`;
}

function obstacle(message: string, causes: readonly string[] = []): ResumeObstacle {
  return { message, standing: causes };
}
