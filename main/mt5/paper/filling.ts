import type { OrderType } from '../../protocol/payloads.ts';
import { assertNever } from '../../assert-never.ts';
import type { FillingMode, SymbolSpec } from '../market.ts';

/**
 * The filling modes that a symbol takes for an order, the best first. Market execution knows only what its flags say and
 * never RETURN; exchange adds RETURN to the flags; instant and request take any; a pending order stands as RETURN first.
 */
export function fillingModes(spec: SymbolSpec, type: OrderType): readonly FillingMode[] {
  const flagged = (['FOK', 'IOC'] as const).filter((mode) => spec.fillingFlags.includes(mode));
  if (type !== 'MARKET') return ['RETURN', ...flagged];
  switch (spec.execution) {
    case 'MARKET':
      return flagged;
    case 'EXCHANGE':
      return [...flagged, 'RETURN'];
    case 'INSTANT':
    case 'REQUEST':
      return ['FOK', 'IOC', 'RETURN'];
    default:
      return assertNever(spec.execution, 'execution mode');
  }
}
