import type { Fence, TradeOutcome, TradeResult } from '../../main/mt5/handler.ts';
import type { NewOrder } from '../../main/mt5/market.ts';

/** A fence that lets everything pass. */
export const OPEN_FENCE: Fence = { epoch: 0, validUntilMonoMs: Infinity };

/** A market buy of 0.1 EURUSD, or what is said instead. */
export function anOrder(order: Partial<NewOrder> = {}): NewOrder {
  return {
    ...{ symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volumeLots: 0.1 },
    ...{ deviationPoints: 20, magic: 7n, comment: 'test~abcdefghijkl' },
    ...order,
  };
}

/** The terminal's result, in a call that it answers. */
export async function answer(call: Promise<TradeOutcome>): Promise<TradeResult> {
  const outcome = await call;
  if (outcome.kind !== 'answered') throw new Error(`not answered but ${outcome.kind}: ${outcome.message}`);
  return outcome.result;
}
