import { assertNever } from '../assert-never.ts';
import { ACTION_CLASS, type Action, type ActionClass } from '../protocol/actions.ts';
import { refusal, type ErrorCode, type Refusal } from '../protocol/codes.ts';
import type { Mode, TradingState } from './trading-state.ts';

/** How an operator ends a latched mode, as every message about one says. */
export const RESUME_HINT = 'mt5-fabric --resume --reason "…"';

/**
 * Whether a client's `action` may run in this state; null when it may. For MODIFY_POSITION outside TRADING this is only
 * the first half: that the change takes no protection away is the protect rule, for whoever knows the position.
 */
export function gate(state: TradingState, action: Action): Refusal | null {
  return isAllowed(state.mode, ACTION_CLASS[action]) ? null : refusal(refusalCode(state.mode), explain(state));
}

function isAllowed(mode: Mode, kind: ActionClass): boolean {
  switch (kind) {
    case 'ask':
    case 'stop':
      return true;
    case 'reduce':
    case 'protect':
      return mode !== 'HALTED';
    case 'entry':
      return mode === 'TRADING';
    default:
      return assertNever(kind, 'class of action');
  }
}

/** The code with which a mode refuses what it does not allow. Throws for TRADING, which refuses nothing. */
export function refusalCode(mode: Mode): ErrorCode {
  switch (mode) {
    case 'HALTED':
      return 'KILL_SWITCH_ENGAGED';
    case 'REDUCE_ONLY':
      return 'REDUCE_ONLY';
    case 'SUSPENDED':
      return 'TRADING_SUSPENDED';
    case 'TRADING':
      throw new Error('nothing is refused while trading');
    default:
      return assertNever(mode, 'mode');
  }
}

/** One sentence for whoever was refused: what holds, since when, by whom and why, and how it ends. */
export function explain(state: TradingState): string {
  const ends = state.mode === 'SUSPENDED' ? 'it goes on by itself once that is over' : `resume with: ${RESUME_HINT}`;
  return `${PHRASE[state.mode]} since ${new Date(state.sinceMs).toISOString()}${why(state)}; ${ends}`;
}

const PHRASE = {
  TRADING: 'trading is allowed',
  SUSPENDED: 'trading is suspended',
  REDUCE_ONLY: 'only closing and protecting is allowed',
  HALTED: 'trading is halted',
} as const satisfies Record<Mode, string>;

function why(state: TradingState): string {
  const deciding = state.causes.filter((cause) => cause.mode === state.mode);
  const [first] = deciding;
  if (first === undefined) return '';
  const more = deciding.length > 1 ? ` (and ${deciding.length - 1} more)` : '';
  return ` by ${first.actor}: ${first.reason}${more}`;
}
