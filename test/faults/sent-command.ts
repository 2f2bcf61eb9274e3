import { randomUUID } from 'node:crypto';
import type { CommandKey } from '../../main/audit/audit-log.ts';
import { tagOf } from '../../main/gateway/trade-marks.ts';
import { ANONYMOUS_CLIENT } from '../../main/protocol/constants.ts';
import type { Reply } from './wire-client.ts';

/**
 * What the clients ask for; a pending order is an OPEN_ORDER of its own kind here, since it leaves other traces. `protect`
 * gives a position other stops, `change` a pending order another price.
 */
export type Asked =
  | { readonly kind: 'market'; readonly payload: object }
  | { readonly kind: 'pending'; readonly payload: object }
  | { readonly kind: 'close'; readonly ticket: number; readonly payload: object }
  | { readonly kind: 'cancel'; readonly ticket: number; readonly payload: object }
  | { readonly kind: 'protect'; readonly ticket: number; readonly payload: object }
  | { readonly kind: 'change'; readonly ticket: number; readonly payload: object };

const ACTIONS = {
  market: 'OPEN_ORDER',
  pending: 'OPEN_ORDER',
  close: 'CLOSE_POSITION',
  cancel: 'CANCEL_ORDER',
  protect: 'MODIFY_POSITION',
  change: 'MODIFY_ORDER',
} as const satisfies Record<Asked['kind'], string>;

/** A command that a client has sent, with every reply that came to its bytes. */
export interface SentCommand {
  readonly key: CommandKey;
  /** By which its order is found in the account. */
  readonly tag: string;
  readonly asked: Asked;
  readonly bytes: Buffer;
  readonly replies: Reply[];
}

/** Makes a command with a `req_id` of its own. `client` null is a client that gives no name. */
export function newCommand(client: string | null, asked: Asked, reqId: string = randomUUID()): SentCommand {
  const key = { client: client ?? ANONYMOUS_CLIENT, reqId };
  const request = {
    action: ACTIONS[asked.kind],
    req_id: key.reqId,
    timestamp: Date.now() / 1000,
    payload: asked.payload,
    ...(client === null ? {} : { client_id: client }),
  };
  return { key, tag: tagOf(key), asked, bytes: Buffer.from(JSON.stringify(request)), replies: [] };
}

/** Whether a reply says how the command ended. */
export function isFinal({ status }: Pick<Reply, 'status'>): boolean {
  return status !== 'PENDING';
}

/** Whether a client was told how the command ended. */
export function isAcknowledged({ replies }: SentCommand): boolean {
  return replies.some(isFinal);
}

/** The command in words for a person. */
export function nameOf({ key, asked }: SentCommand): string {
  return `${asked.kind} ${key.reqId} of ${key.client}`;
}
