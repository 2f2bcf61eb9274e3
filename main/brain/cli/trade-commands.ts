import type { PayloadOf } from '../payload-types.ts';
import type { OptionSpec } from './command-line.ts';
import type { CommandSpec } from './command-spec.ts';
import type { Operands } from './operands.ts';
import { askOnce } from './session.ts';
import { killView, tradeView } from './views.ts';

// Written out, since importing the payload schemas would load what no client needs; the types hold them together.
const SIDES = ['BUY', 'SELL'] as const satisfies readonly PayloadOf<'OPEN_ORDER'>['side'][];
const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP'] as const satisfies readonly PayloadOf<'OPEN_ORDER'>['type'][];
const FLATTEN_SCOPES = ['none', 'gateway', 'account'] as const satisfies readonly PayloadOf<'KILL_SWITCH'>['flatten'][];

/** The idempotency key of a command, as every command that trades takes it. */
export const REQ_ID: OptionSpec = {
  name: 'req-id',
  value: 'ID',
  about: 'run only once, however often sent [a random ID]',
};

/** Commands that change the account. */
export const TRADE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'open',
    operands: 'SYMBOL VOLUME buy|sell',
    summary: 'open a position, or place a pending order',
    details: `VOLUME is in lots, prices in the quote currency. Limit and stop orders need
--price. Repeated with the same --req-id it is executed once, whatever happens:
the second answer is the recorded first one.`,
    options: [
      { name: 'type', value: 'market|limit|stop', about: 'kind of order [market]' },
      { name: 'price', value: 'PRICE', about: 'where a limit or stop order waits' },
      { name: 'sl', value: 'PRICE', about: 'stop loss' },
      { name: 'tp', value: 'PRICE', about: 'take profit' },
      { name: 'deviation', value: 'POINTS', about: 'largest slip from the price asked for' },
      { name: 'magic', value: 'N', about: 'magic number' },
      { name: 'comment', value: 'TEXT', about: 'comment; the terminal gets 18 characters of it' },
      { name: 'expiration', value: 'TIME', about: 'when it ends: 2026-01-05T14:30 or Unix seconds' },
      REQ_ID,
    ],
    prepare: (operands) => {
      const order = readOrder(operands);
      const reqId = operands.text('req-id');
      const verb = order.type === 'MARKET' ? 'Opened' : 'Placed';
      return (session) => askOnce(session, 'OPEN_ORDER', order, (data) => tradeView(verb, data), { reqId });
    },
  },
  {
    name: 'close',
    operands: 'TICKET',
    summary: 'close a position, or a part of it',
    options: [
      { name: 'volume', value: 'LOTS', about: 'close so many lots of it [all]' },
      { name: 'deviation', value: 'POINTS', about: 'largest slip from the price asked for' },
      REQ_ID,
    ],
    prepare: (operands) => {
      const payload = {
        ticket: operands.ticket(),
        volume: operands.optionalVolume('volume'),
        deviation: operands.optionalCount('deviation'),
      };
      const reqId = operands.text('req-id');
      return (session) => askOnce(session, 'CLOSE_POSITION', payload, (data) => tradeView('Closed', data), { reqId });
    },
  },
  {
    name: 'cancel',
    operands: 'TICKET',
    summary: 'cancel a pending order',
    options: [REQ_ID],
    prepare: (operands) => {
      const payload = { ticket: operands.ticket() };
      const reqId = operands.text('req-id');
      return (session) => askOnce(session, 'CANCEL_ORDER', payload, (data) => tradeView('Cancelled', data), { reqId });
    },
  },
  {
    name: 'kill',
    operands: '',
    summary: 'halt, cancel all orders, close all positions',
    details: `Acts at once, without a question. Trading resumes only at the gateway's own
machine, with --resume. "none" keeps the positions, "gateway" closes those that
the gateway opened, "account" all of them.`,
    options: [
      { name: 'reason', value: 'TEXT', about: 'why; stands in the audit log' },
      { name: 'flatten', value: 'none|gateway|account', about: 'what to close [account]' },
    ],
    prepare: (operands) => {
      const payload = {
        reason: operands.text('reason'),
        flatten: operands.optionalChoice('flatten', FLATTEN_SCOPES),
      };
      return (session) => askOnce(session, 'KILL_SWITCH', payload, killView);
    },
  },
];

function readOrder(operands: Operands): PayloadOf<'OPEN_ORDER'> {
  const symbol = operands.word('SYMBOL');
  const volume = operands.volume();
  const side = operands.choice('side', SIDES);
  const type = operands.optionalChoice('type', ORDER_TYPES) ?? 'MARKET';
  if (type !== 'MARKET') operands.require('price', `a ${type.toLowerCase()} order needs --price`);
  return {
    ...{ symbol, volume, side, type },
    price: operands.optionalPrice('price', 'above zero'),
    sl: operands.optionalPrice('sl', 'zero'),
    tp: operands.optionalPrice('tp', 'zero'),
    deviation: operands.optionalCount('deviation'),
    magic: operands.optionalWhole('magic'),
    comment: operands.text('comment'),
    expiration: operands.optionalTime('expiration'),
  };
}
