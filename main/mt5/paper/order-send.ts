import { assertNever } from '../../assert-never.ts';
import type { Side } from '../../protocol/payloads.ts';
import type { CloseOrder, TradeOutcome, TradeResult } from '../handler.ts';
import type { FillingMode, NewOrder, Tick } from '../market.ts';
import { RETCODE } from '../retcodes.ts';
import type { Desk } from './desk.ts';
import type { FaultScript } from './fault-script.ts';
import { fillingModes } from './filling.ts';
import type { Ledger } from './ledger.ts';
import { dealPrice } from './money.ts';
import { checkOrder, sendOrder } from './order-entry.ts';
import type { PaperServer } from './paper-server.ts';
import { closePosition } from './position-exit.ts';
import { closingPrice } from './price-rules.ts';
import { answered, tradeResult } from './verdict.ts';

/** A comment as a broker leaves it that writes its own. */
const REWRITTEN_COMMENT = 'paper broker';

/** What the broker answers when the time of the call has passed. */
export type Answer = () => TradeOutcome;

/** What OrderCheck says, with the filling mode that would be tried first. */
export function check({ desk, ledger }: PaperServer, order: NewOrder): TradeOutcome {
  const [filling] = modesFor(desk, order);
  return answered(checkOrder(ledger, order, filling));
}

/** Begins to send an order: its price is that of now. A filling mode that the broker does not take is followed by the next, once. */
export function beginSend(server: PaperServer, faults: FaultScript, asked: NewOrder): Answer {
  const { desk, ledger, watch } = server;
  const order = faults.now.commentsRewritten ? { ...asked, comment: REWRITTEN_COMMENT } : asked;
  const askedPrice = priceOf(desk, order.symbol, order.side);
  const tryWith = (filling: FillingMode) =>
    attempt(faults, desk, order.symbol, (share) => {
      const result = sendOrder(ledger, order, filling, { askedPrice, share });
      if (result.retcode === RETCODE.PLACED && share < 1) watch.fillPartFirst(result.order, share);
      return result;
    });
  return () => {
    const [first, second] = modesFor(desk, order);
    const outcome = tryWith(first);
    return isRefusedFilling(outcome) && second !== undefined ? tryWith(second) : outcome;
  };
}

/** Begins to close a position: its price is that of now. */
export function beginClose({ desk, ledger }: PaperServer, faults: FaultScript, close: CloseOrder): Answer {
  const position = desk.book.positions.get(close.ticket);
  const askedPrice = position === undefined ? 0 : closingPrice(position.side, desk.tick(position.symbol));
  return () => attempt(faults, desk, close.symbol, (share) => closePosition(ledger, close, { askedPrice, share }));
}

/** Begins a call in which neither price nor volume of the market plays a part. */
export function beginChange(
  { desk, ledger }: PaperServer,
  faults: FaultScript,
  change: (ledger: Ledger) => TradeResult,
): Answer {
  return () => attempt(faults, desk, '', () => change(ledger));
}

/** Sent, and no answer came. */
export function lost(): TradeOutcome {
  return { kind: 'lost', message: 'the terminal gave no answer' };
}

/** One attempt at the broker, with what befalls it. `run` executes with the share of the volume that can be filled. */
function attempt(faults: FaultScript, desk: Desk, symbol: string, run: (share: number) => TradeResult): TradeOutcome {
  const fault = faults.take();
  switch (fault.kind) {
    case 'none':
      return answered(run(1));
    case 'fill-part':
      return answered(run(fault.share));
    case 'refuse':
      return answered(tradeResult(fault.retcode, tickOf(desk, symbol)));
    case 'misreport':
      run(1);
      return answered(tradeResult(fault.retcode, tickOf(desk, symbol)));
    case 'lose':
      if (fault.executed) run(1);
      return lost();
    default:
      return assertNever(fault, 'fault');
  }
}

function modesFor(desk: Desk, { symbol, type }: NewOrder): readonly [FillingMode, FillingMode | undefined] {
  const spec = desk.symbols.get(symbol)?.spec;
  const [first = 'RETURN', second] = spec === undefined ? [] : fillingModes(spec, type);
  return [first, second];
}

function isRefusedFilling(outcome: TradeOutcome): boolean {
  return outcome.kind === 'answered' && outcome.result.retcode === RETCODE.INVALID_FILL;
}

function priceOf(desk: Desk, symbol: string, side: Side): number {
  const tick = tickOf(desk, symbol);
  return tick === null ? 0 : dealPrice(side, tick);
}

function tickOf(desk: Desk, symbol: string): Tick | null {
  return desk.symbols.has(symbol) ? desk.tick(symbol) : null;
}
