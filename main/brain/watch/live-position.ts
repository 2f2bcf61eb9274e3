import type { PositionData, SymbolData } from '../reply-types.ts';
import type { LivePosition } from './watch-state.ts';

/** The prices at which a position can be closed now. */
interface ClosingPrices {
  readonly bid: number;
  readonly ask: number;
}

/**
 * A position at a newer quote than the gateway's last word on it. The profit moves by what the price has moved since, at
 * the symbol's value of a tick; without a quote or a specification it stays as the gateway said.
 */
export function livePosition(
  position: PositionData,
  quote: ClosingPrices | null,
  spec: SymbolData | null,
): LivePosition {
  const tickSize = spec?.['trade_tick_size'];
  const tickValue = spec?.['trade_tick_value'];
  if (quote === null || typeof tickSize !== 'number' || typeof tickValue !== 'number' || tickSize <= 0)
    return { ...position, moved: 0 };
  const price = position.type === 'BUY' ? quote.bid : quote.ask;
  const direction = position.type === 'BUY' ? 1 : -1;
  const ticks = ((price - position.current_price) * direction) / tickSize;
  const moved = ticks * tickValue * position.volume;
  return { ...position, current_price: price, profit: position.profit + moved, moved };
}
