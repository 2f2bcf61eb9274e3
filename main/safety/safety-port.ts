import type { Action } from '../protocol/actions.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { LeaseAction, OpenOrder } from '../protocol/payloads.ts';
import type { Ticket } from '../protocol/ticket.ts';
import type { TradingState, Trigger } from './trading-state.ts';

/** The kill switch and trading state as gateway and control see them. */
export interface Safety {
  state(): TradingState;
  /** Whether `action` may run now; null when it may. Called at every gate. */
  gate(action: Action): Refusal | null;
  /**
   * Raises the mode to the maximum of now and `trigger`. On return, in the same turn, the halt is in force (K0) and the
   * latch, the token's removal and the record are under way; nothing of that is awaited.
   */
  raise(trigger: Trigger): void;
  /**
   * The causes of a kind are gone, of one actor where it is named. SUSPENDED ends by itself when its causes have been
   * gone for 3 beats and no other stands; of a latched mode they stand no longer against a resume.
   */
  clear(kind: Trigger['kind'], actor?: string): void;
  /**
   * What the wire answers to a KILL: at once with `flatten: none` or an empty book with nothing in flight, else when a
   * snapshot is empty or after 1,000 ms with what has been done so far.
   */
  killReport(): Promise<KillReport>;
  /** Local only. Acknowledges every cause that stands no more; refuses, naming them, when one does. */
  resume(by: string, reason: string): Promise<ResumeResult>;
  /** Called on every change of the state. */
  onChange(listener: (state: TradingState) => void): () => void;
}

/** The dead-man leases as the command channel sees them. */
export interface LeaseDesk {
  /** A HEARTBEAT with `lease_s` has come: the lease runs anew from now, with what is to happen at its end. Null when granted. */
  renew(client: string, leaseS: number, onExpiry: LeaseAction): Refusal | null;
  /** BYE: the client's lease ends without firing. False where it had none. */
  end(client: string): boolean;
}

/** The limits that an order has to keep before it is sent. */
export interface PreTradeLimits {
  /** Whether this order may be sent; it is counted from here until `ended`. Never rejects. */
  admit(order: OpenOrder, client: string): Promise<Admission>;
  /** The terminal or its broker has rejected a command. */
  rejected(client: string): void;
}

export type Admission =
  /** `ended`: the command has its outcome, so that the book shows what became of it. May be called twice. */
  | { readonly admitted: true; readonly ended: () => void }
  /** RISK_LIMIT, naming the limit and both figures. */
  | { readonly admitted: false; readonly refusal: Refusal };

/** `data` of a KILL_SWITCH reply. */
export interface KillReport {
  readonly positions_closed: number;
  readonly total_positions: number;
  readonly orders_cancelled: number;
  readonly flatten: 'NONE' | 'EMPTY' | 'FLATTENING' | 'BLOCKED' | 'UNKNOWN';
  readonly tickets: readonly TicketReport[];
}

/** One position or order of a flatten; more keys say why it is not closed yet. */
export interface TicketReport extends JsonObject {
  readonly ticket: Ticket;
  readonly kind: 'position' | 'order';
  readonly symbol: string;
  /** OPEN, CLOSING, CLOSED, CANCELLED, GONE, PARTIAL, RETRY, BLOCKED, UNKNOWN or TAKEN_OUT. */
  readonly state: string;
  /** Lots. */
  readonly volume: number;
}

export type ResumeResult =
  | { readonly ok: true; readonly state: TradingState }
  | { readonly ok: false; readonly message: string; readonly standing: readonly string[] };
