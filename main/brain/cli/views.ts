import type {
  AccountData,
  CommandData,
  HeartbeatData,
  KillSwitchData,
  OrderData,
  PositionData,
  SymbolData,
  TickData,
  TradeData,
} from '../reply-types.ts';
import { decimalsOf, localTime, lots, money, price, profit, span } from './figures.ts';
import { fields, left, right, table } from './table.ts';

/** The gateway is alive: what it is and how it stands. */
export function heartbeatView(data: HeartbeatData, roundTripMs: number): string {
  return fields([
    ['Gateway', `${data.service}${data.version === undefined ? '' : ` ${data.version}`}, ${data.status}`],
    ...(data.mode === undefined ? [] : ([['Mode', data.mode]] as const)),
    ...(data.account_mode === undefined ? [] : ([['Account', data.account_mode]] as const)),
    ...(data.terminal_connected === undefined
      ? []
      : ([['Terminal', data.terminal_connected ? 'connected' : 'not connected']] as const)),
    ...(data.uptime_s === undefined ? [] : ([['Running for', span(data.uptime_s)]] as const)),
    ['Round trip', `${roundTripMs.toFixed(1)} ms`],
  ]);
}

/** The account's figures in its currency. */
export function accountView(data: AccountData): string {
  const amounts: readonly (readonly [string, number])[] = [
    ['Balance', data.balance],
    ['Equity', data.equity],
    ['Margin', data.margin],
    ['Free margin', data.margin_free],
  ];
  const shown = [...amounts.map(([, amount]) => money(amount)), profit(data.profit ?? 0)];
  const width = Math.max(...shown.map((text) => text.length));
  const amount = (text: string) => `${text.padStart(width)} ${data.currency}`;
  return fields([
    ...(data.login === undefined
      ? []
      : ([['Account', `${data.login} at ${data.server ?? 'an unnamed server'}`]] as const)),
    ...amounts.map(([name, value]) => [name, amount(money(value))] as const),
    ...(data.profit === undefined ? [] : ([['Open profit', amount(profit(data.profit))]] as const)),
    ['Margin level', data.margin === 0 ? 'no margin in use' : `${data.margin_level.toFixed(2).padStart(width)} %`],
    ...(data.leverage === undefined ? [] : ([['Leverage', `1:${data.leverage}`]] as const)),
  ]);
}

/** Open positions, their profit with its sign. */
export function positionsView(positions: readonly PositionData[]): string {
  if (positions.length === 0) return 'No open positions.\n';
  const columns = [right('TICKET'), left('SYMBOL'), left('SIDE'), right('LOTS'), right('OPEN'), right('NOW')];
  const rows = positions.map((position) => {
    const decimals = decimalsOf(position.open_price, position.current_price);
    return [
      String(position.ticket),
      position.symbol,
      position.type,
      lots(position.volume),
      price(position.open_price, decimals),
      price(position.current_price, decimals),
      price(position.sl ?? 0),
      price(position.tp ?? 0),
      profit(position.profit),
      position.time_msc === undefined ? '' : localTime(position.time_msc),
    ];
  });
  const sum = positions.reduce((total, position) => total + position.profit, 0);
  const listed = table([...columns, right('SL'), right('TP'), right('PROFIT'), left('OPENED')], rows);
  return `${listed}${count(positions.length, 'position')}, open profit ${profit(sum)}\n`;
}

/** Pending orders. */
export function ordersView(orders: readonly OrderData[]): string {
  if (orders.length === 0) return 'No pending orders.\n';
  const columns = [right('TICKET'), left('SYMBOL'), left('TYPE'), right('LOTS'), right('PRICE'), right('NOW')];
  const rows = orders.map((order) => [
    String(order.ticket),
    order.symbol,
    order.type,
    lots(order.volume),
    price(order.open_price),
    price(order.current_price),
    price(order.sl),
    price(order.tp),
    localTime(order.time_setup_msc),
    order.time_expiration === 0 ? 'never' : localTime(order.time_expiration * 1000),
  ]);
  return table([...columns, right('SL'), right('TP'), left('PLACED'), left('EXPIRES')], rows);
}

