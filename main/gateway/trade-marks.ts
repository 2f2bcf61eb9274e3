import { hash } from 'node:crypto';
import type { CommandKey } from '../audit/audit-log.ts';
import { tagIn, tagOfName } from '../mt5/tag.ts';
import { ANONYMOUS_CLIENT } from '../protocol/constants.ts';

/** How many magic numbers from the base on belong to the gateway: one for anonymous clients, the others by name. */
export const MAGIC_NUMBERS = 10_000;

const MAX_USER_COMMENT = 18;

/** The 12 characters by which what a command did is found again in the terminal. */
export function tagOf({ client, reqId }: CommandKey): string {
  return tagOfName(`${client}\0${reqId}`);
}

/** The comment of an order: the first 18 characters of the user's own, `~`, and the tag; 31 in all, as many as MT5 keeps. */
export function taggedComment(userComment: string, tag: string): string {
  return `${userComment.slice(0, MAX_USER_COMMENT).toWellFormed()}~${tag}`;
}

/** Magic number of a client's orders that name none: always the same for a name; the base itself for anonymous clients. */
export function magicOf(client: string, magicBase: number): bigint {
  if (client === ANONYMOUS_CLIENT) return BigInt(magicBase);
  const number = hash('sha256', client, 'buffer').readUInt32BE(0) % (MAGIC_NUMBERS - 1);
  return BigInt(magicBase + 1 + number);
}

/** Whether a position or order is the gateway's: its magic is one of ours, or its comment carries a tag. */
export function isOwn(trade: { readonly magic: bigint; readonly comment: string }, magicBase: number): boolean {
  const number = trade.magic - BigInt(magicBase);
  return (number >= 0n && number < BigInt(MAGIC_NUMBERS)) || tagIn(trade.comment) !== null;
}
