import { assertNever } from '../assert-never.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { lookForCancelled, lookForOrderChange, lookForPositionChange } from './change-evidence.ts';
import { lookForClosedPositions } from './close-all-evidence.ts';
import type { Finding, Search } from './search.ts';
import { lookForTag } from './tag-evidence.ts';

/**
 * Looks once for what a command did. Of orders and closes only the command's own tag together with the magic number proves
 * anything; of a change, that what it asked for is in force.
 */
export async function lookFor(search: Search, terminal: Mt5Handler): Promise<Finding> {
  switch (search.kind) {
    case 'open':
    case 'close':
      return lookForTag(search, terminal);
    case 'cancel':
      return lookForCancelled(search, terminal);
    case 'modify-position':
      return lookForPositionChange(search, terminal);
    case 'modify-order':
      return lookForOrderChange(search, terminal);
    case 'close-all':
      return lookForClosedPositions(search, terminal);
    default:
      return assertNever(search, 'search');
  }
}