/** The symbols that the terminal has. */
export function symbolsView(symbols: readonly SymbolData[]): string {
  if (symbols.length === 0) return 'The terminal has no symbols.\n';
  const columns = [left('SYMBOL'), right('DIGITS'), right('MIN LOTS'), right('MAX LOTS'), right('STEP')];
  const rows = symbols.map((symbol) => [
    symbol.symbol,
    String(symbol.digits),
    lots(symbol.volume_min),
    lots(symbol.volume_max),
    lots(symbol.volume_step),
    String(symbol.trade_contract_size),
    String(symbol.trade_stops_level),
    symbol.trade_mode,
    symbol.description,
  ]);
  return table([...columns, right('CONTRACT'), right('STOPS (POINTS)'), left('TRADING'), left('DESCRIPTION')], rows);
}

/** One price of a symbol on one line. */
export function tickView(tick: TickData, decimals = decimalsOf(tick.bid, tick.ask)): string {
  const spread = (tick.ask - tick.bid).toFixed(decimals);
  const prices = `bid ${tick.bid.toFixed(decimals)}  ask ${tick.ask.toFixed(decimals)}  spread ${spread}`;
  return `${localTime(tick.time_msc, 'milliseconds')}  ${tick.symbol}  ${prices}\n`;
}

/** What a trading command did, on one line. */
export function tradeView(verb: string, data: TradeData): string {
  const { side, volume, symbol, price: at, ticket } = data;
  const what = [side, volume === undefined || volume === 0 ? undefined : `${lots(volume)} lots`, symbol];
  const where = at === undefined || at === 0 ? [] : ['at', price(at)];
  const words = [verb, ...what, ...where].filter((word) => word !== undefined);
  return `${words.join(' ')}${ticket === undefined ? '' : `, ticket ${ticket}`}\n`;
}

/** What the kill has done so far. */
export function killView(data: KillSwitchData): string {
  const closed = `${data.positions_closed} of ${count(data.total_positions, 'position')} closed`;
  const cancelled = data.orders_cancelled === undefined ? '' : `, ${count(data.orders_cancelled, 'order')} cancelled`;
  const record = data.recorded === false ? 'The halt is in force, but NOT RECORDED on disk yet.\n' : '';
  return `HALTED: ${closed}${cancelled}${flattenText(data.flatten)}\n${record}Trading resumes only at the gateway, with --resume.\n`;
}

/** A recorded command and its outcome. */
export function commandView(data: CommandData): string {
  return fields([
    ['Command', `${data.action} ${data.req_id}`],
    ['Client', data.client_id],
    ['State', data.state],
    ['Status', data.status],
    ...(data.code === null ? [] : ([['Code', data.code]] as const)),
    ...(data.error === null ? [] : ([['Because', data.error]] as const)),
    ...(isTrade(data.data) && data.status === 'SUCCESS'
      ? ([['Outcome', tradeView('', data.data).trim()]] as const)
      : []),
    ['Received', localTime(data.received_at * 1000, 'milliseconds')],
    ['Updated', localTime(data.updated_at * 1000, 'milliseconds')],
  ]);
}

function isTrade(data: unknown): data is TradeData {
  return typeof data === 'object' && data !== null && 'ticket' in data;
}

const FLATTEN_TEXTS: Readonly<Record<string, string>> = {
  FLATTENING: '; still closing, see events or positions',
  BLOCKED: '; BLOCKED, something cannot be closed now: look at positions',
  UNKNOWN: '; how it stands is UNKNOWN: look at positions',
  NONE: '; positions are kept',
};

function flattenText(flatten = ''): string {
  return FLATTEN_TEXTS[flatten] ?? '';
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
