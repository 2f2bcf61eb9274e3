import type { AccountPin, LatchState } from '../handler.ts';
import type { MarginMode } from '../market.ts';
import type { Fields } from './fields.ts';
import { ACCOUNT_MODES, MARGIN_MODES } from './rows.ts';

/** What a `state` line says. */
export interface StateLine {
  /** The terminal's GetTickCount64, in milliseconds. */
  readonly counter: number;
  readonly connected: boolean;
  /** Switches that are off, by MT5's name. */
  readonly switchedOff: readonly string[];
  readonly account: AccountPin;
  readonly marginMode: MarginMode;
  readonly utcOffsetS: number;
  readonly latch: LatchState;
}

const SWITCHES = [
  'TERMINAL_TRADE_ALLOWED',
  'MQL_TRADE_ALLOWED',
  'ACCOUNT_TRADE_ALLOWED',
  'ACCOUNT_TRADE_EXPERT',
] as const;

export function readState(line: Fields): StateLine {
  return {
    counter: line.count('counter'),
    connected: line.flag('connected'),
    switchedOff: SWITCHES.filter((name) => !line.flag(name)),
    account: {
      login: String(line.ticket('login')),
      server: line.text('server'),
      mode: line.oneOf('trade mode', ACCOUNT_MODES),
    },
    marginMode: line.oneOf('margin mode', MARGIN_MODES),
    utcOffsetS: line.whole('utc offset'),
    latch: { epoch: line.count('epoch'), isOn: line.flag('latched') },
  };
}
