import type { FabricEvent } from '../../protocol/events.ts';
import { isObject, type JsonObject, type JsonValue } from '../../protocol/json-value.ts';
import { encodeJson } from '../../protocol/json.ts';

/** What an event says, on one line. */
export function eventText({ event, data }: FabricEvent): string {
  switch (event) {
    case 'TRADE':
      return words(data, ['kind', 'type', 'volume', 'symbol', 'price', 'open_price', 'state', 'ticket']);
    case 'TRADING_STATE':
    case 'KILL_SWITCH':
      return words(data, ['mode', 'flatten_phase']) + because(data['causes']);
    case 'COMMAND':
      return words(data, ['action', 'state', 'code', 'error']);
    case 'TERMINAL':
    case 'CLIENT':
    case 'LEASE':
    case 'LIMIT':
    case 'AUDIT_HEAD':
      return encodeJson(data);
  }
}

function words(data: JsonObject, keys: readonly string[]): string {
  const said = keys.map((key) => data[key]).filter(isScalar);
  return said.length === 0 ? encodeJson(data) : said.map(String).join(' ');
}

function because(causes: JsonValue | undefined): string {
  const last = Array.isArray(causes) ? (causes.at(-1) as JsonValue | undefined) : undefined;
  const reason = isObject(last) ? last['reason'] : undefined;
  return typeof reason === 'string' ? `: ${reason}` : '';
}

function isScalar(value: JsonValue | undefined): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
