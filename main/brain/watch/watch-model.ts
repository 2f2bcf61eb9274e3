import type { FabricEvent } from '../../protocol/events.ts';
import type { WireTick } from '../../protocol/ticks.ts';
import type { AccountData, HeartbeatData, OrderData, PositionData, SymbolData, TickData } from '../reply-types.ts';
import { livePosition } from './live-position.ts';
import type { LivePosition, Part, WatchLink, WatchQuote, WatchState } from './watch-state.ts';

/** Without an answer for so long the gateway counts as gone. */
const LOST_AFTER_MS = 1_500;
/** So many events are kept. */
const EVENTS_KEPT = 200;

/** What an answer brought, and when. */
type Heard<T> =
  { readonly ok: true; readonly data: T; readonly monoMs: number } | { readonly ok: false; readonly message: string };

interface HeardQuote {
  readonly bid: number;
  readonly ask: number;
  /** When its tick came; null for one that was asked for. */
  readonly monoMs: number | null;
}

/** What the live view has heard so far. */
export class WatchModel {
  /** Why the gateway turns this brain away; null where it does not. */
  refusal: string | null = null;
  readonly #endpoint: string;
  readonly #startedMonoMs: number;
  readonly #named: readonly string[];
  #heartbeat: { readonly data: HeartbeatData; readonly monoMs: number } | null = null;
  #account: Heard<AccountData> | null = null;
  #positions: Heard<readonly PositionData[]> | null = null;
  #orders: Heard<readonly OrderData[]> | null = null;
  readonly #quotes = new Map<string, HeardQuote>();
  readonly #specs = new Map<string, SymbolData>();
  readonly #events: FabricEvent[] = [];

  constructor(endpoint: string, named: readonly string[], startedMonoMs: number) {
    this.#endpoint = endpoint;
    this.#named = named;
    this.#startedMonoMs = startedMonoMs;
  }

  /** The symbols whose quotes are shown: those that were named, and those of positions. */
  get symbols(): readonly string[] {
    const held = this.#positions?.ok === true ? this.#positions.data.map(({ symbol }) => symbol) : [];
    return [...new Set([...this.#named, ...held])];
  }

  /** Whether a tick of each symbol has come. */
  get hasTicks(): boolean {
    return this.symbols.every((symbol) => typeof this.#quotes.get(symbol)?.monoMs === 'number');
  }

  answered(data: HeartbeatData, monoMs: number): void {
    this.#heartbeat = { data, monoMs };
  }

  tookAccount(account: Heard<AccountData>): void {
    this.#account = account;
  }

  tookPositions(positions: Heard<readonly PositionData[]>): void {
    this.#positions = positions;
  }

  tookOrders(orders: Heard<readonly OrderData[]>): void {
    this.#orders = orders;
  }

  tookSpec(spec: SymbolData): void {
    this.#specs.set(spec.symbol, spec);
  }

  /** A quote that was asked for; a tick that has come meanwhile is newer. */
  askedQuote({ symbol, bid, ask }: TickData): void {
    if (!this.#quotes.has(symbol)) this.#quotes.set(symbol, { bid, ask, monoMs: null });
  }

  tick({ symbol, bid, ask }: WireTick, monoMs: number): void {
    this.#quotes.set(symbol, { bid, ask, monoMs });
  }

  happened(event: FabricEvent): void {
    this.#events.unshift(event);
    this.#events.length = Math.min(this.#events.length, EVENTS_KEPT);
  }

  /** Whether the specification of a symbol has been asked for with success. */
  knows(symbol: string): boolean {
    return this.#specs.has(symbol);
  }

  /** The state as of now. */
  state(nowMonoMs: number): WatchState {
    return {
      endpoint: this.#endpoint,
      link: this.#link(nowMonoMs),
      refusal: this.refusal,
      account: partOf(this.#account, nowMonoMs),
      positions: this.#livePositions(nowMonoMs),
      orders: partOf(this.#orders, nowMonoMs),
      quotes: this.symbols.flatMap((symbol) => this.#quote(symbol, nowMonoMs)),
      events: this.#events,
    };
  }

  #link(nowMs: number): WatchLink {
    if (this.#heartbeat === null) return { kind: 'connecting', forMs: nowMs - this.#startedMonoMs };
    const { data: heartbeat, monoMs } = this.#heartbeat;
    const silentMs = nowMs - monoMs;
    return silentMs > LOST_AFTER_MS ? { kind: 'lost', silentMs, heartbeat } : { kind: 'live', heartbeat };
  }

  #livePositions(nowMs: number): Part<readonly LivePosition[]> {
    const part = partOf(this.#positions, nowMs);
    if (part.kind !== 'known') return part;
    const saidMonoMs = nowMs - part.ageMs;
    const data = part.data.map((position) => {
      const quote = this.#quotes.get(position.symbol);
      // An older quote than the gateway's own word would set the profit back.
      const isNewer = quote !== undefined && quote.monoMs !== null && quote.monoMs > saidMonoMs;
      return livePosition(position, isNewer ? quote : null, this.#specs.get(position.symbol) ?? null);
    });
    return { ...part, data };
  }

  #quote(symbol: string, nowMs: number): readonly WatchQuote[] {
    const quote = this.#quotes.get(symbol);
    if (quote === undefined) return [];
    const { bid, ask, monoMs } = quote;
    return [{ symbol, bid, ask, ageMs: monoMs === null ? null : nowMs - monoMs }];
  }
}

function partOf<T>(heard: Heard<T> | null, nowMs: number): Part<T> {
  if (heard === null) return { kind: 'unknown' };
  if (!heard.ok) return { kind: 'refused', message: heard.message };
  return { kind: 'known', data: heard.data, ageMs: nowMs - heard.monoMs };
}
