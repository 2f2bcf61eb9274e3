import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Side } from '../protocol/payloads.ts';
import { explain, refusalCode } from './gate.ts';
import type { TradingState } from './trading-state.ts';

/** A position's side and stop loss before a change; 0 for none. Price in quote currency. */
export interface Protected {
  readonly side: Side;
  readonly sl: number;
}

/**
 * Whether a position's stop loss may become `sl` in this state; null when it may. While trading anything goes. While it is
 * suspended or only reduced, a stop loss may be added or moved nearer to the price, and the take profit is free; while it
 * is halted nothing is changed.
 */
export function protectRule(state: TradingState, position: Protected, sl: number): Refusal | null {
  switch (state.mode) {
    case 'TRADING':
      return null;
    case 'SUSPENDED':
    case 'REDUCE_ONLY':
      return keepsProtection(position, sl) ? null : refusal(refusalCode(state.mode), loosens(state, position, sl));
    case 'HALTED':
      return refusal(refusalCode(state.mode), explain(state));
  }
}

function keepsProtection({ side, sl: before }: Protected, after: number): boolean {
  if (before === 0) return true;
  if (after === 0) return false;
  return side === 'BUY' ? after >= before : after <= before;
}

function loosens(state: TradingState, { sl: before }: Protected, after: number): string {
  const wish = after === 0 ? `removing the stop loss of ${before}` : `moving the stop loss from ${before} to ${after}`;
  return (
    `${wish} takes protection away; allowed are adding a stop loss, moving it nearer to the price, ` +
    `and changing the take profit: ${explain(state)}`
  );
}
