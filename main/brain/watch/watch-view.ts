import type { FabricEvent } from '../../protocol/events.ts';
import type { AccountData, HeartbeatData, OrderData } from '../reply-types.ts';
import { decimalsOf, localTime, lots, money, price, profit } from '../cli/figures.ts';
import { printable } from '../cli/printable.ts';
import { left, right, table, type Column } from '../cli/table.ts';
import { eventText } from './event-text.ts';
import { fitSections, type Section } from './sections.ts';
import { paint, span, type Line, type Style } from './spans.ts';
import type { LivePosition, Part, WatchLink, WatchQuote, WatchState } from './watch-state.ts';

/** A quote that is older than this is marked, in milliseconds. */
export const STALE_QUOTE_MS = 5_000;

/** What there is to draw on. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly colour?: boolean;
}

/** The live view: lines of at most `columns` characters, at most `rows` of them. */
export function watchView(state: WatchState, { columns, rows, colour = false }: Frame): string[] {
  const isLive = state.link.kind === 'live';
  const head = [titleLine(state), stateLine(state.link), accountLine(state, isLive)];
  const sections = [
    positionSection(state.positions, isLive),
    orderSection(state.orders, isLive),
    quoteSection(state.quotes),
    eventSection(state.events),
  ];
  const lines = [...head, ...fitSections(sections, rows - head.length)].slice(0, rows);
  return lines.map((line) => paint(line, columns, colour));
}

function titleLine({ endpoint, link }: WatchState): Line {
  const version = link.kind === 'connecting' ? undefined : link.heartbeat.version;
  const name = ['MT5 Fabric', version, 'at', endpoint].filter((word) => word !== undefined).join(' ');
  return [span(printable(name), 'bold'), span(localSuffix(link))];
}

function localSuffix(link: WatchLink): string {
  return link.kind === 'live' && link.heartbeat.terminal_connected === false ? '   terminal NOT CONNECTED' : '';
}

const MODE_WORDS: Readonly<Record<string, readonly [string, Style]>> = {
  TRADING: ['TRADING', 'good'],
  SUSPENDED: ['SUSPENDED: no new orders until the cause is gone', 'alarm'],
  REDUCE_ONLY: ['REDUCE ONLY: positions can be closed, none opened', 'alarm'],
  HALTED: ['*** HALTED *** no trading until a resume at the gateway', 'alarm'],
};

function stateLine(link: WatchLink): Line {
  switch (link.kind) {
    case 'connecting':
      return [span(`mode UNKNOWN, no answer yet, for ${seconds(link.forMs)}`, 'alarm')];
    case 'lost':
      return [span(`mode UNKNOWN, NO ANSWER SINCE ${seconds(link.silentMs)}`, 'alarm')];
    case 'live':
      return [...accountMode(link.heartbeat), span('  '), modeSpan(link.heartbeat.mode)];
  }
}

function accountMode({ account_mode: mode }: HeartbeatData): Line {
  if (mode === undefined || (mode as string | null) === null) return [span('account UNKNOWN', 'alarm')];
  return [span(`${printable(mode)} account`, mode === 'REAL' ? 'alarm' : 'bold')];
}

function modeSpan(mode = 'UNKNOWN') {
  const [words, style] = MODE_WORDS[mode] ?? [`mode ${printable(mode)}`, 'alarm'];
  return span(words, style);
}

function accountLine({ account, positions, refusal }: WatchState, isLive: boolean): Line {
  if (!isLive && refusal !== null) return [span(printable(refusal), 'alarm')];
  if (account.kind !== 'known') return [span(missing('account', account), 'dim')];
  const moved = positions.kind === 'known' ? positions.data.reduce((sum, one) => sum + one.moved, 0) : 0;
  if (!isLive) return [span(`${seconds(account.ageMs)} ago: ${figures(account.data, 0)}`, 'dim')];
  const open = (account.data.profit ?? 0) + moved;
  const text = figures(account.data, moved);
  return [span(`${text}   Profit `), span(`${profit(open)} ${printable(account.data.currency)}`, tone(open))];
}

function figures({ balance, equity, margin }: AccountData, moved: number): string {
  return `Balance ${money(balance)}   Equity ${money(equity + moved)}   Margin ${money(margin)}`;
}

const POSITION_COLUMNS = [
  ...[right('TICKET'), left('SYMBOL'), left('SIDE'), right('LOTS'), right('OPEN'), right('NOW')],
  ...[right('SL'), right('TP'), right('PROFIT')],
];

