import type { Mt5Handler, RecordedCall } from '../mt5/handler.ts';
import type { Deal } from '../mt5/market.ts';
import { retcodeClass } from '../mt5/retcodes.ts';
import { type ClosedPart, closeAllEnding, foundPart, isWhole } from './close-all-ending.ts';
import { CLOCK_MARGIN_MS, type Finding, HISTORY_MARGIN_MS, type SearchFor } from './search.ts';
import type { SentPosition } from './sent-positions.ts';
import { filledBy, isUntaggedExit, lookAlike } from './tag-evidence.ts';
import { tagIn } from '../mt5/tag.ts';

type CloseAllSearch = SearchFor<'close-all'>;

/** Looks for the deals of a CLOSE_ALL: each closing deal with its tag tells what was closed of its position. */
export async function lookForClosedPositions(search: CloseAllSearch, terminal: Mt5Handler): Promise<Finding> {
  const { tag, positions } = search;
  const found = await terminal.find(tag);
  if (!found.ok) return { kind: 'unclear', why: found.message };
  const exits = found.value.deals.filter((deal) => deal.entry !== 'IN' && tagIn(deal.comment) === tag);
  const parts = positions.map((position) => partFoundBy(position, exits, found.value.recorded));
  const missing = parts.filter(({ position, volumeLots }) => !isWhole(position, volumeLots));
  const noted = found.value.recorded.length > 0 ? ", and the terminal program's own record" : '';
  const what = `found ${exits.length} closing deal(s) with its tag${noted}`;
  const ending = closeAllEnding([...search.ended, ...parts]);
  if (missing.length === 0) return { kind: 'proof', what, ending };
  if (!found.value.complete) return { kind: 'unclear', why: "the terminal's history is not complete yet" };
  return (await lookAlikes(search, missing, terminal)) ?? { kind: 'part', what, ending };
}

/** The deals tell what was closed; the program's own record does where the broker has rewritten their comments. */
function partFoundBy(position: SentPosition, exits: readonly Deal[], recorded: readonly RecordedCall[]): ClosedPart {
  const { positionId, magic, ticket } = position;
  const dealt = filledBy(exits.filter((deal) => deal.position === positionId && deal.magic === magic));
  const results = recorded.flatMap(({ result }) => (result?.position === ticket ? [result] : []));
  const noted = filledBy(results.filter(({ retcode }) => retcodeClass(retcode) === 'done'));
  const { volumeLots, price } = noted.volumeLots > dealt.volumeLots ? noted : dealt;
  return foundPart(position, volumeLots, price);
}

async function lookAlikes(
  { receivedAtMs, lostAtMs }: CloseAllSearch,
  missing: readonly ClosedPart[],
  terminal: Mt5Handler,
): Promise<Finding | null> {
  const sinceMs = receivedAtMs - CLOCK_MARGIN_MS;
  const history = await terminal.history(sinceMs, lostAtMs + HISTORY_MARGIN_MS);
  if (!history.ok) return { kind: 'unclear', why: history.message };
  const suspect = history.value.deals.find(
    (deal) => deal.atMs >= sinceMs && missing.some(({ position }) => isUntaggedExit(deal, position.positionId)),
  );
  return suspect === undefined ? null : lookAlike(suspect);
}
