import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { AuditHead, OpenedLog } from '../../../main/audit/audit-log.ts';
import type { FromWriter, ToWriter } from '../../../main/audit/writer-protocol.ts';
import { WorkerAuditLog } from '../../../main/audit/worker-audit-log.ts';
import type { OperationResult } from '../../../main/audit/operation.ts';
import { type Log, silentLog } from '../../../main/log.ts';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { SimulatedClock, settle } from '../../fakes/simulated-clock.ts';

const OPENED: OpenedLog = { fresh: true, cleanStop: false, tailIntact: true, epoch: 0, standingHalt: null };
const HEAD: AuditHead = { seq: 7, hash: 'ab'.repeat(32) };

/** A writer that answers when it is told to. */
class SilentWriter extends EventEmitter {
  readonly posted: ToWriter[] = [];

  postMessage(message: ToWriter): void {
    this.posted.push(message);
  }

  answer(message: FromWriter): void {
    this.emit('message', message);
  }

  terminate(): Promise<number> {
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

/** A log on a writer, and the writers that are started after it. */
function logOn(writer: SilentWriter, clock = new SimulatedClock(), log = silentLog) {
  const started: SilentWriter[] = [];
  const startWriter = () => {
    const next = new SilentWriter();
    started.push(next);
    return next as unknown as Worker;
  };
  const audit = new WorkerAuditLog(
    writer as unknown as Worker,
    OPENED,
    { seq: 0, hash: '' },
    { clock, log, startWriter },
  );
  return { audit, started, clock };
}

const ran = (results: readonly OperationResult[], fault: string | null = null): FromWriter => ({
  kind: 'ran',
  results,
  head: HEAD,
  fault,
  hasMovedAside: false,
});
const OK = { ok: true, head: HEAD } as const;

describe('the audit log on the gateway’s thread', () => {
  it('posts what is called in one turn as one message, and the next turn as another', async () => {
    const writer = new SilentWriter();
    const { audit: log } = logOn(writer);
    void log.append([entry('ARMED')]);
    void log.claim(keyOf('r1'), [intent(keyOf('r1'))]);
    await Promise.resolve();
    void log.append([entry('RESUME')]);
    expect(writer.posted).toHaveLength(0);
    await settle();
    expect(writer.posted).toMatchObject([{ operations: [{ kind: 'append' }, { kind: 'claim' }, { kind: 'append' }] }]);
    void log.append([entry('ARMED')]);
    await settle();
    expect(writer.posted).toHaveLength(2);
  });

  it('gives each call its own answer', async () => {
    const writer = new SilentWriter();
    const { audit: log } = logOn(writer);
    const calls = [log.append([entry('ARMED')]), log.append([entry('RESUME')])];
    await settle();
    const failed = { ok: false, ambiguous: false, message: 'refused' } as const;
    writer.answer(ran([OK, failed], 'refused'));
    expect(await Promise.all(calls)).toEqual([{ ok: true, head: HEAD }, failed]);
    expect(log.head()).toEqual(HEAD);
  });

  it('fails all that waits as ambiguous when the writer dies, and tells the fault once', async () => {
    const writer = new SilentWriter();
    const { audit: log } = logOn(writer);
    const faults: string[] = [];
    log.onFault((fault) => faults.push(fault));
    const waiting = log.append([entry('ARMED')]);
    await settle();
    writer.emit('error', new Error('out of memory'));
    writer.emit('exit', 1);
    const message = 'the audit writer failed: out of memory';
    expect(await waiting).toEqual({ ok: false, ambiguous: true, message });
    expect(faults).toEqual([message]);
    expect(await log.append([entry('ARMED')])).toEqual({ ok: false, ambiguous: false, message });
    await expect(log.findCommand(keyOf('r1'))).rejects.toThrow('out of memory');
    await log.stop();
  });

  it('stops with the writer, after what was called before', async () => {
    const writer = new SilentWriter();
    const { audit: log } = logOn(writer);
    const faults: string[] = [];
    log.onFault((fault) => faults.push(fault));
    void log.append([entry('SESSION_STOPPED')]);
    const stopped = log.stop();
    expect(writer.posted.map(({ kind }) => kind)).toEqual(['run', 'stop']);
    writer.answer(ran([OK]));
    writer.emit('exit', 0);
    await stopped;
    expect(faults).toEqual([]);
  });
});

describe('a writer that ends by itself', () => {
  const opened = (fields: Partial<OpenedLog> = {}): FromWriter => ({
    kind: 'opened',
    opened: { ...OPENED, fresh: false, ...fields },
    head: HEAD,
  });
  const die = (writer: SilentWriter | undefined) => void writer?.emit('exit', 1);

  it('is replaced, and the log works again once the next has opened it', async () => {
    const writer = new SilentWriter();
    const { audit, started, clock } = logOn(writer);
    die(writer);
    expect(await audit.append([entry('ARMED')])).toMatchObject({ ok: false, ambiguous: false });
    await clock.advance(99);
    expect(started).toHaveLength(0);
    await clock.advance(1);
    expect(started).toHaveLength(1);
    expect(await audit.append([entry('ARMED')])).toMatchObject({ ok: false, ambiguous: false });
    started[0]?.answer(opened());
    expect(audit.head()).toEqual(HEAD);
    const appended = audit.append([entry('ARMED')]);
    const found = audit.findCommand(keyOf('r1'));
    await settle();
    expect(started[0]?.posted).toMatchObject([{ operations: [{ kind: 'append' }, { kind: 'find' }] }]);
    started[0]?.answer(ran([OK, { kind: 'found', record: null }]));
    expect(await appended).toEqual(OK);
    expect(await found).toBeNull();
  });

  it('is replaced after ever longer pauses, which begin anew once one has written', async () => {
    const writer = new SilentWriter();
    const { started, clock } = logOn(writer);
    die(writer);
    for (const [at, pauseMs] of [100, 500, 2_000, 10_000, 10_000].entries()) {
      await clock.advance(pauseMs - 1);
      expect(started).toHaveLength(at);
      await clock.advance(1);
      expect(started).toHaveLength(at + 1);
      if (at === 1) started[at]?.answer(opened());
      die(started[at]);
    }
    await clock.advance(10_000);
    started.at(-1)?.answer(opened());
    started.at(-1)?.answer(ran([OK]));
    die(started.at(-1));
    await clock.advance(100);
    expect(started).toHaveLength(7);
  });

  it('is told once, however often the next ones fail, and again after the log had worked', async () => {
    const writer = new SilentWriter();
    const { audit, started, clock } = logOn(writer);
    const faults: string[] = [];
    audit.onFault((fault) => faults.push(fault));
    die(writer);
    await clock.advance(100);
    started[0]?.answer({ kind: 'failed', message: 'locked' });
    expect(await audit.append([entry('ARMED')])).toMatchObject({ message: 'the audit log cannot be opened: locked' });
    die(started[0]);
    await clock.advance(500);
    started[1]?.answer(opened());
    expect(faults).toEqual(['the audit writer has ended']);
    void audit.append([entry('ARMED')]);
    await settle();
    started[1]?.answer(ran([OK]));
    die(started[1]);
    expect(faults).toHaveLength(2);
  });

  it('lets nothing that was called in its last turn reach the next', async () => {
    const writer = new SilentWriter();
    const { audit, started, clock } = logOn(writer);
    const lost = audit.append([entry('ARMED')]);
    die(writer);
    expect(await lost).toMatchObject({ ok: false, ambiguous: true });
    await clock.advance(100);
    started[0]?.answer(opened());
    await settle();
    expect(started[0]?.posted).toEqual([]);
  });

  it('tells what the next found damaged', async () => {
    const writer = new SilentWriter();
    const { audit, started, clock } = logOn(writer);
    const faults: string[] = [];
    audit.onFault((fault) => faults.push(fault));
    die(writer);
    await clock.advance(100);
    started[0]?.answer(opened({ quarantined: 'it was moved aside' }));
    expect(faults).toEqual(['the audit writer has ended', 'it was moved aside']);
  });

  it('is not replaced any more when the log is stopped', async () => {
    const writer = new SilentWriter();
    const { audit, started, clock } = logOn(writer);
    die(writer);
    await audit.stop();
    await clock.advance(60_000);
    expect(started).toHaveLength(0);
    expect(await audit.append([entry('ARMED')])).toMatchObject({ message: 'the audit log is closed' });
  });

  it('is stopped also while it opens the log', async () => {
    const writer = new SilentWriter();
    const { audit, started, clock } = logOn(writer);
    die(writer);
    await clock.advance(100);
    const stopped = audit.stop();
    expect(started[0]?.posted).toEqual([{ kind: 'stop' }]);
    die(started[0]);
    await stopped;
    await clock.advance(60_000);
    expect(started).toHaveLength(1);
  });

  it('is ended when it does not stop by itself', async () => {
    const writer = new SilentWriter();
    const { audit, clock } = logOn(writer);
    let isStopped = false;
    const stopped = audit.stop().then(() => (isStopped = true));
    await clock.advance(4_999);
    expect(isStopped).toBe(false);
    await clock.advance(1);
    await stopped;
    await audit.stop();
  });
});

describe('what a writer tells between batches', () => {
  it('moves the head on when a month was closed', () => {
    const writer = new SilentWriter();
    const { audit } = logOn(writer);
    writer.answer({ kind: 'month closed', head: HEAD });
    expect(audit.head()).toEqual(HEAD);
  });

  it('is warned of once while a month cannot be closed', () => {
    const warned: unknown[] = [];
    const log: Log = { ...silentLog, warn: (event, fields) => warned.push({ event, ...fields }) };
    const writer = new SilentWriter();
    logOn(writer, new SimulatedClock(), log);
    writer.answer({ kind: 'month kept', why: 'in use' });
    writer.answer({ kind: 'month kept', why: 'in use' });
    writer.answer({ kind: 'month kept', why: 'disk full' });
    expect(warned).toMatchObject([{ why: 'in use' }, { why: 'disk full' }]);
  });

  it('is a fault each time a damaged file was moved aside, also while another stands', async () => {
    const writer = new SilentWriter();
    const { audit } = logOn(writer);
    const faults: string[] = [];
    audit.onFault((fault) => faults.push(fault));
    const failed = { ok: false, ambiguous: false, message: 'disk full' } as const;
    void audit.append([entry('ARMED')]);
    await settle();
    writer.answer(ran([failed], 'disk full'));
    void audit.append([entry('ARMED')]);
    await settle();
    writer.answer({ kind: 'ran', results: [failed], head: HEAD, fault: 'moved aside as a', hasMovedAside: true });
    writer.answer({ kind: 'moved aside', head: HEAD, fault: 'moved aside as b' });
    expect(faults).toEqual(['disk full', 'moved aside as a', 'moved aside as b']);
  });
});
