import type { JsonObject } from './json-value.ts';

/** Kinds of messages on the event channel. */
export const EVENT_KINDS = [
  'KILL_SWITCH',
  'TRADING_STATE',
  'TRADE',
  'TERMINAL',
  'CLIENT',
  'COMMAND',
  'LEASE',
  'LIMIT',
  'AUDIT_HEAD',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** One thing that happened; on the wire `event` is the first key, `timestamp` (Unix seconds) the second. */
export interface FabricEvent {
  readonly event: EventKind;
  readonly timestamp: number;
  readonly data: JsonObject;
}

/** The subscription that selects one kind of event. */
export function eventTopic(kind: EventKind): string {
  return `{"event":"${kind}",`;
}
