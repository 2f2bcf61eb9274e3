import { EventEmitter } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CrashGuard } from '../../../main/desktop/crash-guard.ts';
import { writeCrashReport } from '../../../main/desktop/crash-report.ts';
import { watchSleep } from '../../../main/desktop/power.ts';
import { atStake } from '../../../main/desktop/quit-warning.ts';
import { silentLog } from '../../../main/log.ts';
import { FakeControlService } from '../../fakes/control-service.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

describe('sleep', () => {
  it('is told by its length, and without a beginning as one that nobody can tell', () => {
    const power = new EventEmitter();
    const clock = new SimulatedClock();
    const slept: number[] = [];
    watchSleep(power as unknown as Electron.PowerMonitor, clock, (ms) => slept.push(ms));
    power.emit('suspend');
    clock.sleep(90_000);
    power.emit('resume');
    power.emit('resume');
    expect(slept).toEqual([90_000, Infinity]);
  });
});

describe('what is at stake when quitting', () => {
  const client = (name: string, last_seen_ms: number) => ({
    ...{ name, first_seen_ms: 0, last_seen_ms, requests: 1, rejects: 0 },
    ...{ top_reject: null, last_action: null, clock_offset_ms: null },
  });

  it('is who was heard in the last minute, and what is open', async () => {
    const service = new FakeControlService();
    const clock = new SimulatedClock();
    const clients = [client('alpha', clock.nowMs() - 60_000), client('beta', clock.nowMs() - 60_001)];
    service.tell('clients', { clients, leases: [], unknown: [] });
    service.tell('book', { positions: [], orders: [], asked_ms_ago: 5, fault: null });
    expect(await atStake(service.feed, clock)).toEqual({ brains: ['alpha'], openPositions: 0 });
    await new Promise(setImmediate);
    expect([service.followers('clients'), service.followers('book')]).toEqual([0, 0]);
  });

  it.each([
    { positions: [], orders: [], asked_ms_ago: 5, fault: 'no answer' },
    { positions: [], orders: [], asked_ms_ago: null, fault: null },
    { positions: [], orders: [], asked_ms_ago: 3_001, fault: null },
    null,
  ])('is not known of a book like %j', async (book) => {
    const service = new FakeControlService();
    const clock = new SimulatedClock();
    if (book !== null) service.tell('book', book);
    const stake = atStake(service.feed, clock);
    await clock.advance(2_000);
    expect(await stake).toEqual({ brains: [], openPositions: null });
    expect(service.followers('book')).toBe(0);
  });
});

describe('an exception that nobody caught', () => {
  function rig(host: { crash(reason: string): Promise<void> } | null) {
    const order: string[] = [];
    const dataDir = temporaryFolder();
    const clock = new SimulatedClock();
    const guard = new CrashGuard({ clock, log: silentLog, dataDir, exit: (code) => order.push(`exit ${code}`) });
    const process = new EventEmitter();
    guard.watch(process as unknown as NodeJS.Process);
    if (host !== null) {
      const crash = (reason: string) => {
        order.push(`halt: ${reason}`);
        return host.crash(reason);
      };
      guard.guard({ crash, mode: () => 'TRADING' });
    }
    return { order, dataDir, clock, process };
  }

  it('halts first, writes a report, and ends with 70', async () => {
    const { order, dataDir, clock, process } = rig({ crash: () => Promise.resolve() });
    process.emit('uncaughtException', new Error('boom'));
    await clock.advance(0);
    expect(order).toEqual(['halt: boom', 'exit 70']);
    const [report = ''] = readdirSync(join(dataDir, 'crashes'));
    const text = readFileSync(join(dataDir, 'crashes', report), 'utf8');
    expect(text).toContain('Error: boom');
    expect(text).toContain('"modeBefore": "TRADING"');
  });

  it('ends also when the halt is never recorded, fails, or another exception comes', async () => {
    for (const crash of [() => new Promise<void>(() => {}), () => Promise.reject(new Error('disk'))]) {
      const { order, clock, process } = rig({ crash });
      process.emit('unhandledRejection', 'a string');
      process.emit('uncaughtException', new Error('another'));
      await clock.advance(2_000);
      expect(order).toEqual(['halt: a string', 'exit 70']);
    }
  });

  it('ends with 70 before there is a gateway, too', async () => {
    const { order, clock, process } = rig(null);
    process.emit('uncaughtException', new Error('early'));
    await clock.advance(0);
    expect(order).toEqual(['exit 70']);
  });

  it('leaves twenty reports at most, the newest', () => {
    const dataDir = temporaryFolder();
    const write = (atMs: number) => writeCrashReport(dataDir, { atMs, error: 'x', circumstances: {} });
    for (let crash = 0; crash < 25; crash += 1) write(crash * 1_000);
    const reports = readdirSync(join(dataDir, 'crashes')).toSorted();
    expect(reports).toHaveLength(20);
    expect(reports.at(-1)).toContain('00-00-24');
  });
});

describe('a crash report that cannot be written', () => {
  it('is none, and no second crash', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(writeCrashReport(file, { atMs: 0, error: 'x', circumstances: {} })).toBeNull();
  });
});
