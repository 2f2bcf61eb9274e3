import type { Timeframe } from '../../protocol/payloads.ts';
import type { BookFilter, History, Query, Traces, TradeResult } from '../handler.ts';
import type { Account, Candle, Deal, NewOrder, Order, Position, SymbolSpec, Tick } from '../market.ts';
import { RETCODE } from '../retcodes.ts';
import type { Fields } from './fields.ts';
import { LineFault } from './line-fault.ts';
import type { AnswerReader, Question } from './query-calls.ts';
import {
  emptyResult,
  readAccount,
  readCandle,
  readDeal,
  readOrder,
  readPosition,
  readRecord,
  readResult,
  readSymbol,
  readTick,
} from './rows.ts';
import { orderFields } from './trade-lines.ts';

/** The last time that MQL5's datetime knows. */
const LATEST_MS = Date.UTC(3001, 0, 1) - 1_000;

export function askAccount(): Question<Account> {
  return one(['account'], 'account', readAccount, 'the terminal has no account');
}

export function askSymbols(): Question<readonly SymbolSpec[]> {
  return many(['symbols'], 'symbol', readSymbol);
}

export function askSymbol(name: string): Question<SymbolSpec> {
  return one(['symbol', name], 'symbol', readSymbol, `the terminal has no symbol ${name}`);
}

export function askTick(symbol: string): Question<Tick> {
  return one(['tick', symbol], 'tick', readTick, `the terminal has no price of ${symbol}`);
}

export function askPositions(filter: BookFilter): Question<readonly Position[]> {
  return many(['positions', ...filterFields(filter)], 'position', readPosition);
}

export function askOrders(filter: BookFilter): Question<readonly Order[]> {
  return many(['orders', ...filterFields(filter)], 'order', readOrder);
}

export function askCandles(symbol: string, timeframe: Timeframe, count: number): Question<readonly Candle[]> {
  return many(['candles', symbol, timeframe, String(count)], 'candle', readCandle);
}

/** A history that is not the broker's whole one is no answer: what it does not have may be there all the same. */
export function askHistory(fromMs: number, toMs: number): Question<History> {
  const reader = (): AnswerReader<History> => {
    const orders: Order[] = [];
    const deals: Deal[] = [];
    return {
      row: (kind, fields) => {
        if (kind === 'order') orders.push(readOrder(fields));
        else if (kind === 'deal') deals.push(readDeal(fields));
        else refuseRow(kind, 'history');
      },
      end: (fields) => (fields.flag('complete') ? found({ orders, deals }) : incomplete()),
    };
  };
  return { fields: ['history', wholeMs(Math.floor(fromMs)), wholeMs(Math.ceil(toMs))], endKind: 'ok', reader };
}

export function askFind(tag: string): Question<Traces> {
  const reader = (): AnswerReader<Traces> => {
    const positions: Position[] = [];
    const pending: Order[] = [];
    const orders: Order[] = [];
    const deals: Deal[] = [];
    const recorded: { result: TradeResult | null }[] = [];
    return {
      row: (kind, fields) => {
        if (kind === 'position') positions.push(readPosition(fields));
        else if (kind === 'order') sortOrder(readOrder(fields), pending, orders);
        else if (kind === 'deal') deals.push(readDeal(fields));
        else if (kind === 'record') recorded.push({ result: readRecord(fields) });
        else refuseRow(kind, 'find');
      },
      end: (fields) => found({ complete: fields.flag('complete'), positions, pending, orders, deals, recorded }),
    };
  };
  return { fields: ['find', tag], endKind: 'ok', reader };
}

/** OrderCheck's result; a refusal is a result too, since nothing was to happen. */
export function askCheck(order: NewOrder): Question<TradeResult> {
  return {
    fields: ['check', ...orderFields(order)],
    endKind: 'done',
    reader: () => ({
      row: (kind) => refuseRow(kind, 'check'),
      end: (fields) => found(readResult(fields)),
      refused: (code, message) => found(refusedResult(code, message)),
    }),
  };
}

/** What a refusal of a trading call comes to: nothing happened. */
export function refusedResult(code: string, message: string): TradeResult {
  return emptyResult(code === 'BUSY' ? RETCODE.TOO_MANY_REQUESTS : RETCODE.INVALID, message);
}

function one<T>(fields: readonly string[], kind: string, read: (row: Fields) => T, missing: string): Question<T> {
  const reader = (): AnswerReader<T> => {
    const rows: T[] = [];
    return {
      row: (rowKind, row) => {
        if (rowKind !== kind) refuseRow(rowKind, kind);
        rows.push(read(row));
      },
      end: () => {
        const [row] = rows;
        return row === undefined ? { ok: false, code: 'NOT_FOUND', message: missing } : found(row);
      },
    };
  };
  return { fields, endKind: 'ok', reader };
}

function many<T>(fields: readonly string[], kind: string, read: (row: Fields) => T): Question<readonly T[]> {
  const reader = (): AnswerReader<readonly T[]> => {
    const rows: T[] = [];
    return {
      row: (rowKind, row) => {
        if (rowKind !== kind) refuseRow(rowKind, kind);
        rows.push(read(row));
      },
      end: () => found(rows),
    };
  };
  return { fields, endKind: 'ok', reader };
}

function sortOrder(order: Order, pending: Order[], ended: Order[]): void {
  if (order.doneAtMs === 0) pending.push(order);
  else ended.push(order);
}

function filterFields({ symbol, ticket, magic }: BookFilter): readonly string[] {
  return [symbol ?? '', ticket?.toString() ?? '', magic?.toString() ?? ''];
}

function wholeMs(ms: number): string {
  return String(Math.min(Math.max(0, ms), LATEST_MS));
}

function found<T>(value: T): Query<T> {
  return { ok: true, value };
}

function incomplete(): Query<History> {
  const message = "the terminal's history is not synchronised with the broker's yet";
  return { ok: false, code: 'TERMINAL_TIMEOUT', message };
}

function refuseRow(kind: string, what: string): never {
  throw new LineFault('UNKNOWN_KIND', `"${kind.slice(0, 40)}" in an answer to ${what}`);
}
