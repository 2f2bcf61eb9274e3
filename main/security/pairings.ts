import type { ConnectionFile, Role } from '../protocol/connection-file.ts';

/** A brain that has been paired, without what is secret. */
export interface PairedClient {
  /** Its `client_id`, for good: idempotency keys and the audit log go by it. */
  readonly name: string;
  /** What an operator calls it; the name until it is renamed. */
  readonly label: string;
  readonly role: Role;
  /** Of its public key, as both sides show it: 4 groups of 4 hexadecimal digits. */
  readonly fingerprint: string;
  /** Unix milliseconds. */
  readonly pairedMs: number;
  readonly expiresMs: number | null;
  /** Where a connection under its key last came from, and when; null before the first in this run. */
  readonly lastAddress: string | null;
  readonly lastConnectedMs: number | null;
}

/** What pairing asks for. */
export interface PairRequest {
  readonly name: string;
  readonly role: Role;
  readonly expiresMs: number | null;
  /** Under which address or name the brain will reach the gateway; null for the first of this machine's. */
  readonly host: string | null;
}

/** A sentence for a person where it could not be done. */
export type PairingResult<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly message: string };

/** Who may connect in encrypted mode. Changes are on disk and in force before they resolve. */
export interface Pairings {
  list(): readonly PairedClient[];
  /** Fingerprint of the gateway's own key; null before there is one. */
  readonly knownFingerprint: string | null;
  pair(request: PairRequest): Promise<PairingResult<{ client: PairedClient; connection: ConnectionFile }>>;
  /** Ends a pairing and what runs under it. */
  revoke(name: string): Promise<PairingResult<{ client: PairedClient }>>;
  rename(name: string, label: string): Promise<PairingResult<{ client: PairedClient }>>;
}

/** An address that has connected, or tried to, in plain-network mode; attributed to nobody. */
export interface SeenAddress {
  readonly address: string;
  readonly lastSeenMs: number;
  readonly isAdmitted: boolean;
}

/** What an operator's calls and screens see of the network. */
export interface NetworkDesk {
  readonly pairings: Pairings;
  /** In plain-network mode, the last seen first; else empty. */
  seenAddresses(): readonly SeenAddress[];
  /** Connections that were refused since the start, by why. */
  refusedConnections(): Readonly<Record<string, number>>;
}
