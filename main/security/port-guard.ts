import type { Context } from 'zeromq';
import type { Refusal } from '../protocol/codes.ts';

/** Channels by their ZAP domain. */
export const CHANNELS = ['command', 'data', 'events'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Options that make a socket ask the door, and in encrypted mode speak CURVE. */
export interface GuardedSocketOptions {
  readonly zapDomain: string;
  readonly zapEnforceDomain: true;
  readonly curveServer?: true;
  readonly curveSecretKey?: string;
}

/** Options of a client's socket. */
export interface ClientSocketOptions {
  readonly curveServerKey?: string;
  readonly curvePublicKey?: string;
  readonly curveSecretKey?: string;
}

/** How the gateway itself asks at its own command port. */
export interface OwnClient {
  readonly socket: ClientSocketOptions;
  /** The frames of a request, made of its body. */
  frames(body: string): (string | Uint8Array)[];
}

/** Who asks, as far as it was proved. */
export type Proved =
  | { readonly ok: true; readonly client: string }
  /** `client` is whom the refusal is counted for: never whoever it only claims to be. */
  | { readonly ok: false; readonly client: string; readonly refusal: Refusal };

/** What a request claims, and what it asks for. */
export interface Claim {
  readonly clientId: string | null;
  readonly action: string | null;
  readonly renewsLease: boolean;
}

/** What stands between the three ports and the network. Absent in local mode. */
export interface PortGuard {
  readonly mode: 'encrypted' | 'plain-network';
  /** Begins to answer for this context; to be called before its ports are opened. */
  start(context: Context): Promise<void>;
  socketOptions(channel: Channel): GuardedSocketOptions;
  /** How the gateway's own question at its start gets in. */
  readonly own: OwnClient;
  /** Why an endpoint would let strangers in, or null: tried, not reasoned. */
  proveClosed(channel: Channel, endpoint: string): Promise<string | null>;
  /** Whose a request is and whether it may be asked. `proof` is what came behind the body. */
  admit(body: Uint8Array, proof: readonly Uint8Array[], claim: Claim): Proved;
  /** A peer failed in its handshake at a port: it spoke another language, or only hung up. */
  handshakeFailed(channel: Channel, how: 'protocol' | 'hung-up'): void;
  /** The gateway's own question has been answered: from now on it gets in as any other. */
  started(): void;
  /** May be called twice. */
  stop(): Promise<void>;
}
