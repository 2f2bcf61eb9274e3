import { assertNever } from '../assert-never.ts';
import type { Fence, Mt5Handler, TradeOutcome } from '../mt5/handler.ts';
import type { Refusal } from '../protocol/codes.ts';
import { planOrderChange, planPositionChange } from './change-plan.ts';
import { classFor, endingOf, haltedBefore, type NotKnown } from './ending.ts';
import { atFreshPrice, referencePrice } from './fresh-price.ts';
import { isRefusal, type SinglePlan } from './plan.ts';
import type { Ending } from './trade-journal.ts';

/** The gate right before a write: the fence to write with, or why this must not be done now. */
export type Pass = (plan: SinglePlan) => Fence | Refusal;

/**
 * Writes a plan to the terminal, in the same turn, and sees it to its end. The terminal's answer may call for one more
 * try: with a fresh price, as long as that is inside the deviation asked for, or after reading the position or order
 * again. `pass` is asked right before each write; an ambiguous answer is never tried again.
 */
export async function execute(plan: SinglePlan, terminal: Mt5Handler, pass: Pass): Promise<Ending | NotKnown> {
  const passed = pass(plan);
  if ('code' in passed) return haltedBefore(passed);
  const priceAsked = referencePrice(plan, terminal);
  const outcome = await write(plan, terminal, passed);
  const next = await secondTry(plan, outcome, terminal, priceAsked);
  if (next === null) return endingOf(plan, outcome, terminal.state());
  const again = pass(next);
  if ('code' in again) return haltedBefore(again);
  return endingOf(next, await write(next, terminal, again), terminal.state());
}

function write(plan: SinglePlan, terminal: Mt5Handler, fence: Fence): Promise<TradeOutcome> {
  switch (plan.kind) {
    case 'open':
      return terminal.send(plan.order, fence);
    case 'close':
      return terminal.close(plan.close, fence);
    case 'cancel':
      return terminal.cancel(plan.ticket, fence);
    case 'modify-position':
      return terminal.modifyPosition(plan.change, fence);
    case 'modify-order':
      return terminal.modifyOrder(plan.change, fence);
    default:
      return assertNever(plan, 'plan');
  }
}

/** The plan for one more try, or null where the outcome stands. */
async function secondTry(
  plan: SinglePlan,
  outcome: TradeOutcome,
  terminal: Mt5Handler,
  priceAsked: Promise<number | null>,
): Promise<SinglePlan | null> {
  if (outcome.kind !== 'answered') return null;
  const kind = classFor(plan, outcome.result.retcode);
  if (kind === 'fresh-price') return atFreshPrice(plan, terminal, await priceAsked);
  return kind === 'reread' ? readAgain(plan, terminal) : null;
}

/** The plan as it is after another look at what it is about; null where that is gone. */
async function readAgain(plan: SinglePlan, terminal: Mt5Handler): Promise<SinglePlan | null> {
  switch (plan.kind) {
    case 'open':
      return null;
    case 'close': {
      const found = await terminal.positions({ ticket: plan.close.ticket });
      return found.ok && found.value.some(({ ticket }) => ticket === plan.close.ticket) ? plan : null;
    }
    case 'cancel': {
      const found = await terminal.orders({ ticket: plan.ticket });
      return found.ok && found.value.some(({ ticket }) => ticket === plan.ticket) ? plan : null;
    }
    case 'modify-position':
      return orNull(await planPositionChange(plan.asked, terminal));
    case 'modify-order':
      return orNull(await planOrderChange(plan.asked, terminal));
    default:
      return assertNever(plan, 'plan');
  }
}

function orNull<P extends SinglePlan>(made: P | Refusal): P | null {
  return isRefusal(made) ? null : made;
}
