import type { ConnectionFile, Role } from '../protocol/connection-file.ts';
import { HmacSha256, sha256 } from './sha256.ts';

/** CURVE keys as sockets take them. */
export interface CurveKeys {
  readonly curveServerKey: string;
  readonly curvePublicKey: string;
  readonly curveSecretKey: string;
}

/** Who a paired brain is. Its keys go into sockets and MACs; printed or as JSON it shows fingerprints alone. */
export class Pairing {
  readonly role: Role;
  /** Of this brain's public key, as the gateway shows it: 4 groups of 4 hexadecimal digits. */
  readonly fingerprint: string;
  /** Of the gateway's key. */
  readonly serverFingerprint: string;
  readonly #curve: CurveKeys;
  readonly #mac: HmacSha256;

  /** @internal Takes a connection that has been checked. */
  constructor(connection: ConnectionFile) {
    const { role, server_key: curveServerKey, public_key: curvePublicKey, secret_key: curveSecretKey } = connection;
    this.role = role;
    this.fingerprint = fingerprint(curvePublicKey);
    this.serverFingerprint = fingerprint(curveServerKey);
    this.#curve = { curveServerKey, curvePublicKey, curveSecretKey };
    this.#mac = new HmacSha256(Buffer.from(connection.mac_key, 'hex'));
  }

  /** @internal */
  get curve(): CurveKeys {
    return this.#curve;
  }

  /** @internal What proves that this brain wrote a request's body. */
  macOf(body: string): Buffer {
    return this.#mac.of(bytesOf(body));
  }
}

/** Most bodies fit, and a buffer for each would stay in memory until they are collected. */
const shared = Buffer.alloc(1_024);

function bytesOf(body: string): Uint8Array {
  const length = Buffer.byteLength(body);
  return length > shared.length ? Buffer.from(body) : shared.subarray(0, shared.write(body));
}

function fingerprint(publicKey: string): string {
  const digits = sha256(Buffer.from(publicKey)).toString('hex', 0, 8).toUpperCase();
  return digits.match(/.{4}/g)?.join(' ') ?? '';
}
