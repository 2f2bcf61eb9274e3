import { assertNever } from '../assert-never.ts';
import type { Fence, Mt5Handler, TradeOutcome } from '../mt5/handler.ts';
import type { NewOrder } from '../mt5/market.ts';
import { pointsBetween } from '../mt5/price.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { Side } from '../protocol/payloads.ts';
import { classFor, endingOf, type NotKnown, refused } from './ending.ts';
import type { Plan } from './plan.ts';
import type { Ending } from './trade-journal.ts';

/**
 * Writes a plan to the terminal, in the same turn, and sees it to its end. The terminal's answer may call for one more
 * try: with a fresh price, as long as that is inside the deviation asked for, or after reading the position or order
 * again. `pass` is the gate, asked once more before the second write; an ambiguous answer is never tried again.
 */
export async function execute(
  plan: Plan,
  terminal: Mt5Handler,
  fence: Fence,
  pass: () => Fence | Refusal,
): Promise<Ending | NotKnown> {
  const priceAsked = referencePrice(plan, terminal);
  const outcome = await write(plan, terminal, fence);
  const next = await secondTry(plan, outcome, terminal, priceAsked);
  if (next === null) return endingOf(plan, outcome, terminal.state());
  const again = pass();
  if ('code' in again) return refused('FENCED', again.code, again.message);
  return endingOf(next, await write(next, terminal, again), terminal.state());
}

function write(plan: Plan, terminal: Mt5Handler, fence: Fence): Promise<TradeOutcome> {
  switch (plan.kind) {
    case 'open':
      return terminal.send(plan.order, fence);
    case 'close':
      return terminal.close(plan.close, fence);
    case 'cancel':
      return terminal.cancel(plan.ticket, fence);
    default:
      return assertNever(plan, 'plan');
  }
}

/** The plan for one more try, or null where the outcome stands. */
async function secondTry(
  plan: Plan,
  outcome: TradeOutcome,
  terminal: Mt5Handler,
  priceAsked: Promise<number | null>,
): Promise<Plan | null> {
  if (outcome.kind !== 'answered') return null;
  const kind = classFor(plan, outcome.result.retcode);
  if (kind === 'fresh-price') return atFreshPrice(plan, terminal, await priceAsked);
  if (kind === 'reread') return (await isStillThere(plan, terminal)) ? plan : null;
  return null;
}

/** The same plan with what is left of its deviation, or null when the price has moved past it or cannot be told. */
async function atFreshPrice(plan: Plan, terminal: Mt5Handler, priceAsked: number | null): Promise<Plan | null> {
  const dealing = dealingOf(plan);
  if (dealing === null || priceAsked === null) return null;
  const spec = await terminal.symbol(dealing.symbol);
  const fresh = await currentPrice(dealing, terminal);
  if (!spec.ok || fresh === null) return null;
  const moved = pointsBetween(priceAsked, fresh, spec.value.point);
  const againstUs = Math.max(0, dealing.side === 'BUY' ? moved : -moved);
  if (againstUs > dealing.deviationPoints) return null;
  return withDeviation(plan, dealing.deviationPoints - againstUs);
}

function withDeviation(plan: Plan, deviationPoints: number): Plan {
  switch (plan.kind) {
    case 'open':
      return { ...plan, order: { ...plan.order, deviationPoints } };
    case 'close':
      return { ...plan, close: { ...plan.close, deviationPoints } };
    case 'cancel':
      return plan;
    default:
      return assertNever(plan, 'plan');
  }
}

interface Dealing {
  readonly symbol: string;
  /** Side of the deal: a buy is filled at the ask. */
  readonly side: Side;
  readonly deviationPoints: number;
  readonly price?: number | undefined;
}

/** What a plan deals in at the market; null for pending orders and what deals in nothing. */
function dealingOf(plan: Plan): Dealing | null {
  switch (plan.kind) {
    case 'open':
      return isMarket(plan.order) ? plan.order : null;
    case 'close':
      return { ...plan.close, side: plan.position.side === 'BUY' ? 'SELL' : 'BUY' };
    case 'cancel':
      return null;
    default:
      return assertNever(plan, 'plan');
  }
}

function isMarket(order: NewOrder): boolean {
  return order.type === 'MARKET';
}

/** What the deviation counts from: the price that the client named, else the one at the time of writing. Never rejects. */
async function referencePrice(plan: Plan, terminal: Mt5Handler): Promise<number | null> {
  const dealing = dealingOf(plan);
  if (dealing === null || dealing.deviationPoints === 0) return null;
  return dealing.price ?? (await currentPrice(dealing, terminal));
}

async function currentPrice({ symbol, side }: Dealing, terminal: Mt5Handler): Promise<number | null> {
  try {
    const tick = await terminal.tick(symbol);
    if (!tick.ok) return null;
    return side === 'BUY' ? tick.value.ask : tick.value.bid;
  } catch {
    // Without a price there is no second try: the first answer stands.
    return null;
  }
}

async function isStillThere(plan: Plan, terminal: Mt5Handler): Promise<boolean> {
  switch (plan.kind) {
    case 'open':
      return false;
    case 'close': {
      const found = await terminal.positions({ ticket: plan.close.ticket });
      return found.ok && found.value.some((position) => position.ticket === plan.close.ticket);
    }
    case 'cancel': {
      const found = await terminal.orders({ ticket: plan.ticket });
      return found.ok && found.value.some((order) => order.ticket === plan.ticket);
    }
    default:
      return assertNever(plan, 'plan');
  }
}
