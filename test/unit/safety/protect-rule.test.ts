import { describe, expect, it } from 'vitest';
import { protectRule } from '../../../main/safety/protect-rule.ts';
import type { Mode, TradingState } from '../../../main/safety/trading-state.ts';

function state(mode: Mode): TradingState {
  return { mode, flatten: 'none', flattenPhase: 'NONE', epoch: 2, causes: [], recorded: true, sinceMs: 0 };
}

const CHANGES = [
  ['a stop loss is added to a buy', 'BUY', 0, 1.09, true],
  ['a stop loss is added to a sell', 'SELL', 0, 1.12, true],
  ['there was none and none is asked for', 'BUY', 0, 0, true],
  ['it stays where it is', 'BUY', 1.09, 1.09, true],
  ["a buy's moves up, nearer to the price", 'BUY', 1.09, 1.095, true],
  ["a buy's moves down, away from the price", 'BUY', 1.09, 1.085, false],
  ["a sell's moves down, nearer to the price", 'SELL', 1.12, 1.115, true],
  ["a sell's moves up, away from the price", 'SELL', 1.12, 1.125, false],
  ["a buy's is removed", 'BUY', 1.09, 0, false],
  ["a sell's is removed", 'SELL', 1.12, 0, false],
] as const;

describe('the stop loss of a position', () => {
  it.each(CHANGES)('while trading, whatever is asked for: %s', (_what, side, sl, after) => {
    expect(protectRule(state('TRADING'), { side, sl }, after)).toBeNull();
  });

  it.each(CHANGES)(
    'while only reduced or suspended, protection may not be taken away: %s',
    (_what, side, sl, after, may) => {
      const codes = (['REDUCE_ONLY', 'SUSPENDED'] as const).map(
        (mode) => protectRule(state(mode), { side, sl }, after)?.code ?? null,
      );
      expect(codes).toEqual(may ? [null, null] : ['REDUCE_ONLY', 'TRADING_SUSPENDED']);
    },
  );

  it.each(CHANGES)('while halted it stays: %s', (_what, side, sl, after) => {
    expect(protectRule(state('HALTED'), { side, sl }, after)?.code).toBe('KILL_SWITCH_ENGAGED');
  });

  it('the refusal says what was asked for, what is allowed, and why', () => {
    const moved = protectRule(state('REDUCE_ONLY'), { side: 'BUY', sl: 1.09 }, 1.08)?.message;
    expect(moved).toContain('from 1.09 to 1.08');
    expect(moved).toContain('allowed are adding a stop loss, moving it nearer');
    expect(moved).toContain('only closing and protecting is allowed');
    expect(protectRule(state('REDUCE_ONLY'), { side: 'BUY', sl: 1.09 }, 0)?.message).toContain(
      'removing the stop loss',
    );
  });
});