function positionSection(positions: Part<readonly LivePosition[]>, isLive: boolean): Section {
  if (positions.kind !== 'known') return unknownSection('POSITIONS', positions);
  const rows = positions.data.map((position) => {
    const { ticket, symbol, type, volume, open_price: open, current_price: now, sl = 0, tp = 0 } = position;
    const decimals = decimalsOf(open, now, sl, tp);
    const prices = [open, now, sl, tp].map((value) => price(value, decimals));
    return [String(ticket), symbol, type, lots(volume), ...prices, profit(position.profit)];
  });
  const styles = positions.data.map((position) => tone(position.profit));
  return section('POSITIONS', positions, isLive, POSITION_COLUMNS, rows, styles);
}

const ORDER_COLUMNS = [
  ...[right('TICKET'), left('SYMBOL'), left('TYPE'), right('LOTS'), right('PRICE'), right('NOW')],
  ...[right('SL'), right('TP')],
];

function orderSection(orders: Part<readonly OrderData[]>, isLive: boolean): Section {
  if (orders.kind !== 'known') return unknownSection('ORDERS', orders);
  const rows = orders.data.map(({ ticket, symbol, type, volume, open_price: at, current_price: now, sl, tp }) => {
    const decimals = decimalsOf(at, now, sl, tp);
    const prices = [at, now, sl, tp].map((value) => price(value, decimals));
    return [String(ticket), symbol, type, lots(volume), ...prices];
  });
  return section('PENDING ORDERS', orders, isLive, ORDER_COLUMNS, rows);
}

/** A table with its heading; what a gateway that no longer answers said is grey and says how old it is. */
function section(
  name: string,
  part: { readonly data: readonly unknown[]; readonly ageMs: number },
  isLive: boolean,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  styles: readonly Style[] = [],
): Section {
  const age = isLive ? '' : `, as of ${seconds(part.ageMs)} ago`;
  const heading = [span(`${name} (${part.data.length}${age})`, 'bold')];
  if (rows.length === 0) return { heading: [heading], rows: [] };
  const [titles = '', ...lines] = tableLines(columns, rows);
  const style = (at: number): Style => (isLive ? (styles[at] ?? 'plain') : 'dim');
  return { heading: [heading, [span(titles, 'dim')]], rows: lines.map((line, at) => [span(line, style(at))]) };
}

function unknownSection(name: string, part: Exclude<Part<unknown>, { kind: 'known' }>): Section {
  return { heading: [[span(`${name}: `, 'bold'), span(missing('not known', part), 'dim')]], rows: [] };
}

const QUOTE_COLUMNS = [left('SYMBOL'), right('BID'), right('ASK'), right('SPREAD'), right('AGE')];

function quoteSection(quotes: readonly WatchQuote[]): Section {
  const heading = [span('QUOTES', 'bold')];
  if (quotes.length === 0) return { heading: [heading], rows: [] };
  const rows = quotes.map(({ symbol, bid, ask, ageMs }) => {
    const decimals = decimalsOf(bid, ask);
    const prices = [bid, ask, ask - bid].map((value) => value.toFixed(decimals));
    const age = ageMs === null ? '?' : `${seconds(ageMs)}${isStale(ageMs) ? ' stale' : ''}`;
    return [symbol, ...prices, age];
  });
  const [titles = '', ...lines] = tableLines(QUOTE_COLUMNS, rows);
  const style = (at: number): Style => (isStale(quotes[at]?.ageMs ?? null) ? 'dim' : 'plain');
  return { heading: [heading, [span(titles, 'dim')]], rows: lines.map((line, at) => [span(line, style(at))]) };
}

function eventSection(events: readonly FabricEvent[]): Section {
  const rows = events.map((event): Line => {
    const time = localTime(event.timestamp * 1000).slice(11);
    const style: Style = event.event === 'KILL_SWITCH' ? 'alarm' : 'plain';
    return [span(`${time}  `, 'dim'), span(`${event.event.padEnd(13)}  ${printable(eventText(event))}`, style)];
  });
  const heading = [span('EVENTS', 'bold'), span(rows.length === 0 ? ' none yet' : '', 'dim')];
  return { heading: [heading], rows };
}

function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return table(
    columns,
    rows.map((row) => row.map(printable)),
  )
    .trimEnd()
    .split('\n');
}

function missing(what: string, part: Exclude<Part<unknown>, { kind: 'known' }>): string {
  return part.kind === 'refused' ? printable(part.message) : `${what} yet`;
}

function isStale(ageMs: number | null): boolean {
  return ageMs !== null && ageMs > STALE_QUOTE_MS;
}

/** An amount that is shown as 0.00 is neither. */
function tone(amount: number): Style {
  if (Math.abs(amount) < 0.005) return 'plain';
  return amount < 0 ? 'bad' : 'good';
}

function seconds(ms: number): string {
  return `${Math.floor(Math.max(0, ms) / 1000)} s`;
}
