import type { Ticket } from '../../protocol/ticket.ts';
import { toTicket } from '../../protocol/ticket.ts';
import type { TradeOutcome, TradeResult } from '../handler.ts';
import type { Tick } from '../market.ts';
import { retcodeText } from '../retcodes.ts';

/** Why the broker does not do something: MT5's retcode, and what exactly is wrong. */
export interface Refused {
  readonly retcode: number;
  readonly detail: string;
}

/** No ticket. */
export const NO_TICKET: Ticket = toTicket(0n);

/** Makes a Refused; `detail` is half a sentence behind MT5's own text, empty for none. */
export function refuse(retcode: number, detail = ''): Refused {
  return { retcode, detail };
}

/** MT5's trade result, with the prices of the moment where they are known. */
export function tradeResult(
  retcode: number,
  tick: Tick | null,
  done: Partial<Omit<TradeResult, 'retcode' | 'bid' | 'ask'>> = {},
): TradeResult {
  const nothing = { order: NO_TICKET, deal: NO_TICKET, position: NO_TICKET, volumeLots: 0, price: 0 };
  const prices = { bid: tick?.bid ?? 0, ask: tick?.ask ?? 0 };
  return { retcode, message: retcodeText(retcode), ...nothing, ...done, ...prices };
}

/** The result of a refusal. */
export function refusedResult({ retcode, detail }: Refused, tick: Tick | null): TradeResult {
  const text = retcodeText(retcode);
  return tradeResult(retcode, tick, { message: detail === '' ? text : `${text}: ${detail}` });
}

/** The outcome in which the terminal answered. */
export function answered(result: TradeResult): TradeOutcome {
  return { kind: 'answered', result };
}
