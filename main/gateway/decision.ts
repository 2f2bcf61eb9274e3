import type { JsonObject } from '../protocol/json-value.ts';
import { success } from '../protocol/envelope.ts';
import { toTicket } from '../protocol/ticket.ts';
import { refused } from './ending.ts';
import type { Search } from './search.ts';
import type { Ending } from './trade-journal.ts';

/** How a command of unknown outcome turned out. */
export interface Verdict {
  readonly ending: Ending;
  /** What it rests on, one sentence. */
  readonly reason: string;
}

/** A command whose outcome is being searched for, as an operator sees it. */
export interface OpenSearch {
  readonly reqId: string;
  readonly client: string;
  readonly kind: Search['kind'];
  /** When its answer was lost, Unix milliseconds. */
  readonly lostAtMs: number;
  /** Why it is not known yet; empty before the first look has ended. */
  readonly why: string;
}

/** What a person says of a command that no evidence tells of. */
export interface Decision {
  readonly reqId: string;
  /** Needed where several clients used that `req_id`. */
  readonly client?: string | undefined;
  readonly hasHappened: boolean;
  readonly by: string;
  readonly reason: string;
}

/** The verdict that a person gives where nothing proves one. Tickets and prices that nobody knows are 0. */
export function decidedVerdict(search: Search, { hasHappened, by, reason }: Decision): Verdict {
  const said = `${by} says that it ${hasHappened ? 'happened' : 'did not happen'}: ${reason}`;
  if (!hasHappened) return { ending: refused('EXPIRED', 'TERMINAL_TIMEOUT', said), reason: said };
  const data = { status: 'SUCCESS', ...knownOf(search), decided_by: by };
  return { ending: { state: 'DONE', answer: success(data), result: null }, reason: said };
}

function knownOf(search: Search): JsonObject {
  switch (search.kind) {
    case 'open':
    case 'close': {
      const { ticket = toTicket(0), volumeLots: volume = 0 } = search.subject;
      return { ticket, volume, price: 0 };
    }
    case 'cancel':
      return { ticket: search.ticket, volume: 0, price: 0 };
    case 'modify-position':
    case 'modify-order':
      return { ticket: search.asked.ticket, volume: 0, price: 0 };
    case 'close-all': {
      const total = search.positions.length + search.ended.length;
      return { positions_closed: total, total_positions: total, tickets: [] };
    }
  }
}
