/** One price change of a symbol as it stands on the data channel. Prices in quote currency; field names are MT5's. */
export interface WireTick {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  /** Unix time in seconds. */
  readonly timestamp: number;
  /** Unix time in milliseconds, whole. */
  readonly time_msc: number;
  /** Price of the last deal, 0 where the symbol has none. */
  readonly last: number;
  readonly volume: number;
  /** MT5's TICK_FLAG bits: 2 bid, 4 ask, 8 last, 16 volume, 32 buy, 64 sell. */
  readonly flags: number;
  /** Counts per symbol from 1 within one run of the gateway; a step over 1 is a gap. */
  readonly seq: number;
}

/** The subscription that selects one symbol's ticks: ZeroMQ matches it as a prefix of the frame. */
export function tickTopic(symbol: string): string {
  return `{"symbol":${JSON.stringify(symbol)},`;
}

/** The symbol that a subscription selects; `'*'` for one that selects every symbol, null for one that selects no tick. */
export function symbolOfTopic(topic: string): string | null {
  const head = '{"symbol":"';
  if (head.startsWith(topic)) return '*';
  const match = /^\{"symbol":("(?:[^"\\]|\\.)*"),/.exec(topic);
  if (match?.[1] !== undefined) return safeString(match[1]);
  // A prefix that stops inside the name selects several symbols: treat it as all, libzmq filters the rest.
  return topic.startsWith(head) ? '*' : null;
}

function safeString(literal: string): string | null {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return null;
  }
}
