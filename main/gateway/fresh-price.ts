import { assertNever } from '../assert-never.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { pointsBetween } from '../mt5/price.ts';
import type { Side } from '../protocol/payloads.ts';
import { closingSide, type SinglePlan } from './plan.ts';

/** What a plan deals in at the market. */
interface Dealing {
  readonly symbol: string;
  /** Side of the deal: a buy is filled at the ask. */
  readonly side: Side;
  readonly deviationPoints: number;
  readonly price?: number | undefined;
}

/** What the deviation counts from: the price that the client named, else the one at the time of writing. Never rejects. */
export async function referencePrice(plan: SinglePlan, terminal: Mt5Handler): Promise<number | null> {
  const dealing = dealingOf(plan);
  if (dealing === null || dealing.deviationPoints === 0) return null;
  return dealing.price ?? (await currentPrice(dealing, terminal));
}

/** The same plan with what is left of its deviation, or null when the price has moved past it or cannot be told. */
export async function atFreshPrice(
  plan: SinglePlan,
  terminal: Mt5Handler,
  priceAsked: number | null,
): Promise<SinglePlan | null> {
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

function withDeviation(plan: SinglePlan, deviationPoints: number): SinglePlan {
  switch (plan.kind) {
    case 'open':
      return { ...plan, order: { ...plan.order, deviationPoints } };
    case 'close':
      return { ...plan, close: { ...plan.close, deviationPoints } };
    case 'cancel':
    case 'modify-position':
    case 'modify-order':
      return plan;
    default:
      return assertNever(plan, 'plan');
  }
}

/** Null for pending orders and for what deals in nothing. */
function dealingOf(plan: SinglePlan): Dealing | null {
  switch (plan.kind) {
    case 'open':
      return plan.order.type === 'MARKET' ? plan.order : null;
    case 'close':
      return { ...plan.close, side: closingSide(plan.position) };
    case 'cancel':
    case 'modify-position':
    case 'modify-order':
      return null;
    default:
      return assertNever(plan, 'plan');
  }
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
