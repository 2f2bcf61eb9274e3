import type { Refusal } from '../protocol/codes.ts';
import { protectRule } from '../safety/protect-rule.ts';
import type { Safety } from '../safety/safety-port.ts';
import type { Plan } from './plan.ts';
import type { Trade } from './trade.ts';

/** Why a command may not start now, or null: too old, or the trading state does not allow it. */
export function mayNotStart(trade: Trade, plan: Plan | null, safety: Safety): Refusal | null {
  return trade.tooOld() ?? mayNotGoOn(trade, plan, safety);
}

/** The same for one that has started already, whose age no longer counts. */
export function mayNotGoOn({ action }: Trade, plan: Plan | null, safety: Safety): Refusal | null {
  return safety.gate(action) ?? takesProtectionAway(plan, safety);
}

function takesProtectionAway(plan: Plan | null, safety: Safety): Refusal | null {
  if (plan?.kind !== 'modify-position') return null;
  return protectRule(safety.state(), plan.position, plan.change.sl);
}
