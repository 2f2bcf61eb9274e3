import type { PayloadOf } from '../payload-types.ts';
import type { CommandSpec } from './command-spec.ts';
import { candlesView, historyView, symbolView } from './market-views.ts';
import { askOnce } from './session.ts';

// Written out, since importing the payload schemas would load what no client needs; a test compares them.
/** Bars of a chart, by their length. */
export const TIMEFRAMES = [
  'M1',
  'M5',
  'M15',
  'M30',
  'H1',
  'H4',
  'D1',
] as const satisfies readonly PayloadOf<'GET_CANDLES'>['timeframe'][];
/** Most bars of one answer. */
export const MAX_CANDLES = 5_000;

const TIMES = `A time is a date and time (2026-01-05T14:30, local without a zone), a date,
today, now, or so long ago: -30m, -4h, -7d.`;

/** Commands that ask about prices and the past. */
export const MARKET_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'symbol',
    operands: 'NAME',
    summary: 'show how a symbol can be traded',
    options: [],
    prepare: (operands) => {
      const symbol = operands.word('NAME');
      return (session) => askOnce(session, 'GET_SYMBOL', { symbol }, symbolView);
    },
  },
  {
    name: 'candles',
    operands: 'SYMBOL TIMEFRAME',
    summary: 'list the newest bars of a symbol, oldest first',
    details: `TIMEFRAME is one of ${TIMEFRAMES.join(', ')}. The last is under way.`,
    options: [{ name: 'count', value: 'N', about: `how many bars, 1 to ${MAX_CANDLES} [100]` }],
    prepare: (operands) => {
      const payload = {
        symbol: operands.word('SYMBOL'),
        timeframe: operands.choice('TIMEFRAME', TIMEFRAMES),
        count: operands.optionalWholeBetween('count', 'bars', 1, MAX_CANDLES) ?? 100,
      };
      return (session) => askOnce(session, 'GET_CANDLES', payload, candlesView);
    },
  },
  {
    name: 'history',
    operands: '',
    summary: 'list deals and ended orders, oldest first',
    details: TIMES,
    options: [
      { name: 'since', value: 'TIME', about: 'from when on [-1d]' },
      { name: 'until', value: 'TIME', about: 'up to when [now]' },
      { name: 'symbol', value: 'NAME', about: 'only of this symbol' },
      { name: 'ticket', value: 'TICKET', about: 'only of this position, order or deal' },
      { name: 'magic', value: 'N', about: 'only with this magic number' },
    ],
    prepare: (operands) => {
      const nowMs = Date.now();
      const from = operands.optionalMoment('since', nowMs) ?? nowMs / 1000 - 86_400;
      const to = operands.optionalMoment('until', nowMs);
      if (to !== undefined && to < from) operands.bar('until', '--until is before --since');
      const filter = {
        symbol: operands.text('symbol'),
        ticket: operands.optionalTicket('ticket'),
        magic: operands.optionalWhole('magic'),
      };
      return (session) => askOnce(session, 'GET_HISTORY', { from, to, ...filter }, historyView);
    },
  },
];
