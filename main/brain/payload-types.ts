import type * as z from 'zod';
import type { Action } from '../protocol/actions.ts';
import type { PAYLOAD_SCHEMAS, SupportedAction } from '../protocol/payloads.ts';

/**
 * What each action takes, as a strategy writes it. Volumes in lots, prices in quote currency, `deviation` in points,
 * `expiration` in Unix seconds. A ticket is a number, or a bigint where it passes 2^53.
 */
export type PayloadMap = { readonly [A in SupportedAction]: z.input<(typeof PAYLOAD_SCHEMAS)[A]> };

/** Payload of an action; an action that the gateway does not perform yet takes any object. */
export type PayloadOf<A extends Action> = A extends keyof PayloadMap
  ? PayloadMap[A]
  : Readonly<Record<string, unknown>>;

/** Actions whose payload may be left out. */
export type ActionWithoutPayload = {
  [A in Action]: Record<string, never> extends PayloadOf<A> ? A : never;
}[Action];
