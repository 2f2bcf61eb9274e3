import type { Clock } from '../../clock.ts';
import type { Mt5Handler, Query } from '../../mt5/handler.ts';
import type { Order, Position } from '../../mt5/market.ts';
import type { TopicValue } from '../contract.ts';
import { Asked } from './asked.ts';
import type { Source } from './topic.ts';

/** Decimals of a price as long as the terminal has not told how many its symbol has. */
const USUAL_DIGITS = 5;

export interface BookPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'positions' | 'orders' | 'onTransaction'>;
  /** Whether it was opened through this gateway. */
  readonly isOwn: (trade: Pick<Position, 'magic' | 'comment'>) => boolean;
  /** Decimals of a symbol's prices; null as long as they are not known. */
  readonly digitsOf: (symbol: string) => number | null;
}

interface Book {
  readonly positions: readonly Position[];
  readonly orders: readonly Order[];
}

/** Open positions and pending orders as the terminal last told them. */
export function bookSource(ports: BookPorts): Source<TopicValue<'book'>> {
  const asked = new Asked(() => readBook(ports.terminal), ports);
  return {
    value: () => ({
      positions: (asked.value?.positions ?? []).map((position) => positionView(position, ports)),
      orders: (asked.value?.orders ?? []).map((order) => orderView(order, ports)),
      asked_ms_ago: asked.askedMsAgo,
      fault: asked.fault,
    }),
    watch: asked.watch,
    mark: asked.mark,
  };
}

async function readBook(terminal: BookPorts['terminal']): Promise<Query<Book>> {
  const [positions, orders] = await Promise.all([terminal.positions(), terminal.orders()]);
  if (!positions.ok) return positions;
  if (!orders.ok) return orders;
  return { ok: true, value: { positions: positions.value, orders: orders.value } };
}

function positionView(position: Position, ports: BookPorts): TopicValue<'book'>['positions'][number] {
  const { symbol, side, sl, tp, profit, swap, comment } = position;
  return {
    ...{ ticket: position.ticket.toString(), symbol, side },
    volume: position.volumeLots,
    open_price: position.openPrice,
    current_price: position.currentPrice,
    ...{ sl, tp, profit, swap, comment },
    opened_at_ms: position.openedAtMs,
    ...marksOf(position, ports),
  };
}

function orderView(order: Order, ports: BookPorts): TopicValue<'book'>['orders'][number] {
  const { symbol, type, sl, tp, comment } = order;
  return {
    ...{ ticket: order.ticket.toString(), symbol, type },
    volume: order.volumeCurrentLots,
    open_price: order.openPrice,
    ...{ sl, tp, comment },
    setup_at_ms: order.setupAtMs,
    ...marksOf(order, ports),
  };
}

function marksOf(trade: Position | Order, { isOwn, digitsOf }: BookPorts) {
  return { own: isOwn(trade), digits: digitsOf(trade.symbol) ?? USUAL_DIGITS };
}
