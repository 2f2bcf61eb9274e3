import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawTradeRequest } from '../../../mql5/broker/broker-types.ts';
import type { BrokerFault } from '../../../mql5/broker/faults.ts';
import { ORDER_FILLING, ORDER_TYPE } from '../../../mql5/broker/mql5-enums.ts';
import { SimBroker } from '../../../mql5/broker/sim-broker.ts';
import { addLots, subtractLots } from '../../../mql5/broker/volume.ts';
import { aClose, aDeal, anOrderChange, aPending, aRemoval, aStopChange } from './requests.ts';
import { ScriptedTerminal } from './scripted-terminal.ts';

/** One thing that a program, a person or the market does; `pick` chooses among the positions or orders that are there. */
type Step =
  | { readonly kind: 'send'; readonly request: RawTradeRequest; readonly fault: BrokerFault }
  | { readonly kind: 'close' | 'stops' | 'change' | 'remove' | 'by-hand'; readonly pick: number; readonly lots: number }
  | { readonly kind: 'quote'; readonly points: number };

const { BUY, SELL, BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP } = ORDER_TYPE;
const lots = fc.integer({ min: 1, max: 200 }).map((hundredths) => hundredths / 100);
const points = fc.integer({ min: -2_000, max: 2_000 });
const priceAt = (distance: number): number => Number((1.1 + distance / 100_000).toFixed(5));

const market = fc
  .record({ type: fc.constantFrom(BUY, SELL), volumeLots: lots, symbol: fc.constantFrom('EURUSD', 'BTCUSD') })
  .map((change) => aDeal({ ...change, filling: ORDER_FILLING.IOC }));
const rest = lots.map((volumeLots) => aDeal({ symbol: 'BTCUSD', volumeLots, filling: ORDER_FILLING.RETURN }));
const pending = fc
  .record({
    type: fc.constantFrom(BUY_LIMIT, SELL_LIMIT, BUY_STOP, SELL_STOP),
    volumeLots: lots,
    price: points.map(priceAt),
    sl: fc.oneof(fc.constant(0), points.map(priceAt)),
  })
  .map(aPending);
const fault: fc.Arbitrary<BrokerFault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<BrokerFault>({ kind: 'none' }) },
  {
    weight: 2,
    arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((share): BrokerFault => ({ kind: 'fill-part', share })),
  },
  { weight: 1, arbitrary: fc.constant<BrokerFault>({ kind: 'misreport', retcode: 10012 }) },
  { weight: 1, arbitrary: fc.constant<BrokerFault>({ kind: 'silent', executed: true }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), request: fc.oneof(market, rest, pending), fault }),
  fc.record({
    kind: fc.constantFrom('close' as const, 'stops' as const, 'change' as const, 'remove' as const, 'by-hand' as const),
    pick: fc.nat({ max: 20 }),
    lots,
  }),
  fc.record({ kind: fc.constant('quote' as const), points }),
);

describe.each(['HEDGING', 'NETTING'] as const)('a %s account, whatever befalls it,', (marginMode) => {
  it('has the volumes and the balance of its deals, and tells a terminal all that a new one would see', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const broker = await SimBroker.start({ marginMode, nowMs: () => 1_700_000_000_000 });
        broker.setSymbol('BTCUSD', { selected: true });
        const terminal = await ScriptedTerminal.connect(broker.address);
        for (const each of steps) await take(broker, each);
        expectSound(broker);
        await expectTold(broker, terminal);
        await broker.stop();
      }),
      { numRuns: 40 },
    );
  });
});

async function take(broker: SimBroker, step: Step): Promise<void> {
  if (step.kind === 'quote') {
    broker.quote('EURUSD', priceAt(step.points), priceAt(step.points + 10));
    broker.quote('BTCUSD', 90_000 + step.points, 90_010 + step.points);
  } else if (step.kind === 'send') {
    broker.next(step.fault);
    await broker.send(step.request);
  } else await change(broker, step.kind, step.pick, step.lots);
}

async function change(
  broker: SimBroker,
  kind: Exclude<Step['kind'], 'send' | 'quote'>,
  pick: number,
  volumeLots: number,
): Promise<void> {
  const position = broker.positions[pick % Math.max(1, broker.positions.length)];
  const order = broker.orders[pick % Math.max(1, broker.orders.length)];
  if (order !== undefined && kind === 'remove') await broker.send(aRemoval(order.ticket));
  if (order !== undefined && kind === 'change')
    await broker.send(anOrderChange(order.ticket, priceAt(pick * 100 - 1_000)));
  if (position === undefined) return;
  const { ticket, symbol, side } = position;
  const type = side === 'BUY' ? SELL : BUY;
  if (kind === 'close') await broker.send(aClose(ticket, { symbol, type, volumeLots }));
  if (kind === 'stops') await broker.send(aStopChange(ticket, priceAt(pick * 100 - 1_000), 0, { symbol }));
  if (kind === 'by-hand') broker.openByHand({ symbol, type: side, volumeLots: 0.01 });
}

function expectSound(broker: SimBroker): void {
  const volumes = new Map<bigint, number>();
  let balance = 100_000;
  for (const { positionId, side, volumeLots, profit } of broker.deals) {
    const before = volumes.get(positionId) ?? 0;
    volumes.set(positionId, side === 'BUY' ? addLots(before, volumeLots) : subtractLots(before, volumeLots));
    balance = Number((balance + profit).toFixed(2));
  }
  const held = new Map(
    broker.positions.map(({ identifier, side, volumeLots }) => [identifier, side === 'BUY' ? volumeLots : -volumeLots]),
  );
  expect(new Map([...volumes].filter(([, volume]) => volume !== 0))).toEqual(held);
  expect(broker.account.balance).toBe(balance);
  const tickets = [...broker.orders, ...broker.historyOrders, ...broker.deals].map(({ ticket }) => ticket);
  expect(new Set(tickets).size).toBe(tickets.length);
}

async function expectTold(broker: SimBroker, terminal: ScriptedTerminal): Promise<void> {
  const fresh = await ScriptedTerminal.connect(broker.address);
  // All that was told before has come once the last word has.
  terminal.say('1', 'rates', 'EURUSD', '1', '0');
  await terminal.line('1\tend');
  expect(bookOf(terminal)).toEqual(bookOf(fresh));
}

/** What a terminal that keeps to the rows knows of the book. Prices of now, which come later, are left out. */
function bookOf(terminal: ScriptedTerminal): ReadonlyMap<string, string> {
  const book = new Map<string, string>();
  for (const line of terminal.lines) {
    const [kind = '', ticket = ''] = line.split('\t');
    if (kind.endsWith('-gone')) book.delete(`${kind.slice(0, -5)} ${ticket}`);
    else if (/^(position|order|history-order|history-deal)$/.test(kind))
      book.set(`${kind} ${ticket}`, lasting(kind, line));
  }
  return new Map([...book].sort());
}

function lasting(kind: string, line: string): string {
  const withoutPrices = (_: string, index: number): boolean => kind !== 'position' || (index !== 7 && index !== 10);
  return line.split('\t').filter(withoutPrices).join(' ');
}
