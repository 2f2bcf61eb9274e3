import type { Payload } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';
import type { ClosedPart } from './close-all-ending.ts';
import type { Subject } from './plan.ts';
import type { SentPosition } from './sent-positions.ts';
import type { Ending } from './trade-journal.ts';

/** A command whose outcome is not known, as far as it takes to look for what it did. */
export type Search = Sought & {
  readonly reqId: string;
  /** Who asked for it. */
  readonly client: string;
  /** When it was received: what it did cannot be older. Unix milliseconds. */
  readonly receivedAtMs: number;
  /** When its answer was lost, Unix milliseconds. */
  readonly lostAtMs: number;
};

/** What is looked for. `positionId` is the number of a position's deals in the history. */
export type Sought =
  | { readonly kind: 'open'; readonly subject: Subject }
  | { readonly kind: 'close'; readonly subject: Subject; readonly positionId: Ticket | undefined }
  | { readonly kind: 'cancel'; readonly ticket: Ticket }
  | {
      readonly kind: 'modify-position';
      readonly asked: Payload<'MODIFY_POSITION'>;
      readonly positionId: Ticket | undefined;
    }
  | { readonly kind: 'modify-order'; readonly asked: Payload<'MODIFY_ORDER'> }
  | {
      readonly kind: 'close-all';
      readonly tag: string;
      /** The positions whose close may have happened. */
      readonly positions: readonly SentPosition[];
      /** The others: how their close ended is known. */
      readonly ended: readonly ClosedPart[];
    };

/** The search for one kind of command. */
export type SearchFor<K extends Sought['kind']> = Extract<Search, { readonly kind: K }>;

/** What one look at the terminal told. */
export type Finding =
  /** Proof of what happened. */
  | { readonly kind: 'proof'; readonly ending: Ending; readonly what: string }
  /** Proof of a part; a complete book and history have no trace of the rest. What has been found so far counts, if nothing more comes. */
  | { readonly kind: 'part'; readonly ending: Ending; readonly what: string }
  /** A complete book and history without a trace. */
  | { readonly kind: 'nothing' }
  /** Neither: no terminal to ask, a history that is not complete, an order still in work, or a look-alike without a tag. */
  | { readonly kind: 'unclear'; readonly why: string };

/** How far before the receipt and behind the loss the history is read: brokers' clocks and histories lag. */
export const HISTORY_MARGIN_MS = 86_400_000;
/** How far the broker's clock may be behind the gateway's. */
export const CLOCK_MARGIN_MS = 60_000;
