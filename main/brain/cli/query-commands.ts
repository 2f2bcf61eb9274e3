import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { CommandData } from '../reply-types.ts';
import type { OptionSpec } from './command-line.ts';
import type { CommandSpec } from './command-spec.ts';
import type { Operands } from './operands.ts';
import { askOnce } from './session.ts';
import { accountView, commandView, ordersView, positionsView, symbolsView, tickView } from './views.ts';

const FILTER: readonly OptionSpec[] = [
  { name: 'symbol', value: 'NAME', about: 'only of this symbol' },
  { name: 'ticket', value: 'TICKET', about: 'only this one' },
  { name: 'magic', value: 'N', about: 'only with this magic number' },
];

function filterOf(operands: Operands) {
  return {
    symbol: operands.text('symbol'),
    ticket: operands.optionalTicket('ticket'),
    magic: operands.optionalWhole('magic'),
  };
}

/** Commands that only ask. */
export const QUERY_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'account',
    operands: '',
    summary: 'show balance, equity and margin',
    options: [],
    prepare: () => (session) => askOnce(session, 'GET_ACCOUNT_INFO', {}, accountView),
  },
  {
    name: 'positions',
    operands: '',
    summary: 'list open positions',
    options: FILTER,
    prepare: (operands) => {
      const filter = filterOf(operands);
      return (session) => askOnce(session, 'GET_POSITIONS', filter, positionsView);
    },
  },
  {
    name: 'orders',
    operands: '',
    summary: 'list pending orders',
    options: FILTER,
    prepare: (operands) => {
      const filter = filterOf(operands);
      return (session) => askOnce(session, 'GET_ORDERS', filter, ordersView);
    },
  },
  {
    name: 'symbols',
    operands: '',
    summary: 'list the symbols that can be traded',
    options: [],
    prepare: () => (session) => askOnce(session, 'GET_SYMBOLS', {}, symbolsView),
  },
  {
    name: 'tick',
    operands: 'SYMBOL',
    summary: 'show the last price of a symbol',
    options: [],
    prepare: (operands) => {
      const symbol = operands.word('SYMBOL');
      return (session) => askOnce(session, 'GET_TICK', { symbol }, tickView);
    },
  },
  {
    name: 'command',
    operands: 'REQ_ID',
    summary: 'show what became of a command',
    details: `Asks for the recorded outcome of a command of the same --client-id. While the
outcome is not known the exit code is 75.`,
    options: [],
    prepare: (operands) => {
      const reqId = operands.word('REQ_ID');
      return (session) => askOnce(session, 'GET_COMMAND', { req_id: reqId }, commandView, { exitOf });
    },
  },
];

function exitOf({ status }: CommandData): ExitCode {
  return status === 'PENDING' ? EXIT.unavailable : EXIT.ok;
}
