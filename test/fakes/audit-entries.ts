import type { AuditEntry, CommandKey } from '../../main/audit/audit-log.ts';

/** 2026-01-05 12:00:00 UTC in microseconds. */
export const NOON_US = Date.UTC(2026, 0, 5, 12) * 1000;

/** Key of a command of client `alpha`. */
export function keyOf(reqId: string, client = 'alpha'): CommandKey {
  return { client, reqId };
}

/** Any row, of the gateway itself unless `fields` says otherwise. */
export function entry(type: AuditEntry['type'], fields: Partial<AuditEntry> = {}): AuditEntry {
  return { type, tsUtcUs: NOON_US, tsMonoUs: 1_000, actorKind: 'gateway', actor: 'gateway', ...fields };
}

/** A row of a command. */
export function commandEntry(
  type: AuditEntry['type'],
  { client, reqId }: CommandKey,
  fields: Partial<AuditEntry> = {},
): AuditEntry {
  return entry(type, { actorKind: 'client', actor: client, reqId, action: 'OPEN_ORDER', ...fields });
}

/** First row of an order. */
export function intent(key: CommandKey, fields: Partial<AuditEntry> = {}): AuditEntry {
  return commandEntry('INTENT', key, {
    status: 'ACCEPTED',
    payload: '{"side":"BUY","symbol":"EURUSD","volume":0.01}',
    payloadHash: 'aa'.repeat(32),
    symbol: 'EURUSD',
    side: 'BUY',
    volume: '0.01',
    epoch: 1,
    mode: 'TRADING',
    ...fields,
  });
}

/** The order goes to the terminal. */
export function dispatch(key: CommandKey, fields: Partial<AuditEntry> = {}): AuditEntry {
  return commandEntry('DISPATCH', key, { status: 'DISPATCHING', magic: '770001', tag: 'abcdefghijkl', ...fields });
}

/** How the order ended. */
export function outcome(key: CommandKey, fields: Partial<AuditEntry> = {}): AuditEntry {
  return commandEntry('OUTCOME', key, {
    status: 'DONE',
    answer: '{"data":{"ticket":9007199254740993},"status":"SUCCESS"}',
    ticket: '9007199254740993',
    latencyUs: { queue: 1.4, commit: 200, terminal: 30, total: 300 },
    ...fields,
  });
}
