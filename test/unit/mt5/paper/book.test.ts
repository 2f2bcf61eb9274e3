import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deal, MarginMode, NewOrder } from '../../../../main/mt5/market.ts';
import type { Fault } from '../../../../main/mt5/paper/paper-options.ts';
import { addLots } from '../../../../main/mt5/volume.ts';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import { anOrder, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

/** One thing that a trader or the market does. */
type Step =
  | { readonly kind: 'send'; readonly order: Partial<NewOrder>; readonly fault: Fault }
  | { readonly kind: 'close'; readonly pick: number; readonly volumeLots: number | null; readonly fault: Fault }
  | { readonly kind: 'modify' | 'move' | 'cancel'; readonly pick: number; readonly points: number }
  | { readonly kind: 'quote'; readonly symbol: string; readonly share: number };

const symbol = fc.constantFrom('EURUSD', 'GBPUSD', 'USDJPY', 'XAUUSD', 'BTCUSD');
const lots = fc.integer({ min: 1, max: 300 }).map((hundredths) => hundredths / 100);
const share = fc.integer({ min: -30, max: 30 }).map((permille) => 1 + permille / 1_000);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>({ kind: 'none' }) },
  { weight: 1, arbitrary: fc.constantFrom<Fault>({ kind: 'lose', executed: true }, { kind: 'lose', executed: false }) },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 1, max: 9 }).map((tenths): Fault => ({ kind: 'fill-part', share: tenths / 10 })),
  },
);
const basePrice: Record<string, number> = { EURUSD: 1.1, GBPUSD: 1.3, USDJPY: 150, XAUUSD: 4_000, BTCUSD: 90_000 };

const order = fc
  .record({
    symbol,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    type: fc.constantFrom('MARKET' as const, 'MARKET' as const, 'LIMIT' as const, 'STOP' as const),
    volumeLots: lots,
    at: share,
    sl: fc.option(share),
    tp: fc.option(share),
  })
  .map(({ at, sl, tp, ...rest }): Partial<NewOrder> => {
    const price = basePrice[rest.symbol] ?? 1;
    return { ...rest, price: price * at, sl: sl === null ? 0 : price * sl, tp: tp === null ? 0 : price * tp };
  });
const pick = fc.nat({ max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('send' as const), order, fault }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('close' as const), pick, volumeLots: fc.option(lots), fault }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('modify' as const, 'move' as const, 'cancel' as const),
      pick,
      points: fc.integer({ min: -500, max: 500 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('quote' as const), symbol, share }) },
);

async function take(rig: PaperRig, step: Step): Promise<void> {
  if (step.kind === 'quote') {
    const bid = (basePrice[step.symbol] ?? 1) * step.share;
    rig.quote(step.symbol, Number(bid.toFixed(2)), Number((bid * 1.0001).toFixed(2)));
    return;
  }
  if (step.kind === 'send' || step.kind === 'close') rig.terminal.inject({ next: [step.fault] });
  if (step.kind === 'send') {
    await rig.terminal.send(anOrder(step.order), OPEN_FENCE);
    return;
  }
  const items = step.kind === 'move' || step.kind === 'cancel' ? await rig.orders() : await rig.positions();
  const item = items[step.pick % Math.max(1, items.length)];
  const ticket = item?.ticket ?? toTicket(999_999_999n);
  if (step.kind === 'close') {
    const volume = step.volumeLots === null ? {} : { volumeLots: step.volumeLots };
    const close = { ticket, symbol: item?.symbol ?? 'EURUSD', deviationPoints: 20, magic: 0n, comment: '', ...volume };
    await rig.terminal.close(close, OPEN_FENCE);
    return;
  }
  const price = (item?.openPrice ?? 1) * (1 + step.points / 10_000);
  if (step.kind === 'modify') await rig.terminal.modifyPosition({ ticket, sl: price, tp: 0 }, OPEN_FENCE);
  else if (step.kind === 'move') await rig.terminal.modifyOrder({ ticket, price, sl: 0, tp: 0 }, OPEN_FENCE);
  else await rig.terminal.cancel(ticket, OPEN_FENCE);
}

/** Lots that the deals of each position add up to, a sell below zero. */
function sumsOf(deals: readonly Deal[]): Map<bigint, number> {
  const sums = new Map<bigint, number>();
  for (const { position, side, volumeLots } of deals) {
    const sum = addLots(sums.get(position) ?? 0, side === 'BUY' ? volumeLots : -volumeLots);
    if (sum === 0) sums.delete(position);
    else sums.set(position, sum);
  }
  return sums;
}

async function expectConsistent(rig: PaperRig): Promise<void> {
  const { account, positions, orders, history } = await rig.everything();
  const signed = positions.map(
    ({ identifier, side, volumeLots }) => [identifier, side === 'BUY' ? volumeLots : -volumeLots] as const,
  );
  expect(sumsOf(history.deals)).toEqual(new Map(signed));
  for (const { volumeLots } of positions) expect(volumeLots).toBeGreaterThan(0);
  for (const { volumeCurrentLots, volumeInitialLots } of orders) {
    expect(volumeCurrentLots).toBeGreaterThan(0);
    expect(volumeCurrentLots).toBeLessThanOrEqual(volumeInitialLots);
  }
  const earned = history.deals.reduce((sum, { profit }) => sum + profit, 0);
  expect(account.balance).toBeCloseTo(10_000 + earned, 2);
  expect(account.equity).toBeCloseTo(account.balance + account.profit, 2);
  expect(account.margin).toBeGreaterThanOrEqual(0);
  if (positions.length === 0) expect(account.margin).toBe(0);
  const numbers = [...history.orders, ...orders, ...history.deals].map(({ ticket }) => ticket);
  expect(new Set(numbers).size).toBe(numbers.length);
}

/** The open positions as one who only listens to transactions knows them. */
function heardPositions(rig: PaperRig): Map<bigint, number> {
  const heard = new Map<bigint, number>();
  for (const transaction of rig.transactions) {
    if (transaction.kind === 'POSITION_CLOSED') heard.delete(transaction.position.ticket);
    else if (transaction.kind.startsWith('POSITION') && 'position' in transaction) {
      heard.set(transaction.position.ticket, transaction.position.volumeLots);
    }
  }
  return heard;
}

/** What the journal is to keep; prices of the moment are none of it. */
async function bookOf(rig: PaperRig): Promise<unknown> {
  const { account, positions, orders, history } = await rig.everything();
  const withoutPrices = [...positions, ...orders].map((item) => ({ ...item, currentPrice: 0, profit: 0 }));
  return { balance: account.balance, items: withoutPrices, history };
}

describe.each<MarginMode>(['HEDGING', 'NETTING'])('a %s book, after whatever trader and market do', (marginMode) => {
  it('adds up, was told completely, and is read from its journal as it stands in memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const rig = await PaperRig.start({ marginMode });
        for (const each of steps) await take(rig, each);
        await expectConsistent(rig);
        const known = (await rig.positions()).map(({ ticket, volumeLots }) => [ticket, volumeLots] as const);
        expect(heardPositions(rig)).toEqual(new Map(known));
        const revived = await rig.revive({ marginMode, ticksPerSecond: 0 });
        expect(await bookOf(revived)).toEqual(await bookOf(rig));
        await rig.terminal.stop();
        await revived.terminal.stop();
      }),
      { numRuns: 60 },
    );
  });
});
