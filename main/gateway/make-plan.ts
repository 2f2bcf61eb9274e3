import type { CommandKey } from '../audit/audit-log.ts';
import type { CloseOrder, Mt5Handler } from '../mt5/handler.ts';
import type { NewOrder, Position } from '../mt5/market.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Payload } from '../protocol/payloads.ts';
import { planOrderChange, planPositionChange } from './change-plan.ts';
import { noPosition, type ClosePlan, type Plan } from './plan.ts';
import type { SymbolDigits } from './symbol-digits.ts';
import { magicOf, tagOf, taggedComment } from './trade-marks.ts';
import type { TradeRequest } from './trade.ts';

/** Largest slip of an order that names none, in points. */
export const DEFAULT_DEVIATION_POINTS = 20;

interface Planning {
  readonly key: CommandKey;
  readonly magicBase: number;
  readonly terminal: Mt5Handler;
  readonly symbols: Pick<SymbolDigits, 'has'>;
}

/**
 * Makes the plan of a command. Closing needs the position's symbol, which never changes for a ticket, so that reading it
 * before the intent is recorded opens no race: that the position is still there, and how large it is, the terminal checks.
 */
export function makePlan(request: TradeRequest, planning: Planning): Promise<Plan | Refusal> {
  const { key, terminal } = planning;
  switch (request.action) {
    case 'OPEN_ORDER':
      return planOpening(request.payload, planning);
    case 'CLOSE_POSITION':
      return planClose(request.payload, key, terminal);
    case 'CANCEL_ORDER':
      return Promise.resolve({ kind: 'cancel', ticket: request.payload.ticket });
    case 'MODIFY_POSITION':
      return planPositionChange(request.payload, terminal);
    case 'MODIFY_ORDER':
      return planOrderChange(request.payload, terminal);
    case 'CLOSE_ALL':
      return planCloseAll(request.payload, key, terminal);
  }
}

async function planOpening(
  payload: Payload<'OPEN_ORDER'>,
  { key, magicBase, terminal, symbols }: Planning,
): Promise<Plan | Refusal> {
  if (!symbols.has(payload.symbol)) {
    const found = await terminal.symbol(payload.symbol);
    if (!found.ok) return refusal(found.code, found.message);
  }
  const tag = tagOf(key);
  const { symbol, side, type, price, sl, tp, deviation, magic, comment, expiration } = payload;
  const order: NewOrder = {
    symbol,
    side,
    type,
    volumeLots: payload.volume,
    ...(price === undefined ? {} : { price }),
    ...(sl === undefined ? {} : { sl }),
    ...(tp === undefined ? {} : { tp }),
    deviationPoints: deviation ?? DEFAULT_DEVIATION_POINTS,
    magic: magic ?? magicOf(key.client, magicBase),
    comment: taggedComment(comment ?? '', tag),
    ...(expiration === undefined ? {} : { expirationMs: expiration * 1000 }),
  };
  return { kind: 'open', order, tag };
}

async function planClose(
  { ticket, volume, deviation }: Payload<'CLOSE_POSITION'>,
  key: CommandKey,
  terminal: Mt5Handler,
): Promise<Plan | Refusal> {
  const told = terminal.toldPosition(ticket);
  if (told !== null) return { ...closePlan(told, tagOf(key), deviation, volume), isTold: true };
  const found = await terminal.positions({ ticket });
  if (!found.ok) return refusal(found.code, found.message);
  const position = found.value.find((other) => other.ticket === ticket);
  if (position === undefined) return noPosition(ticket);
  return closePlan(position, tagOf(key), deviation, volume);
}

async function planCloseAll(
  filter: Payload<'CLOSE_ALL'>,
  key: CommandKey,
  terminal: Mt5Handler,
): Promise<Plan | Refusal> {
  const { symbol, magic, deviation } = filter;
  const found = await terminal.positions({ symbol, magic });
  if (!found.ok) return refusal(found.code, found.message);
  const tag = tagOf(key);
  return { kind: 'close-all', filter, tag, closes: found.value.map((position) => closePlan(position, tag, deviation)) };
}

function closePlan(position: Position, tag: string, deviation?: number, volume?: number): ClosePlan {
  const close: CloseOrder = {
    ticket: position.ticket,
    symbol: position.symbol,
    ...(volume === undefined ? {} : { volumeLots: volume }),
    deviationPoints: deviation ?? DEFAULT_DEVIATION_POINTS,
    // The position's own, so that its history stays under one number.
    magic: position.magic,
    comment: taggedComment('', tag),
  };
  return { kind: 'close', close, position, tag };
}
