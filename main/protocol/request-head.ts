import { MAX_REQ_ID_LENGTH } from './constants.ts';
import { clientIdSchema } from './envelope.ts';
import type { JsonObject } from './json-value.ts';

/** An action's name is kept up to this many characters; the longest known one has 16. */
const MAX_ACTION_LENGTH = 64;

/** What could be read of who asks for what, also from a request that is refused. */
export interface Head {
  /** To be echoed in the reply; null where none could be read. */
  readonly reqId: string | null;
  readonly clientId: string | null;
  /** As sent, cut to 64 characters: not necessarily one that exists. */
  readonly action: string | null;
}

/** Reads what is readable of a request, whatever else is wrong with it. */
export function readHead(raw: JsonObject): Head {
  const { req_id: reqId, client_id: clientId, action } = raw;
  return {
    reqId: typeof reqId === 'string' && reqId !== '' && reqId.length <= MAX_REQ_ID_LENGTH ? reqId : null,
    clientId: typeof clientId === 'string' ? (clientIdSchema.safeParse(clientId).data ?? null) : null,
    action: typeof action === 'string' ? action.slice(0, MAX_ACTION_LENGTH).toWellFormed() : null,
  };
}
