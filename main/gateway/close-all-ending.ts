import { success, type Answer } from '../protocol/envelope.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { Ticket } from '../protocol/ticket.ts';
import { addLots } from '../mt5/volume.ts';
import { refused } from './ending.ts';
import type { SentPosition } from './sent-positions.ts';
import type { Ending } from './trade-journal.ts';

/** What became of one position of a CLOSE_ALL. */
export interface ClosedPart {
  readonly position: SentPosition;
  /** Lots that were closed, and their mean price; 0 for none. */
  readonly volumeLots: number;
  readonly price: number;
  /** How its close ended. */
  readonly ending: Pick<Ending, 'state' | 'answer'>;
}

/** How a CLOSE_ALL ends whose positions all have ended: done, done in part, or with the first failure where none was closed. */
export function closeAllEnding(parts: readonly ClosedPart[]): Ending {
  const data = closeAllData(parts);
  const failures = parts.filter((part) => stateOf(part) !== 'CLOSED');
  const [first] = failures;
  if (first === undefined) return { state: 'DONE', answer: success(data), result: null };
  const isNothingClosed = failures.length === parts.length && parts.every(({ volumeLots }) => volumeLots === 0);
  if (!isNothingClosed) return { state: 'PARTIAL', answer: success(data), result: null };
  return { state: first.ending.state, answer: withData(first.ending.answer, data), result: null };
}

/** A part of which the search found these lots under the command's tag. */
export function foundPart(position: SentPosition, volumeLots: number, price: number): ClosedPart {
  const nothing = refused('EXPIRED', 'TERMINAL_TIMEOUT', NOT_CLOSED);
  const state = volumeLots === 0 ? nothing.state : isWhole(position, volumeLots) ? 'DONE' : 'PARTIAL';
  const answer = volumeLots === 0 ? nothing.answer : success({});
  return { position, volumeLots, price, ending: { state, answer } };
}

/** Whether so many lots are all that was to be closed of a position. */
export function isWhole(position: SentPosition, volumeLots: number): boolean {
  return addLots(volumeLots, -position.volumeLots) >= 0;
}

const NOT_CLOSED = 'the terminal gave no answer, and no deal carries its tag: it was not closed';

function closeAllData(parts: readonly ClosedPart[]): JsonObject {
  const closed = parts.filter((part) => stateOf(part) === 'CLOSED').length;
  return {
    status: closed === parts.length ? 'SUCCESS' : 'PARTIAL',
    positions_closed: closed,
    total_positions: parts.length,
    tickets: parts.map(partView),
  };
}

function partView(part: ClosedPart): JsonObject {
  const { position, volumeLots: volume, price, ending } = part;
  const { ticket, symbol }: { ticket: Ticket; symbol: string } = position;
  const { answer } = ending;
  return {
    ticket,
    symbol,
    state: stateOf(part),
    volume,
    ...(price === 0 ? {} : { price }),
    ...(answer.retcode === undefined ? {} : { retcode: answer.retcode }),
    ...(answer.status === 'SUCCESS' ? {} : { code: answer.code, error: answer.error }),
  };
}

function stateOf({ ending }: ClosedPart): 'CLOSED' | 'PARTIAL' | 'REJECTED' {
  if (ending.state === 'DONE') return 'CLOSED';
  return ending.state === 'PARTIAL' ? 'PARTIAL' : 'REJECTED';
}

function withData(answer: Answer, data: JsonObject): Answer {
  return { ...answer, data };
}
