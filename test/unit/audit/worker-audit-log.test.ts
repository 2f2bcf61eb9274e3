import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { AuditHead, OpenedLog } from '../../../main/audit/audit-log.ts';
import type { FromWriter, ToWriter } from '../../../main/audit/writer-protocol.ts';
import { WorkerAuditLog } from '../../../main/audit/worker-audit-log.ts';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { settle } from '../../fakes/simulated-clock.ts';

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

function logOn(writer: SilentWriter): WorkerAuditLog {
  return new WorkerAuditLog(writer as unknown as Worker, OPENED, { seq: 0, hash: '' });
}

describe('the audit log on the gateway’s thread', () => {
  it('posts what is called in one turn as one message, and the next turn as another', async () => {
    const writer = new SilentWriter();
    const log = logOn(writer);
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
    const log = logOn(writer);
    const calls = [log.append([entry('ARMED')]), log.append([entry('RESUME')])];
    await settle();
    const failed = { ok: false, ambiguous: false, message: 'refused' } as const;
    writer.answer({ kind: 'ran', results: [{ ok: true, head: HEAD }, failed], head: HEAD, fault: 'refused' });
    expect(await Promise.all(calls)).toEqual([{ ok: true, head: HEAD }, failed]);
    expect(log.head()).toEqual(HEAD);
  });

  it('fails all that waits as ambiguous when the writer dies, and tells the fault once', async () => {
    const writer = new SilentWriter();
    const log = logOn(writer);
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
    const log = logOn(writer);
    const faults: string[] = [];
    log.onFault((fault) => faults.push(fault));
    void log.append([entry('SESSION_STOPPED')]);
    const stopped = log.stop();
    expect(writer.posted.map(({ kind }) => kind)).toEqual(['run', 'stop']);
    writer.answer({ kind: 'ran', results: [{ ok: true, head: HEAD }], head: HEAD, fault: null });
    writer.emit('exit', 0);
    await stopped;
    expect(faults).toEqual([]);
  });
});
