import { createHmac, timingSafeEqual } from 'node:crypto';
import { refusal, type Refusal } from '../protocol/codes.ts';
import { MAC_BYTES } from '../protocol/connection-file.ts';
import { UNPROVEN_CLIENT } from '../protocol/constants.ts';
import { type Asked, mayDo } from './roles.ts';
import type { ClientKeys } from './key-file.ts';
import type { Claim, Proved } from './port-guard.ts';

/** HMAC-SHA-256 of a request's body; `macKey` as hexadecimal digits. */
export function macOf(body: Uint8Array | string, macKey: string): Buffer {
  return createHmac('sha256', Buffer.from(macKey, 'hex')).update(body).digest();
}

interface Known {
  find(name: string): ClientKeys | null;
  isExpired(client: ClientKeys): boolean;
}

/** Whose a request is: proved by the second frame, never by its connection. Then whether its role may ask that. */
export function proveRequest(body: Uint8Array, proof: readonly Uint8Array[], claim: Claim, known: Known): Proved {
  const { clientId } = claim;
  if (clientId === null) return unproven('a request in encrypted mode says whose it is: client_id is missing');
  const client = known.find(clientId);
  if (client === null) return unproven(`no brain "${clientId}" is paired with this gateway`);
  const [mac, ...more] = proof;
  if (mac === undefined || more.length > 0) {
    return unproven(
      `a request in encrypted mode has two frames, its body and the HMAC-SHA-256 of it; got ${proof.length + 1}`,
    );
  }
  if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, macOf(body, client.macKey))) {
    return unproven(`the second frame is not the HMAC-SHA-256 of this body under the key of "${clientId}"`);
  }
  if (known.isExpired(client))
    return refused(clientId, refusal('NOT_AUTHORISED', `the pairing of "${clientId}" has expired`));
  return judged(clientId, mayDo(clientId, client.role, claim satisfies Asked));
}

function judged(client: string, denied: Refusal | null): Proved {
  return denied === null ? { ok: true, client } : refused(client, denied);
}

function unproven(message: string): Proved {
  return refused(UNPROVEN_CLIENT, refusal('NOT_AUTHORISED', message));
}

function refused(client: string, why: Refusal): Proved {
  return { ok: false, client, refusal: why };
}
