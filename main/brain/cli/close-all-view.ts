import type { CloseAllData, CloseAllTicket } from '../reply-types.ts';
import { lots, price } from './figures.ts';
import { left, right, table } from './table.ts';

const COLUMNS = [right('TICKET'), left('SYMBOL'), left('STATE'), right('LOTS'), right('PRICE'), left('WHY')];

/** What CLOSE_ALL came to: a sentence, and each position where there were any. */
export function closeAllView({ positions_closed: closed, total_positions: total, tickets }: CloseAllData): string {
  if (total === 0) return 'No open positions.\n';
  const rest = closed < total ? `: ${total - closed} STILL OPEN` : '';
  return `${table(COLUMNS, tickets.map(cells))}Closed ${closed} of ${total} position${total === 1 ? '' : 's'}${rest}\n`;
}

function cells({ ticket, symbol, state, volume, price: at = 0, code, error }: CloseAllTicket): string[] {
  return [String(ticket), symbol, state, lots(volume), price(at), [code, error].filter((part) => part).join(': ')];
}
