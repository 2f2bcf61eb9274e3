import { describe, expect, test } from 'vitest';
import { settingsSchema } from '../../main/config/settings.ts';
import type { KeptLease } from '../../main/safety/leases.ts';
import { SessionRecord } from '../../main/session-record.ts';
import { FakeSafety } from '../fakes/fake-safety.ts';
import { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { SimulatedClock } from '../fakes/simulated-clock.ts';

const settings = settingsSchema.parse({});
const lease: KeptLease = { client: 'alpha', lease_s: 30, on_expiry: 'halt', is_silent: false };

function recordOn(audit: MemoryAuditLog): SessionRecord {
  const clock = new SimulatedClock();
  return new SessionRecord({ clock, audit, safety: new FakeSafety(clock) });
}

/** The log of the session after `audit`'s. */
function next(audit: MemoryAuditLog): MemoryAuditLog {
  const payload = (type: string) => audit.rows.findLast((row) => row.type === type)?.payload ?? null;
  return audit.reopened({ lastSession: { started: payload('SESSION_STARTED'), stopped: payload('SESSION_STOPPED') } });
}

describe('the record of a session', () => {
  test('tells which settings have changed since the one before, with old and new value', async () => {
    const audit = new MemoryAuditLog();
    await recordOn(audit).started(settings);
    const after = next(audit);
    await recordOn(after).started({ ...settings, ttlMs: 9_000, symbols: ['EURUSD'] });
    expect(after.types()).toEqual(['SESSION_STARTED', 'SESSION_STARTED', 'SETTINGS_CHANGED']);
    expect(JSON.parse(after.rows.at(-1)?.payload ?? '')).toEqual({
      ttlMs: { old: 5_000, new: 9_000 },
      symbols: { old: [], new: ['EURUSD'] },
    });
  });

  test('tells no change where there is none, and none where the settings before are not known', async () => {
    const audit = new MemoryAuditLog();
    await recordOn(audit).started(settings);
    const after = next(audit);
    await recordOn(after).started(settings);
    expect(after.types()).toEqual(['SESSION_STARTED', 'SESSION_STARTED']);
  });

  test('hands the leases of a session that ended in order to the next', async () => {
    const audit = new MemoryAuditLog();
    await recordOn(audit).started(settings);
    await recordOn(audit).stopped('in order', [lease]);
    expect(recordOn(next(audit)).keptLeases()).toEqual([lease]);
  });

  test('hands none over from a session that crashed, or one whose record cannot be read', async () => {
    const audit = new MemoryAuditLog();
    await recordOn(audit).started(settings);
    expect(recordOn(next(audit)).keptLeases()).toEqual([]);
    await recordOn(audit).stopped('in order', [lease]);
    const damaged = audit.reopened({ lastSession: { started: '{', stopped: '{"leases":[{}]}' } });
    expect(recordOn(damaged).keptLeases()).toEqual([]);
  });
});
