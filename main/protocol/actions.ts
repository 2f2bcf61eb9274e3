/** Every action of the command channel, by its name on the wire. The first six are those of protocol 1.0. */
export const Action = {
  HEARTBEAT: 'HEARTBEAT',
  OPEN_ORDER: 'OPEN_ORDER',
  CLOSE_POSITION: 'CLOSE_POSITION',
  GET_ACCOUNT_INFO: 'GET_ACCOUNT_INFO',
  GET_POSITIONS: 'GET_POSITIONS',
  KILL_SWITCH: 'KILL_SWITCH',
  GET_COMMAND: 'GET_COMMAND',
  GET_ORDERS: 'GET_ORDERS',
  CANCEL_ORDER: 'CANCEL_ORDER',
  MODIFY_POSITION: 'MODIFY_POSITION',
  MODIFY_ORDER: 'MODIFY_ORDER',
  CLOSE_ALL: 'CLOSE_ALL',
  GET_SYMBOLS: 'GET_SYMBOLS',
  GET_SYMBOL: 'GET_SYMBOL',
  GET_TICK: 'GET_TICK',
  GET_CANDLES: 'GET_CANDLES',
  GET_HISTORY: 'GET_HISTORY',
  BYE: 'BYE',
} as const;
export type Action = (typeof Action)[keyof typeof Action];

/** What an action does to the account, which decides in which trading mode it may run. */
export type ActionClass = 'entry' | 'reduce' | 'protect' | 'ask' | 'stop';

/** The class of each action. */
export const ACTION_CLASS = {
  HEARTBEAT: 'ask',
  OPEN_ORDER: 'entry',
  CLOSE_POSITION: 'reduce',
  GET_ACCOUNT_INFO: 'ask',
  GET_POSITIONS: 'ask',
  KILL_SWITCH: 'stop',
  GET_COMMAND: 'ask',
  GET_ORDERS: 'ask',
  CANCEL_ORDER: 'reduce',
  MODIFY_POSITION: 'protect',
  MODIFY_ORDER: 'entry',
  CLOSE_ALL: 'reduce',
  GET_SYMBOLS: 'ask',
  GET_SYMBOL: 'ask',
  GET_TICK: 'ask',
  GET_CANDLES: 'ask',
  GET_HISTORY: 'ask',
  BYE: 'ask',
} as const satisfies Record<Action, ActionClass>;

/** An action that changes the account: deduplicated by `req_id`, aged, and recorded before it runs. */
export type TradingAction = {
  [A in Action]: (typeof ACTION_CLASS)[A] extends 'entry' | 'reduce' | 'protect' ? A : never;
}[Action];

/** Whether `name` is an action of this protocol, in exactly this spelling. */
export function isAction(name: string): name is Action {
  return Object.hasOwn(ACTION_CLASS, name);
}

/** Whether `action` changes the account. KILL_SWITCH does not count: it is never deduplicated and never ages. */
export function isTradingAction(action: Action): action is TradingAction {
  const kind = ACTION_CLASS[action];
  return kind === 'entry' || kind === 'reduce' || kind === 'protect';
}
