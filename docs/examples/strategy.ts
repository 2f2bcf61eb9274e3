// A strategy for `mt5-fabric --brain run strategy.ts`: a cross of two moving averages on EURUSD, 0.01 lots, one position
// at a time, with a stop and a target. It shows how to deal with a gateway, not how to earn money.
//
//   mt5-fabric --brain run strategy.ts --host 127.0.0.1
//   mt5-fabric --brain run strategy.ts --host 127.0.0.1 --lease 30 -- 20 60      averages over 20 and 60 ticks
import type {
  ReplyTo,
  StopReason,
  StrategyContext,
  StrategyEvent,
  StrategySettings,
  StrategyTick,
} from 'mt5-fabric/brain';

const SYMBOL = 'EURUSD';
const LOTS = 0.01;
// Distances from the price, in quote currency: 20 and 30 pips.
const STOP = 0.002;
const TARGET = 0.003;
// Marks this strategy's own positions among others on the account.
const MAGIC = 4711;
// An order may start so long after it was sent; the gateway refuses it later.
const ORDER_LIFE_MS = 5_000;

/** Read by the runner; options of the command line win. */
export const settings: StrategySettings = {
  symbols: [SYMBOL],
  // When nothing is heard of this strategy for 10 seconds, the gateway halts trading.
  leaseS: 10,
  onExpiry: 'halt',
  clientId: 'ma-cross',
};

let lengths: readonly [fast: number, slow: number] = [20, 60];
/** The last prices, the newest last. */
let prices: number[] = [];
/** Which average was above the other at the last tick. */
let above: 'fast' | 'slow' | null = null;
/** An order that nobody knows the outcome of yet: until it is known, nothing is traded. */
let openQuestion: { readonly reqId: string; readonly askedMs: number } | null = null;

export async function onStart(context: StrategyContext): Promise<void> {
  const [fast = 20, slow = 60] = context.args.map(Number);
  if (!(fast >= 1 && slow > fast)) throw new Error('give two whole numbers of ticks, the smaller first: 20 60');
  lengths = [fast, slow];
  const { balance, currency } = await context.account();
  context.log.info('ready', { balance, currency, mode: context.mode, averages: lengths });
}

/** Called for one tick at a time; while it waits for an order, only the newest tick is kept for it. */
export async function onTick(tick: StrategyTick, context: StrategyContext): Promise<void> {
  const [fast, slow] = lengths;
  prices = [...prices, (tick.bid + tick.ask) / 2].slice(-slow);
  if (prices.length < slow) return;
  const before = above;
  above = average(prices.slice(-fast)) > average(prices) ? 'fast' : 'slow';
  if (before === null || before === above) return;
  try {
    await turn(above === 'fast' ? 'BUY' : 'SELL', context);
  } catch (error) {
    // A question that found no answer, or a no: this cross is left out. Anything else is a bug, and ends the run.
    if (!isNoAnswer(error)) throw error;
    context.log.warn('a cross was not traded', { error });
  }
}

/** What happens at the gateway, and what becomes of the connection and the quotes. */
export function onEvent(event: StrategyEvent, context: StrategyContext): void {
  switch (event.event) {
    case 'TRADING_STATE':
      context.log.warn(`the gateway is ${String(event.data['mode'])}`);
      break;
    // Ticks are missing, or the market stood still: the averages begin anew.
    case 'GAP':
    case 'STALE':
    case 'SESSION':
      context.log.warn('the averages begin anew', { because: event.event, ...event.data });
      prices = [];
      above = null;
      break;
    default:
  }
}

/** Commands can still be sent here. A position stays open, guarded by its stop and target at the broker. */
export function onStop(reason: StopReason, context: StrategyContext): void {
  context.log.info('good-bye', { why: reason.message });
}

/** Closes what this strategy holds and opens the other side. */
async function turn(side: 'BUY' | 'SELL', context: StrategyContext): Promise<void> {
  if (!(await isQuestionAnswered(context))) return context.log.warn('an order is still open: no other is sent');
  for (const { ticket } of await context.positions({ symbol: SYMBOL, magic: MAGIC })) {
    const closed = await order(`close ${ticket}`, context, () => context.send('CLOSE_POSITION', { ticket }));
    if (!closed) return;
  }
  // Asked last, since closing takes its time: the price that counts is the one of now.
  const quote = context.quotes.get(SYMBOL);
  if (quote === undefined || quote.stale) return context.log.warn('no order on an old quote');
  const price = side === 'BUY' ? quote.ask : quote.bid;
  const up = side === 'BUY' ? 1 : -1;
  const guards = { sl: rounded(price - up * STOP), tp: rounded(price + up * TARGET) };
  await order(`open ${side}`, context, () =>
    context.send('OPEN_ORDER', { symbol: SYMBOL, volume: LOTS, side, ...guards, magic: MAGIC }),
  );
}

/** Sends one order, once, and says what became of it; true when it was executed. */
async function order(
  what: string,
  context: StrategyContext,
  send: () => Promise<ReplyTo<'OPEN_ORDER' | 'CLOSE_POSITION'>>,
): Promise<boolean> {
  try {
    const reply = await send();
    if (reply.status === 'SUCCESS') {
      context.log.info(what, { ticket: reply.data.ticket, price: reply.data.price });
      return true;
    }
    // ERROR: it did not happen; the gateway says why. PENDING: nobody knows yet.
    context.log.warn(`${what}: ${reply.status}`, { code: reply.code, error: reply.error });
    if (reply.status === 'PENDING') openQuestion = { reqId: reply.req_id, askedMs: context.now() };
  } catch (error) {
    // No answer in time. Where it was sent it may have been executed: it is not sent again, but asked after.
    if (!isTimeout(error)) throw error;
    context.log.warn(`${what}: no answer`, { sent: error.sent });
    if (error.sent) openQuestion = { reqId: error.reqId, askedMs: context.now() };
  }
  return false;
}

/** Whether the outcome of every order is known. */
async function isQuestionAnswered(context: StrategyContext): Promise<boolean> {
  if (openQuestion === null) return true;
  const { reqId, askedMs } = openQuestion;
  const reply = await context.send('GET_COMMAND', { req_id: reqId });
  const isOver = reply.status === 'SUCCESS' && reply.data.status !== 'PENDING';
  // It never arrived, and is too old to be executed if it still does.
  const isGone = reply.status === 'ERROR' && reply.code === 'NOT_FOUND' && context.now() - askedMs > ORDER_LIFE_MS;
  if (isOver || isGone) openQuestion = null;
  return isOver || isGone;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** EURUSD has five digits. */
function rounded(price: number): number {
  return Number(price.toFixed(5));
}

function isTimeout(error: unknown): error is { readonly sent: boolean; readonly reqId: string } {
  return error instanceof Error && error.name === 'CommandTimeout';
}

function isNoAnswer(error: unknown): boolean {
  return isTimeout(error) || (error instanceof Error && error.name === 'CommandRefused');
}
