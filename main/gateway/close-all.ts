import type { Mt5Handler } from '../mt5/handler.ts';
import { type ClosedPart, closeAllEnding } from './close-all-ending.ts';
import type { NotKnown } from './ending.ts';
import { execute, type Pass } from './execute.ts';
import type { CloseAllPlan, ClosePlan } from './plan.ts';
import { sentPosition } from './sent-positions.ts';
import type { Ending } from './trade-journal.ts';

/** How a CLOSE_ALL ended; where that is not known, `ended` has the parts of which it is. */
export type CloseAllOutcome = Ending | (NotKnown & { readonly ended: readonly ClosedPart[] });

/**
 * Closes the positions of a plan, as many at once as the terminal works on, each past the gate right before its write;
 * the first are written in this turn. One that fails holds up none of the others. `failed` makes the best of an error.
 */
export async function closeAll(
  plan: CloseAllPlan,
  terminal: Mt5Handler,
  pass: Pass,
  failed: (error: unknown) => NotKnown,
): Promise<CloseAllOutcome> {
  const closeOne = (one: ClosePlan) => execute(one, terminal, pass).catch(failed);
  const endings = await inParallel(plan.closes, terminal.concurrency, closeOne);
  const ended: ClosedPart[] = [];
  const lost: NotKnown[] = [];
  for (const [at, one] of plan.closes.entries()) {
    const ending = endings[at];
    if (ending === undefined) throw new Error(`position ${one.close.ticket} has no ending`);
    if ('why' in ending) lost.push(ending);
    else ended.push(partOf(one, ending));
  }
  const [first] = lost;
  if (first === undefined) return closeAllEnding(ended);
  const why = `of ${lost.length} of ${plan.closes.length} positions the outcome is not known: ${first.why}`;
  return { state: 'UNKNOWN', why, result: null, ended };
}

function partOf(plan: ClosePlan, ending: Ending): ClosedPart {
  const isClosed = ending.answer.status === 'SUCCESS';
  const { volumeLots = 0, price = 0 } = isClosed ? (ending.result ?? {}) : {};
  return { position: sentPosition(plan), volumeLots, price, ending };
}

/** The results of `work` in the order of the items, at most `limit` of them at work at once. */
async function inParallel<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    // All workers take from the one iterator.
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
