import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { AuditEntry, OpenedLog } from '../../../main/audit/audit-log.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const STAMP = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };
const latched = (flatten: string, epoch = 2) =>
  entry('KILL_LATCHED', { epoch, payload: `{"causes":[],"flatten":"${flatten}","mode":"HALTED"}` });

/** What a log that holds these rows says on opening; `tamper` works on the closed file. */
function openedAfter(entries: readonly AuditEntry[], tamper: (db: Database.Database) => void = () => {}): OpenedLog {
  const dataDir = temporaryFolder();
  const file = auditFile(dataDir);
  const writer = new AuditWriter({ dataDir, stamp: STAMP, clock: new SimulatedClock() });
  if (entries.length > 0) writer.run([{ kind: 'append', entries }]);
  writer.close();
  const raw = new Database(file);
  raw.exec('DROP TRIGGER no_update; DROP TRIGGER no_delete');
  tamper(raw);
  raw.close();
  const reopened = new AuditWriter({ dataDir, stamp: STAMP, clock: new SimulatedClock() });
  reopened.close();
  return reopened.opened;
}

describe('a log that is opened', () => {
  it('is fresh when it has no row', () => {
    expect(openedAfter([])).toEqual({
      fresh: true,
      cleanStop: false,
      tailIntact: true,
      epoch: 0,
      standingHalt: null,
      lastSession: { started: null, stopped: null },
    });
  });

  it('tells a clean stop from a crash', () => {
    const run = [entry('SESSION_STARTED'), entry('ARMED')];
    expect(openedAfter([...run, entry('SESSION_STOPPED')]).cleanStop).toBe(true);
    expect(openedAfter(run).cleanStop).toBe(false);
    expect(openedAfter([...run, entry('SESSION_STOPPED'), entry('SESSION_STARTED')]).cleanStop).toBe(false);
  });

  it('is not intact where it does not hold the row that was noted beside it', () => {
    const rows = [entry('SESSION_STARTED'), entry('MODE_CHANGED'), entry('SESSION_STOPPED')];
    const cut = openedAfter(rows, (db) => db.exec('DELETE FROM audit WHERE seq = 3'));
    expect(cut).toMatchObject({ tailIntact: false, fresh: false });
    expect(openedAfter(rows)).toMatchObject({ tailIntact: true });
  });

  it('gives what the last session wrote at its start and at its end', () => {
    const started = entry('SESSION_STARTED', { payload: '{"n":2}' });
    const first = [entry('SESSION_STARTED', { payload: '{"n":1}' }), entry('SESSION_STOPPED', { payload: '{"l":1}' })];
    expect(openedAfter(first).lastSession).toEqual({ started: '{"n":1}', stopped: '{"l":1}' });
    expect(openedAfter([...first, started]).lastSession).toEqual({ started: '{"n":2}', stopped: null });
  });

  it('gives the highest epoch, not the last', () => {
    const rows = [entry('ARMED', { epoch: 3 }), entry('KILL_INTENT', { epoch: 8 }), entry('OUTCOME', { epoch: 7 })];
    expect(openedAfter(rows).epoch).toBe(8);
    expect(openedAfter([...rows, intent(keyOf('r1'), { epoch: 9 })]).epoch).toBe(9);
    expect(openedAfter([...rows, ...Array.from({ length: 1_100 }, () => entry('QUERY_COUNT'))]).epoch).toBe(8);
  });

  it('gives the last halt that no resume followed', () => {
    expect(openedAfter([latched('none'), latched('account', 3)]).standingHalt).toEqual({
      flatten: 'account',
      flatVerified: false,
      causes: '{"causes":[],"flatten":"account","mode":"HALTED"}',
    });
    expect(openedAfter([latched('account'), entry('RESUME')]).standingHalt).toBeNull();
    expect(openedAfter([latched('account'), entry('ARMED')]).standingHalt).toBeNull();
    expect(openedAfter([latched('account'), entry('RESUME'), latched('none')]).standingHalt?.flatten).toBe('none');
  });

  it('knows whether the book was verified flat after the halt', () => {
    const flat = entry('FLAT_VERIFIED');
    expect(openedAfter([latched('account'), flat]).standingHalt?.flatVerified).toBe(true);
    expect(openedAfter([flat, latched('account')]).standingHalt?.flatVerified).toBe(false);
  });

  it('takes a halt whose payload cannot be read for one of the whole account', () => {
    expect(openedAfter([entry('KILL_LATCHED')]).standingHalt?.flatten).toBe('account');
  });

  it('notices a changed, a deleted and a swapped row in its tail', () => {
    const rows = Array.from({ length: 1_100 }, () => entry('ARMED'));
    expect(openedAfter(rows).tailIntact).toBe(true);
    expect(openedAfter(rows, (db) => db.exec("UPDATE audit SET actor = 'x' WHERE seq = 900")).tailIntact).toBe(false);
    expect(openedAfter(rows, (db) => db.exec('DELETE FROM audit WHERE seq = 500')).tailIntact).toBe(false);
    const swap = 'UPDATE audit SET seq = -1 WHERE seq = 700; UPDATE audit SET seq = 700 WHERE seq = 701;';
    expect(openedAfter(rows, (db) => db.exec(`${swap} UPDATE audit SET seq = 701 WHERE seq = -1`)).tailIntact).toBe(
      false,
    );
  });

  it('looks at the tail only, so that a long log opens at once', () => {
    const rows = Array.from({ length: 1_100 }, () => entry('ARMED'));
    expect(openedAfter(rows, (db) => db.exec("UPDATE audit SET actor = 'x' WHERE seq = 50")).tailIntact).toBe(true);
  });
});
