import type { Account, Order, Position } from '../market.ts';
import type { BookPosition } from './book.ts';
import { symbolOf, type Desk } from './desk.ts';
import { sideOf } from './execution.ts';
import { marginOfLegs, type Leg } from './margin.ts';
import { dealPrice, profitOf, toCents } from './money.ts';
import { closingPrice } from './price-rules.ts';
import type { TradingSwitch } from './trading-switches.ts';

/** Number of the paper account. */
export const PAPER_LOGIN = 5_000_001n;
/** Name of the paper broker's server. */
export const PAPER_SERVER = 'MT5Fabric-Paper';
/** Pending orders that an account may have. */
export const LIMIT_ORDERS = 200;
/** Equity as a percentage of margin at which the broker warns. */
export const MARGIN_CALL_LEVEL = 100;
/** Equity as a percentage of margin at which the broker closes positions. */
export const STOP_OUT_LEVEL = 50;

/** What the account is worth at the prices of the moment, in US dollars. */
export interface Worth {
  readonly profit: number;
  readonly equity: number;
  readonly margin: number;
}

/** A position with the price at which it would be closed now, and its profit there. */
export function positionNow(desk: Desk, position: BookPosition): Position {
  const currentPrice = closingPrice(position.side, desk.tick(position.symbol));
  return { ...position, currentPrice, profit: profitNow(desk, position) };
}

/** A pending order with the price that it waits on. */
export function orderNow(desk: Desk, order: Order): Order {
  return { ...order, currentPrice: dealPrice(sideOf(order), desk.tick(order.symbol)) };
}

/** Profit of a position if it were closed now. */
export function profitNow(desk: Desk, { symbol, side, volumeLots, openPrice }: BookPosition): number {
  return profitOf(symbolOf(desk, symbol).spec, side, volumeLots, openPrice, closingPrice(side, desk.tick(symbol)));
}

/** Profit, equity and margin at the prices of the moment. */
export function worthNow(desk: Desk): Worth {
  let profit = 0;
  for (const position of desk.book.positions.values()) profit += profitNow(desk, position);
  const equity = toCents(desk.book.balance + profit);
  return { profit: toCents(profit), equity, margin: marginOf(desk, desk.book.positions.values()) };
}

/** Margin that the account would have in use with one more leg. */
export function marginWith(desk: Desk, leg: Leg): number {
  return marginOf(desk, [...desk.book.positions.values(), leg]);
}

/** Equity as a percentage of margin; 0 without margin in use. */
export function marginLevel({ equity, margin }: Worth): number {
  return margin === 0 ? 0 : toCents((equity / margin) * 100);
}

/** The account as the terminal shows it, with these switches off. */
export function accountNow(desk: Desk, switchesOff: readonly TradingSwitch[]): Account {
  const worth = worthNow(desk);
  return {
    login: PAPER_LOGIN,
    server: PAPER_SERVER,
    name: 'Paper account',
    company: 'MT5 Fabric paper broker',
    currency: 'USD',
    leverage: desk.leverage,
    mode: 'PAPER',
    marginMode: desk.marginMode,
    balance: desk.book.balance,
    credit: 0,
    ...worth,
    marginFree: toCents(worth.equity - worth.margin),
    marginLevel: marginLevel(worth),
    marginCallLevel: MARGIN_CALL_LEVEL,
    marginStopOutLevel: STOP_OUT_LEVEL,
    tradeAllowed: !switchesOff.includes('ACCOUNT_TRADE_ALLOWED'),
    tradeExpert: !switchesOff.includes('ACCOUNT_TRADE_EXPERT'),
    limitOrders: LIMIT_ORDERS,
  };
}

function marginOf({ symbols, leverage, marginMode }: Desk, legs: Iterable<Leg>): number {
  return marginOfLegs(legs, symbols, leverage, marginMode);
}
