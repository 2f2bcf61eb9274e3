import type { RawTradeRequest } from './broker-types.ts';

/** MqlTradeRequest out of the fields of a line, in their order on the wire. Throws where a number is none. */
export function parseRequest(fields: readonly string[]): RawTradeRequest {
  const text = (index: number): string => fields[index] ?? '';
  return {
    action: toNumber(text(0)),
    magic: BigInt(text(1)),
    order: BigInt(text(2)),
    symbol: text(3),
    volumeLots: toNumber(text(4)),
    price: toNumber(text(5)),
    stopLimit: toNumber(text(6)),
    sl: toNumber(text(7)),
    tp: toNumber(text(8)),
    deviationPoints: toNumber(text(9)),
    type: toNumber(text(10)),
    filling: toNumber(text(11)),
    timeType: toNumber(text(12)),
    expirationS: toNumber(text(13)),
    comment: text(14),
    position: BigInt(text(15)),
    positionBy: BigInt(text(16)),
  };
}

// A program may well send "nan" or "inf", as C prints them: the rules refuse those.
function toNumber(text: string): number {
  if (/^-?nan/i.test(text)) return Number.NaN;
  if (/^-?inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  if (text === '' || Number.isNaN(value)) throw new Error(`not a number of a trade request: "${text}"`);
  return value;
}
