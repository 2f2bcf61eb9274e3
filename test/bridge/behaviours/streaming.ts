import { expect } from 'vitest';
import type { Transaction } from '../../../main/mt5/handler.ts';
import type { Tick } from '../../../main/mt5/market.ts';
import { behaviour } from '../behaviour.ts';
import { type BehaviourRig, ticketOf } from '../behaviour-rig.ts';

/** Ticks that come to a subscriber of these symbols from now on. */
async function subscribed(rig: BehaviourRig, ...symbols: string[]): Promise<Tick[]> {
  const ticks: Tick[] = [];
  rig.terminal.onTicks((batch) => ticks.push(...batch));
  rig.terminal.subscribe(new Set(symbols));
  // It is sent at the end of the turn, and worked off before any question that is asked after it.
  await rig.pause(ROUND_OF_WORK_MS);
  for (let round = 0; round < 2; round += 1) await rig.ask('GET_TICK', { symbol: 'EURUSD' });
  ticks.length = 0;
  return ticks;
}

/** The program's loop works in rounds of so long. */
const ROUND_OF_WORK_MS = 20;

function heard(rig: BehaviourRig): Transaction[] {
  const transactions: Transaction[] = [];
  rig.terminal.onTransaction((transaction) => transactions.push(transaction));
  return transactions;
}

const dealsOf = (transactions: readonly Transaction[]) =>
  transactions.flatMap((transaction) => (transaction.kind === 'DEAL' ? [transaction.deal] : []));
const kinds = (transactions: readonly Transaction[]) => transactions.map(({ kind }) => kind);

