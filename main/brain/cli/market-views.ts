import type { CandleData, DealData, HistoryData, OrderData, SymbolData } from '../reply-types.ts';
import { decimalsOf, localTime, lots, price, profit } from './figures.ts';
import { fields, left, right, table } from './table.ts';

/** How a symbol can be traded. */
export function symbolView(symbol: SymbolData): string {
  return fields([
    ['Symbol', `${symbol.symbol}, ${symbol.description}`],
    ['Trading', symbol.trade_mode],
    ['Lots', `${lots(symbol.volume_min)} to ${lots(symbol.volume_max)} in steps of ${lots(symbol.volume_step)}`],
    ['Contract', `${symbol.trade_contract_size} a lot`],
    ['Prices', `${symbol.digits} digits, a point is ${symbol.point.toFixed(symbol.digits)}`],
    ['Stops', `at least ${symbol.trade_stops_level} points from the price`],
    ...optional('Execution', symbol['trade_exemode']),
    ...optional('Filling', symbol['filling_mode']),
  ]);
}

const BARS = [
  left('TIME'),
  right('OPEN'),
  right('HIGH'),
  right('LOW'),
  right('CLOSE'),
  right('TICKS'),
  right('SPREAD'),
];

/** Bars, prices with the same number of decimals. */
export function candlesView(candles: readonly CandleData[]): string {
  if (candles.length === 0) return 'No bars.\n';
  const decimals = decimalsOf(...candles.flatMap(({ open, high, low, close }) => [open, high, low, close]));
  const rows = candles.map(({ time, open, high, low, close, tick_volume: ticks, spread }) => [
    localTime(time * 1000).slice(0, -3),
    ...[open, high, low, close].map((value) => value.toFixed(decimals)),
    String(ticks),
    String(spread),
  ]);
  return table(BARS, rows);
}

const DEALS = [left('DEAL AT'), right('TICKET'), left('SYMBOL'), left('SIDE'), left('ENTRY'), right('LOTS')];
const ORDERS = [left('ORDER AT'), right('TICKET'), left('SYMBOL'), left('TYPE'), right('LOTS'), right('PRICE')];

/** Deals and ended orders, and what they came to. */
export function historyView({ deals, orders, truncated }: HistoryData): string {
  const listed = [
    deals.length === 0 ? 'No deals.\n' : table([...DEALS, right('PRICE'), right('PROFIT')], deals.map(dealCells)),
    orders.length === 0 ? 'No ended orders.\n' : table([...ORDERS, left('STATE')], orders.map(orderCells)),
  ];
  const more = truncated ? 'There were more: only the newest are listed. Ask for a shorter time.\n' : '';
  return `${listed.join('\n')}\n${sumLine(deals)}${more}`;
}

function dealCells(deal: DealData): string[] {
  return [
    shortTime(deal.time_msc),
    String(deal.ticket),
    deal.symbol,
    deal.type,
    deal.entry,
    lots(deal.volume),
    price(deal.price),
    deal.entry === 'IN' ? '' : profit(deal.profit),
  ];
}

function orderCells(order: OrderData): string[] {
  const { ticket, symbol, type, volume, open_price: at, time_setup_msc: placedMs } = order;
  const asked = order['volume_initial'];
  const state = order['state'];
  return [
    shortTime(placedMs),
    String(ticket),
    symbol,
    type,
    lots(typeof asked === 'number' ? asked : volume),
    price(at),
    typeof state === 'string' ? state : '',
  ];
}

function sumLine(deals: readonly DealData[]): string {
  const sum = (of: (deal: DealData) => number) => deals.reduce((total, deal) => total + of(deal), 0);
  const costs = `commission ${profit(sum((deal) => deal.commission))}, swap ${profit(sum((deal) => deal.swap))}`;
  return `Profit ${profit(sum((deal) => deal.profit))}, ${costs}\n`;
}

/** Month, day and time: a table of deals has no room for the year. */
function shortTime(unixMs: number): string {
  return localTime(unixMs).slice(5);
}

function optional(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return [[name, value.join(', ')]];
  return typeof value === 'string' ? [[name, value]] : [];
}
