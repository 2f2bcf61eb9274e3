import type { BookEvent, TradeTransaction } from './book-events.ts';
import type {
  BrokerDeal,
  BrokerOrder,
  BrokerPosition,
  BrokerSymbol,
  CheckResult,
  Quote,
  TradeResult,
} from './broker-types.ts';
import { assertNever } from '../../../main/assert-never.ts';
import type { Bar } from './bars.ts';
import { pointOf } from './market.ts';
import { accountFigures, closePrice, floatingProfit, tickValue } from './money.ts';
import {
  ACCOUNT_MODE,
  DEAL_ENTRY,
  DEAL_REASON,
  DEAL_TYPE,
  EXECUTION,
  FILLING_FLAG,
  MARGIN_MODE,
  ORDER_FILLING,
  ORDER_STATE,
  ORDER_TIME,
  ORDER_TYPE,
  SYMBOL_TRADE_MODE,
  TRANSACTION,
} from './mql5-enums.ts';
import type { Venue } from './venue.ts';
import { encodeLine } from './wire-line.ts';

/** The row of a change in the book, as a terminal is told it. */
export function bookRow(venue: Venue, event: BookEvent): string {
  switch (event.kind) {
    case 'position':
      return positionRow(venue, event.position);
    case 'order':
    case 'history-order':
      return orderRow(event.kind, event.order);
    case 'position-gone':
    case 'order-gone':
      return encodeLine([event.kind, event.ticket]);
    case 'history-deal':
      return dealRow(event.deal);
    case 'transaction':
      return transactionRow(event.transaction);
    default:
      return assertNever(event, 'event of the book');
  }
}

export function accountRow(venue: Venue): string {
  const { account } = venue;
  const { profit, equity, margin, marginFree, marginLevel } = accountFigures(venue);
  return encodeLine([
    'account',
    ...[account.login, account.server, account.name, account.company, account.currency, account.leverage],
    ...[ACCOUNT_MODE[account.mode], MARGIN_MODE[account.marginMode]],
    ...[account.balance, account.credit, profit, equity, margin, marginFree, marginLevel],
    ...[account.marginCallLevel, account.stopOutLevel, account.tradeAllowed, account.tradeExpert],
    ...[account.limitOrders, account.currencyDigits],
  ]);
}

export function symbolRow(venue: Venue, symbol: BrokerSymbol): string {
  return encodeLine([
    'symbol',
    ...[symbol.name, symbol.description, symbol.digits, pointOf(symbol), symbol.tickSize, tickValue(venue, symbol)],
    ...[symbol.contractSize, symbol.volumeMin, symbol.volumeMax, symbol.volumeStep],
    ...[symbol.stopsLevelPoints, symbol.freezeLevelPoints],
    ...[symbol.currencyBase, symbol.currencyProfit, symbol.currencyMargin],
    ...[EXECUTION[symbol.execution], fillingFlags(symbol), SYMBOL_TRADE_MODE[symbol.tradeMode]],
    ...[symbol.selected, symbol.expirationFlags, symbol.orderFlags],
  ]);
}

export function positionRow(venue: Venue, position: BrokerPosition): string {
  const { ticket, identifier, symbol, side, volumeLots, priceOpen, sl, tp, swap, magic, comment } = position;
  return encodeLine([
    'position',
    ...[ticket, identifier, symbol, ORDER_TYPE[side], volumeLots, priceOpen, closePrice(venue, position)],
    ...[sl, tp, floatingProfit(venue, position), swap, magic, comment, position.timeMsc, position.timeUpdateMsc],
  ]);
}

export function orderRow(kind: 'order' | 'history-order', order: BrokerOrder): string {
  return encodeLine([
    kind,
    ...[order.ticket, order.symbol, ORDER_TYPE[order.type], ORDER_STATE[order.state]],
    ...[order.volumeInitialLots, order.volumeCurrentLots, order.priceOpen, order.priceCurrent, order.sl, order.tp],
    ...[ORDER_FILLING[order.filling], ORDER_TIME[order.timeType], order.expirationS, order.magic, order.comment],
    ...[order.positionId, order.timeSetupMsc, order.timeDoneMsc],
  ]);
}

export function dealRow(deal: BrokerDeal): string {
  return encodeLine([
    'history-deal',
    ...[deal.ticket, deal.order, deal.positionId, deal.symbol, DEAL_TYPE[deal.side]],
    ...[DEAL_ENTRY[deal.entry], DEAL_REASON[deal.reason], deal.volumeLots, deal.price, deal.profit],
    ...[deal.commission, deal.swap, deal.magic, deal.comment, deal.timeMsc],
  ]);
}

export function transactionRow(transaction: TradeTransaction): string {
  const { type, deal, order, symbol, orderType, orderState, dealType, price, sl, tp } = transaction;
  return encodeLine([
    'transaction',
    ...[TRANSACTION[type], deal, order, symbol, ORDER_TYPE[orderType], ORDER_STATE[orderState], DEAL_TYPE[dealType]],
    ...[price, sl, tp, transaction.volumeLots, transaction.position, transaction.positionBy],
  ]);
}

// The hot path: no field here needs an escape.
export function tickRow(symbol: string, { bid, ask, last, volume, timeMsc, flags }: Quote): string {
  return `tick\t${symbol}\t${bid}\t${ask}\t${last}\t${volume}\t${timeMsc}\t${flags}\n`;
}

export function resultFields(result: TradeResult): readonly (string | number | bigint)[] {
  const { retcode, deal, order, volumeLots, price, bid, ask, comment } = result;
  return [retcode, deal, order, volumeLots, price, bid, ask, comment];
}

export function checkFields(check: CheckResult): readonly (string | number)[] {
  const { retcode, balance, equity, profit, margin, marginFree, marginLevel, comment } = check;
  return [retcode, balance, equity, profit, margin, marginFree, marginLevel, comment];
}

export function barFields(bar: Bar): readonly number[] {
  const { timeS, open, high, low, close, tickVolume, spreadPoints, realVolume } = bar;
  return [timeS, open, high, low, close, tickVolume, spreadPoints, realVolume];
}

function fillingFlags({ fillingFlags: names }: BrokerSymbol): number {
  return names.reduce((bits, name) => bits | FILLING_FLAG[name], 0);
}