/** Ticks and transactions, as they are pushed. */
export const STREAMING = [
  behaviour('a tick of a subscribed symbol comes with its prices and time', async (rig) => {
    const ticks = await subscribed(rig, 'EURUSD');
    await rig.market.quote('EURUSD', 1.10123, 1.10137);
    await rig.until('the tick', () => ticks.length > 0);
    expect(ticks).toMatchObject([{ symbol: 'EURUSD', bid: 1.10123, ask: 1.10137 }]);
    expect(Math.abs((ticks[0]?.timeMsc ?? 0) - Date.now())).toBeLessThan(10_000);
  }),

  behaviour('two hundred ticks come each once, in order', async (rig) => {
    const ticks = await subscribed(rig, 'EURUSD');
    const bids = Array.from({ length: 200 }, (_, at) => Number((1.1 + at / 100_000).toFixed(5)));
    await rig.market.quoteMany(
      'EURUSD',
      bids.map((bid) => [bid, Number((bid + 0.0001).toFixed(5))] as const),
    );
    await rig.until('all ticks', () => ticks.length >= bids.length);
    await rig.pause(50);
    expect(ticks.map(({ bid }) => bid)).toEqual(bids);
  }),

  behaviour('ticks of several symbols come, and of one that is not subscribed to none', async (rig) => {
    const ticks = await subscribed(rig, 'EURUSD', 'USDJPY');
    await rig.market.quote('XAUUSD', 4001, 4001.5);
    await rig.market.quote('USDJPY', 150.5, 150.51);
    await rig.market.quote('EURUSD', 1.102, 1.1021);
    await rig.until('two ticks', () => ticks.length >= 2);
    await rig.pause(50);
    expect(ticks.map(({ symbol }) => symbol).toSorted()).toEqual(['EURUSD', 'USDJPY']);
  }),

  behaviour('a subscription replaces the one before, and an empty one ends the stream', async (rig) => {
    const ticks = await subscribed(rig, 'EURUSD');
    await subscribed(rig, 'USDJPY');
    ticks.length = 0;
    await rig.market.quote('EURUSD', 1.102, 1.1021);
    await rig.market.quote('USDJPY', 150.5, 150.51);
    await rig.until('the tick', () => ticks.length > 0);
    await rig.pause(50);
    expect(ticks.map(({ symbol }) => symbol)).toEqual(['USDJPY']);
    await subscribed(rig);
    ticks.length = 0;
    await rig.market.quote('USDJPY', 150.6, 150.61);
    await rig.pause(100);
    expect(ticks).toEqual([]);
  }),

  behaviour('a name that the terminal does not have does no harm to a subscription', async (rig) => {
    const ticks = await subscribed(rig, 'NOSUCH', 'EURUSD');
    await rig.market.quote('EURUSD', 1.102, 1.1021);
    await rig.until('the tick', () => ticks.length > 0);
  }),

  behaviour('a fill is told as order, deal and position, with the rows that they are about', async (rig) => {
    const transactions = heard(rig);
    const ticket = await rig.opened({ magic: 6 });
    const told = ['POSITION_OPENED', 'ORDER_REMOVED', 'DEAL'] as const;
    await rig.until('all three', () => told.every((kind) => kinds(transactions).includes(kind)));
    const of = (kind: Transaction['kind']) => transactions.find((transaction) => transaction.kind === kind);
    expect(of('DEAL')).toMatchObject({
      deal: { entry: 'IN', volumeLots: 0.1, price: 1.1001, magic: 6n, position: ticket },
    });
    expect(of('POSITION_OPENED')).toMatchObject({ position: { ticket, symbol: 'EURUSD', volumeLots: 0.1, magic: 6n } });
    expect(of('ORDER_REMOVED')).toMatchObject({ order: { state: 'FILLED', symbol: 'EURUSD' } });
  }),

  behaviour('a pending order is told when it is placed, changed and cancelled', async (rig) => {
    const transactions = heard(rig);
    const told = (kind: Transaction['kind']) => rig.until(kind, () => kinds(transactions).includes(kind));
    const ticket = ticketOf(await rig.open({ type: 'LIMIT', price: 1.05 }));
    await told('ORDER_ADDED');
    await rig.ask('MODIFY_ORDER', { ticket, price: 1.06 });
    await told('ORDER_CHANGED');
    await rig.ask('CANCEL_ORDER', { ticket });
    await told('ORDER_REMOVED');
    expect([...new Set(kinds(transactions))]).toEqual(['ORDER_ADDED', 'ORDER_CHANGED', 'ORDER_REMOVED']);
    expect(transactions.at(-1)).toMatchObject({ order: { ticket, state: 'CANCELED' } });
  }),

  behaviour('a stop that is hit is told as a deal and a position that is closed', async (rig) => {
    const transactions = heard(rig);
    const ticket = await rig.opened({ sl: 1.095 });
    await rig.until('the position', () => kinds(transactions).includes('POSITION_OPENED'));
    transactions.length = 0;
    await rig.market.quote('EURUSD', 1.0949, 1.095);
    await rig.until('the close', () => kinds(transactions).includes('POSITION_CLOSED'));
    const deal = await rig.until('the deal', () => dealsOf(transactions).find(({ entry }) => entry === 'OUT'));
    expect(deal).toMatchObject({ reason: 'SL', position: ticket });
    expect(transactions.find(({ kind }) => kind === 'POSITION_CLOSED')).toMatchObject({ position: { ticket } });
  }),

  behaviour('changed stops and a partial close are told as a position that has changed', async (rig) => {
    const ticket = await rig.opened({ volume: 0.2 });
    const transactions = heard(rig);
    await rig.ask('MODIFY_POSITION', { ticket, sl: 1.09 });
    await rig.until('the change', () => kinds(transactions).includes('POSITION_CHANGED'));
    transactions.length = 0;
    await rig.ask('CLOSE_POSITION', { ticket, volume: 0.1 });
    await rig.until('the change', () => kinds(transactions).includes('POSITION_CHANGED'));
    const changed = transactions.findLast(({ kind }) => kind === 'POSITION_CHANGED');
    expect(changed).toMatchObject({ position: { ticket, volumeLots: 0.1, sl: 1.09 } });
  }),

  behaviour("a person's trade is told like any other", async (rig) => {
    const transactions = heard(rig);
    await rig.market.openByHand('XAUUSD', 'SELL', 0.01);
    await rig.until('the position', () => kinds(transactions).includes('POSITION_OPENED'));
    const opened = transactions.find(({ kind }) => kind === 'POSITION_OPENED');
    expect(opened).toMatchObject({ position: { symbol: 'XAUUSD', side: 'SELL', volumeLots: 0.01, magic: 0n } });
  }),
];
