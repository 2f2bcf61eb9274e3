/**
 * What a paired brain needs to reach its gateway, as the connection file has it: JSON, readable by its owner alone. It is
 * shown once, when the brain is paired.
 */
export interface ConnectionFile {
  readonly version: 1;
  /** The brain's name in client list and audit log; its `client_id`. */
  readonly client_id: string;
  readonly role: Role;
  /** Address or name under which the brain reaches the gateway. */
  readonly host: string;
  readonly command_port: number;
  readonly data_port: number;
  readonly event_port: number;
  /** CURVE keys, 40 characters of Z85 each. */
  readonly server_key: string;
  readonly public_key: string;
  readonly secret_key: string;
  /** Key of the HMAC-SHA-256 over each request's body, 32 bytes as 64 hexadecimal digits. */
  readonly mac_key: string;
  /** ISO 8601; null where it does not expire. */
  readonly expires: string | null;
}

/** What a paired brain may do: `trade` includes the others, `kill` may halt and nothing else. */
export const ROLES = ['read', 'trade', 'kill'] as const;
export type Role = (typeof ROLES)[number];

/** Bytes of a request's second frame in encrypted mode: HMAC-SHA-256 of the first under the brain's key. */
export const MAC_BYTES = 32;
/** Characters of a CURVE key in Z85. */
export const CURVE_KEY_LENGTH = 40;
