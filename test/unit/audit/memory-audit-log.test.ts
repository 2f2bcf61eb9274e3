import { describe, expect, it } from 'vitest';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { settle } from '../../fakes/simulated-clock.ts';

describe('the switches of the log in memory', () => {
  const key = keyOf('r1');

  it('holds commits back until they are released', async () => {
    const log = new MemoryAuditLog();
    log.hold();
    let isAnswered = false;
    void log.append([entry('ARMED')]).then(() => (isAnswered = true));
    await settle();
    expect([isAnswered, log.rows.length]).toEqual([false, 0]);
    log.release();
    await settle();
    expect([isAnswered, log.rows.length, log.commits]).toEqual([true, 1, 1]);
  });

  it('fails the next calls, tells the fault once, and works again', async () => {
    const log = new MemoryAuditLog();
    const faults: string[] = [];
    log.onFault((fault) => faults.push(fault));
    log.failNext({ message: 'disk full' }, 2);
    expect(await log.append([entry('ARMED')])).toEqual({ ok: false, ambiguous: false, message: 'disk full' });
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: false });
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: true, kind: 'claimed' });
    expect(faults).toEqual(['disk full']);
  });

  it('can write the rows of a commit that it reports as failed', async () => {
    const log = new MemoryAuditLog();
    log.failNext({ written: true });
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: false, ambiguous: true });
    expect(await log.findCommand(key)).toMatchObject({ state: 'ACCEPTED' });
  });

  it('fails until it is repaired', async () => {
    const log = new MemoryAuditLog();
    log.breakDown({ ambiguous: true });
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: false, ambiguous: true });
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: false, ambiguous: true });
    log.repair();
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: true });
  });

  it('is the same log after a restart', async () => {
    const log = new MemoryAuditLog();
    await log.claim(key, [intent(key, { epoch: 4 })]);
    const next = log.reopened();
    expect(next.opened).toMatchObject({ fresh: false, cleanStop: false, epoch: 4 });
    expect(await next.claim(key, [intent(key)])).toMatchObject({ kind: 'existing' });
  });
});
