import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { CloseAllData } from '../reply-types.ts';
import { closeAllView } from './close-all-view.ts';
import type { OptionSpec } from './command-line.ts';
import type { CommandSpec, Job } from './command-spec.ts';
import type { Operands } from './operands.ts';
import { askOnce } from './session.ts';
import { REQ_ID } from './trade-commands.ts';
import { tradeView } from './views.ts';

const STOPS: readonly OptionSpec[] = [
  { name: 'sl', value: 'PRICE', about: 'stop loss, 0 for none [unchanged]' },
  { name: 'tp', value: 'PRICE', about: 'take profit, 0 for none [unchanged]' },
];

/** Commands that change or end what is open. */
export const CHANGE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'modify',
    operands: 'TICKET',
    summary: 'change stop loss and take profit, or a pending order',
    details: `Of a position only --sl and --tp can be changed. With --order TICKET is a
pending order, whose --price and --expiration can be changed too.`,
    options: [
      ...STOPS,
      { name: 'order', value: null, about: 'TICKET is a pending order' },
      { name: 'price', value: 'PRICE', about: 'where the order waits [unchanged]' },
      { name: 'expiration', value: 'TIME', about: 'when it ends, or never [unchanged]' },
      REQ_ID,
    ],
    prepare: (operands) => (operands.flag('order') ? modifyOrder(operands) : modifyPosition(operands)),
  },
  {
    name: 'close-all',
    operands: '',
    summary: 'close all positions, or those of a symbol or magic',
    details: `Trading goes on: to stop it, use kill. The exit code is 1 when something stays
open.`,
    options: [
      { name: 'symbol', value: 'NAME', about: 'only of this symbol' },
      { name: 'magic', value: 'N', about: 'only with this magic number' },
      { name: 'deviation', value: 'POINTS', about: 'largest slip from the price asked for' },
      REQ_ID,
    ],
    prepare: (operands) => {
      const payload = {
        symbol: operands.text('symbol'),
        magic: operands.optionalWhole('magic'),
        deviation: operands.optionalCount('deviation'),
      };
      const reqId = operands.text('req-id');
      return (session) => askOnce(session, 'CLOSE_ALL', payload, closeAllView, { reqId, exitOf });
    },
  },
];

function modifyPosition(operands: Operands): Job {
  const payload = { ticket: operands.ticket(), ...stopsOf(operands) };
  for (const option of ['price', 'expiration'])
    operands.bar(option, `--${option} is for a pending order: give --order too`);
  operands.requireAny(['sl', 'tp'], 'nothing to change: give --sl or --tp');
  const reqId = operands.text('req-id');
  return (session) => askOnce(session, 'MODIFY_POSITION', payload, (data) => tradeView('Modified', data), { reqId });
}

function modifyOrder(operands: Operands): Job {
  const payload = {
    ticket: operands.ticket(),
    price: operands.optionalPrice('price', 'above zero'),
    ...stopsOf(operands),
    expiration: operands.optionalExpiration('expiration'),
  };
  const changes = ['price', 'sl', 'tp', 'expiration'];
  operands.requireAny(changes, 'nothing to change: give --price, --sl, --tp or --expiration');
  const reqId = operands.text('req-id');
  return (session) => askOnce(session, 'MODIFY_ORDER', payload, (data) => tradeView('Modified', data), { reqId });
}

function stopsOf(operands: Operands) {
  return { sl: operands.optionalPrice('sl', 'zero'), tp: operands.optionalPrice('tp', 'zero') };
}

function exitOf({ positions_closed: closed, total_positions: total }: CloseAllData): ExitCode {
  return closed < total ? EXIT.refused : EXIT.ok;
}
