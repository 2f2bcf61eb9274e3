import { isSecretKey, REDACTED } from '../log.ts';
import { canonicalJson } from '../protocol/json.ts';
import { isObject, type JsonObject, type JsonValue } from '../protocol/json-value.ts';

/**
 * A payload as the audit log keeps it, canonical JSON: as it was sent, but without the values of keys that name a secret.
 * No action takes such a key; a client that sends one all the same must not find it in a log that forgets nothing.
 */
export function recordedPayload(payload: JsonObject): string {
  return canonicalJson(withoutSecrets(payload));
}

function withoutSecrets(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withoutSecrets);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, held]): [string, JsonValue] => [
    key,
    isSecretKey(key) ? REDACTED : withoutSecrets(held),
  ]);
  return Object.fromEntries(entries);
}
