import { createHmac } from 'node:crypto';
import type { ConnectionFile } from '../../main/protocol/connection-file.ts';

/** What a paired brain has. */
export type Credentials = Pick<ConnectionFile, 'client_id' | 'server_key' | 'public_key' | 'secret_key' | 'mac_key'>;

/** Options of a CURVE client's socket; none without credentials. */
export function curveOptions(credentials: Credentials | null) {
  if (credentials === null) return {};
  const { server_key: curveServerKey, public_key: curvePublicKey, secret_key: curveSecretKey } = credentials;
  return { curveServerKey, curvePublicKey, curveSecretKey };
}

/** The HMAC-SHA-256 of a body under a brain's key, written anew from the protocol's text. */
export function mac(body: Buffer | string, { mac_key: key }: Pick<Credentials, 'mac_key'>): Buffer {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(body).digest();
}

/** The frames of a request behind its delimiter: the body, and its proof where there is one to give. */
export function requestFrames(body: Buffer | string, credentials: Credentials | null): (Buffer | string)[] {
  return credentials === null ? [body] : [body, mac(body, credentials)];
}
