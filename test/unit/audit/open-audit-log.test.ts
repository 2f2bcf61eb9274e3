import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AuditLog } from '../../../main/audit/audit-log.ts';
import { HeadFile } from '../../../main/audit/head-file.ts';
import { openAuditLog } from '../../../main/audit/open-audit-log.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import { WorkerAuditLog } from '../../../main/audit/worker-audit-log.ts';
import { workerUrl } from '../../../main/audit/worker-url.ts';
import type { FromWriter } from '../../../main/audit/writer-protocol.ts';
import { systemClock } from '../../../main/clock.ts';
import { silentLog } from '../../../main/log.ts';
import { dispatch, entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { chainHead, liveRows } from '../../fakes/log-files.ts';
import { STAMP } from '../../fakes/log-writer.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

function tryOpen(dataDir: string) {
  return openAuditLog({ dataDir, session: 's1', appVersion: '0.1.0', clock: systemClock, log: silentLog });
}

async function open(dataDir: string): Promise<AuditLog> {
  const opened = await tryOpen(dataDir);
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.log.stop());
  return opened.log;
}

describe('opening the audit log', () => {
  it('makes the data folder and the file', async () => {
    const dataDir = join(temporaryFolder(), 'deep', 'down');
    const log = await open(dataDir);
    expect(await log.append([entry('SESSION_STARTED')])).toMatchObject({ ok: true, head: { seq: 1 } });
  });

  it('stamps session and versions on each row', async () => {
    const dataDir = temporaryFolder();
    const log = await open(dataDir);
    await log.append([entry('SESSION_STARTED')]);
    expect(liveRows(dataDir)).toMatchObject([{ session: 's1', app_version: '0.1.0', bridge_version: null }]);
  });

  it('goes on where the last run ended', async () => {
    const dataDir = temporaryFolder();
    const first = await open(dataDir);
    const key = keyOf('r1');
    await first.claim(key, [intent(key), dispatch(key)]);
    await first.append([entry('SESSION_STOPPED')]);
    await first.stop();
    const second = await open(dataDir);
    expect(second.opened).toMatchObject({ fresh: false, cleanStop: true, tailIntact: true, epoch: 1 });
    expect(second.head()).toEqual(first.head());
    expect(await second.claim(key, [intent(key)])).toMatchObject({
      kind: 'existing',
      record: { state: 'DISPATCHING' },
    });
    expect(await second.unsettled()).toHaveLength(1);
  });

  it('says in one line which file cannot be used and why', async () => {
    const dataDir = temporaryFolder();
    const other = new Database(auditFile(dataDir));
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    const opened = await tryOpen(dataDir);
    expect(opened).toEqual({
      ok: false,
      message: `the audit log ${auditFile(dataDir)} cannot be used: it is not an audit log`,
    });
  });

  it('goes on in a new file where the old one is damaged, and says why', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(auditFile(dataDir), 'no database, though long enough to be taken for one'.repeat(40));
    const log = await open(dataDir);
    expect(log.opened).toMatchObject({ fresh: false, cleanStop: false });
    expect(log.opened.quarantined).toContain('file is not a database');
    expect(await log.append([entry('SESSION_STARTED')])).toMatchObject({ ok: true, head: { seq: 2 } });
  });

  it('says so when the file is a folder', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(auditFile(dataDir));
    const opened = await tryOpen(dataDir);
    expect(opened.ok ? '' : opened.message).toMatch(/^the audit log .*audit\.sqlite cannot be used: .*EISDIR/);
  });
});

