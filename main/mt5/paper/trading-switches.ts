import type { TradeOutcome } from '../handler.ts';
import { RETCODE } from '../retcodes.ts';
import { answered, refuse, refusedResult } from './verdict.ts';

/** Switches that stand against trading, by MT5's name: what is answered while one is off, and where it is. */
const SWITCHES = {
  TERMINAL_TRADE_ALLOWED: [RETCODE.CLIENT_DISABLES_AT, 'switch AutoTrading on in the terminal'],
  MQL_TRADE_ALLOWED: [RETCODE.CLIENT_DISABLES_AT, 'allow algo trading in the properties of the program'],
  ACCOUNT_TRADE_ALLOWED: [RETCODE.TRADE_DISABLED, 'the account may not trade'],
  ACCOUNT_TRADE_EXPERT: [RETCODE.SERVER_DISABLES_AT, 'the broker does not let programs trade'],
} as const satisfies Record<string, readonly [retcode: number, words: string]>;
export type TradingSwitch = keyof typeof SWITCHES;

/** What every trading call is answered while the first of these switches is off; null while none is. */
export function switchedOff([first]: readonly TradingSwitch[]): TradeOutcome | null {
  if (first === undefined) return null;
  const [retcode, words] = SWITCHES[first];
  return answered(refusedResult(refuse(retcode, `${words} (${first})`), null));
}
