import type { Admit, Received } from '../../main/gateway/dispatcher.ts';
import type { Refusal } from '../../main/protocol/codes.ts';
import { ANONYMOUS_CLIENT } from '../../main/protocol/constants.ts';

/** A request as it comes from a socket, with as many empty frames behind its body. */
export function received(body: Uint8Array, surplusFrames = 0): Received {
  return { body, surplus: Array.from({ length: surplusFrames }, () => new Uint8Array()), connection: 'a connection' };
}

/** Whether a client may do what it asks for; null when it may. */
export type Authorise = (who: { readonly client: string; readonly action: string | null }) => Refusal | null;

/** Takes clients for whom they say they are, and asks for each request. */
export function admitting(authorise: Authorise): Admit {
  return (_body, _proof, { clientId, action }) => {
    const client = clientId ?? ANONYMOUS_CLIENT;
    const denied = authorise({ client, action });
    return denied === null ? { ok: true, client } : { ok: false, client, refusal: denied };
  };
}