describe('the audit log at work', () => {
  it('refuses claims when too many rows wait for the disk, while outcomes still find room', async () => {
    const log = await open(temporaryFolder());
    const many = Array.from({ length: 10_000 }, () => entry('ARMED'));
    const waiting = log.append(many);
    const key = keyOf('r1');
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: false, ambiguous: false });
    expect(await Promise.all([waiting, log.append([entry('KILL_INTENT')])])).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: true, kind: 'claimed' });
  });

  it('refuses everything when the queue is full to the brim', async () => {
    const log = await open(temporaryFolder());
    const waiting = log.append(Array.from({ length: 20_000 }, () => entry('ARMED')));
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: false, ambiguous: false });
    await waiting;
  });

  it('tells a fault once, and again after it had worked in between', async () => {
    const dataDir = temporaryFolder();
    const log = await open(dataDir);
    const faults: string[] = [];
    const remove = log.onFault((fault) => faults.push(fault));
    const bad = () => log.append([entry('ARMED', { tsUtcUs: Number.NaN })]);
    expect(await bad()).toMatchObject({ ok: false, ambiguous: false });
    await bad();
    expect(faults).toHaveLength(1);
    await log.append([entry('ARMED')]);
    await bad();
    expect(faults).toHaveLength(2);
    await log.append([entry('ARMED')]);
    remove();
    await bad();
    expect(faults).toHaveLength(2);
  });

  it('fails while another program holds the write lock, and works when it lets go', async () => {
    const dataDir = temporaryFolder();
    const log = await open(dataDir);
    const other = new Database(auditFile(dataDir));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const failed = await log.append([entry('ARMED')]);
    expect(failed).toMatchObject({ ok: false, ambiguous: false });
    other.exec('ROLLBACK');
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: true, head: { seq: 1 } });
  });

  it('notes beside itself how far it has come, while it runs', async () => {
    const dataDir = temporaryFolder();
    const log = await open(dataDir);
    await log.append([entry('ARMED'), entry('RESUME')]);
    await vi.waitFor(() => expect(new HeadFile(dataDir).read()).toEqual(log.head()), 5_000);
  });

  it('throws at a claim whose first row is of another key, since that is a bug', async () => {
    const log = await open(temporaryFolder());
    expect(() => log.claim(keyOf('r1'), [intent(keyOf('r2'))])).toThrow('the first row of a claim');
  });
});

describe('a writer’s thread that is ended', () => {
  it('costs what it was writing, no more: the next one finds what is on disk', async () => {
    const dataDir = temporaryFolder();
    const threads: Worker[] = [];
    const startWriter = () => {
      const worker = new Worker(workerUrl('writer'), { workerData: { dataDir, stamp: STAMP } });
      threads.push(worker);
      return worker;
    };
    const [first] = (await once(startWriter(), 'message')) as [Extract<FromWriter, { kind: 'opened' }>];
    const ports = { clock: systemClock, log: silentLog, startWriter };
    const log = new WorkerAuditLog(threads[0]!, first.opened, first.head, ports);
    onTestFinished(() => log.stop());
    const key = keyOf('r1');
    expect(await log.claim(key, [intent(key)])).toMatchObject({ ok: true });
    const faults: string[] = [];
    log.onFault((fault) => faults.push(fault));
    await threads[0]?.terminate();
    expect(await log.append([entry('ARMED')])).toMatchObject({ ok: false });
    await vi.waitFor(async () => expect(await log.append([entry('ARMED')])).toMatchObject({ ok: true }), 5_000);
    expect(await log.findCommand(key)).toMatchObject({ state: 'ACCEPTED' });
    expect(await log.claim(key, [intent(key)])).toMatchObject({ kind: 'existing' });
    expect(await log.knows({ tag: 'none', tickets: [] })).toBe(false);
    expect(faults).toEqual(['the audit writer has ended']);
    expect(chainHead(dataDir)).toEqual(log.head());
  });
});

describe('a gateway killed while it writes', () => {
  it('finds every acknowledged row again, in an intact chain', async () => {
    const dataDir = temporaryFolder();
    const script = fileURLToPath(new URL('crashing-writer.ts', import.meta.url));
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const acknowledged: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(line);
      if (acknowledged.length === 500) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

    const log = await open(dataDir);
    expect(log.opened).toMatchObject({ fresh: false, cleanStop: false, tailIntact: true });
    const records = await Promise.all(acknowledged.map((reqId) => log.findCommand(keyOf(reqId))));
    expect(records.filter((record) => record?.state === 'ACCEPTED')).toHaveLength(acknowledged.length);
    expect(chainHead(dataDir)).toEqual(log.head());
  });
});
