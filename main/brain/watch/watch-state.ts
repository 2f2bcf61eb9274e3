import type { FabricEvent } from '../../protocol/events.ts';
import type { AccountData, HeartbeatData, OrderData, PositionData } from '../reply-types.ts';

/** Everything that the live view shows, as of one moment. */
export interface WatchState {
  /** Where the gateway is, like 127.0.0.1:5555. */
  readonly endpoint: string;
  readonly link: WatchLink;
  /** Why the gateway turns this brain's key away; null where it does not. */
  readonly refusal: string | null;
  readonly account: Part<AccountData>;
  readonly positions: Part<readonly LivePosition[]>;
  readonly orders: Part<readonly OrderData[]>;
  readonly quotes: readonly WatchQuote[];
  /** The last events, the newest first. */
  readonly events: readonly FabricEvent[];
}

/** Whether the gateway answers. What was known before a silence is never shown as if it were so now. */
export type WatchLink =
  | { readonly kind: 'connecting'; readonly forMs: number }
  | { readonly kind: 'live'; readonly heartbeat: HeartbeatData }
  | { readonly kind: 'lost'; readonly silentMs: number; readonly heartbeat: HeartbeatData };

/** An answer to a question, or why there is none. */
export type Part<T> =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'known'; readonly data: T; readonly ageMs: number }
  | { readonly kind: 'refused'; readonly message: string };

/** A position with the profit that it has at the newest quote, in the account's currency. */
export interface LivePosition extends PositionData {
  /** By how much `profit` differs from the gateway's last word. */
  readonly moved: number;
}

/** The last quote of a symbol. */
export interface WatchQuote {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  /** How long ago it came; null where no tick has come yet and it was asked for. */
  readonly ageMs: number | null;
}
