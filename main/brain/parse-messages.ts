import { EVENT_KINDS, type FabricEvent } from '../protocol/events.ts';
import { isObject } from '../protocol/json-value.ts';
import { parseTrustedJson } from '../protocol/json.ts';
import type { WireTick } from '../protocol/ticks.ts';

/** Reads a message of the data channel; null for what is no tick. Nothing in a tick passes 2^53, so the fast parser does. */
export function parseTick(frame: Buffer): WireTick | null {
  const value = attempt(() => JSON.parse(frame.toString('utf8')) as unknown);
  return isObject(value) && typeof value['symbol'] === 'string' ? (value as unknown as WireTick) : null;
}

/** Reads a message of the event channel, tickets exactly; null for what is no event of a kind that is known. */
export function parseEvent(frame: Buffer): FabricEvent | null {
  const value = attempt(() => parseTrustedJson(frame.toString('utf8')));
  return isObject(value) && EVENT_KINDS.some((kind) => kind === value['event'])
    ? (value as unknown as FabricEvent)
    : null;
}

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return null;
  }
}
