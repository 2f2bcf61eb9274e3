import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bothLogs, createLog } from '../../main/log.ts';
import { LogFiles, openGatewayLog } from '../../main/log-files.ts';
import { SimulatedClock } from '../fakes/simulated-clock.ts';
import { temporaryFolder } from '../fakes/temporary-folder.ts';

const LIMITS = { mostBytes: 2_000, mostFiles: 3, mostWaitingBytes: 100_000 };

function rig(limits: Partial<typeof LIMITS> = {}) {
  const folder = join(temporaryFolder(), 'logs');
  const clock = new SimulatedClock();
  const files = new LogFiles(folder, clock, { ...LIMITS, ...limits });
  const text = (name = 'gateway.log') => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const names = () => readdirSync(folder).toSorted();
  const all = () => names().toReversed().map(text).join('');
  return { folder, clock, files, text, names, all };
}

const line = (number: number) => `{"line":${String(number).padStart(4, '0')}}`;

describe('the files of the log', () => {
  it('hold one JSON line an event, secrets redacted, for their owner alone', async () => {
    const dataDir = temporaryFolder();
    const log = openGatewayLog(dataDir, new SimulatedClock());
    log.warn('disk-space-short', { freeBytes: 5, token: 'abc' });
    const path = join(dataDir, 'logs/gateway.log');
    const said =
      '{"time":"2026-01-05T12:00:00.000Z","level":"warn","event":"disk-space-short","freeBytes":5,"token":"[redacted]"}\n';
    await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toBe(said));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'logs')).mode & 0o777).toBe(0o700);
  });

  it('are set aside when they are full, the oldest let go, and no line falls between two', async () => {
    const { files, names, text } = rig();
    for (let number = 0; number < 400; number += 1) files.write(line(number));
    await vi.waitFor(() => expect(text()).toContain(line(399)));
    expect(names()).toEqual(['gateway.1.log', 'gateway.2.log', 'gateway.log']);
    for (const name of names()) expect(text(name).length).toBeLessThanOrEqual(2_000);
    const kept = (text('gateway.2.log') + text('gateway.1.log') + text()).trimEnd().split('\n');
    const first = 400 - kept.length;
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => line(first + at)));
    expect(kept.length).toBeGreaterThan(250);
  });

  it('are gone on with by the next start', async () => {
    const { folder, clock, files, text, names } = rig();
    files.write(line(1));
    await vi.waitFor(() => expect(text()).toContain(line(1)));
    new LogFiles(folder, clock, LIMITS).write(line(2));
    await vi.waitFor(() => expect(text()).toBe(`${line(1)}\n${line(2)}\n`));
    writeFileSync(join(folder, 'gateway.log'), 'x'.repeat(1_999));
    new LogFiles(folder, clock, LIMITS).write(line(3));
    await vi.waitFor(() => expect(text()).toBe(`${line(3)}\n`));
    expect(names()).toEqual(['gateway.1.log', 'gateway.log']);
  });

  it('that cannot be set aside grow to twice their size, and keep the older ones', async () => {
    const { folder, clock, files, text } = rig();
    files.write('before');
    await vi.waitFor(() => expect(text()).toBe('before\n'));
    // A folder in the place of a file: renaming onto it fails, as it does on Windows for a file that another program reads.
    mkdirSync(join(folder, 'gateway.0.log/inner'), { recursive: true });
    writeFileSync(join(folder, 'gateway.1.log'), 'older\n');
    for (let number = 0; number < 1_000; number += 1) {
      files.write(line(number));
      await clock.advance(1);
    }
    await vi.waitFor(() => expect(text().length).toBeGreaterThan(3_500));
    expect(text().length).toBeLessThan(4_500);
    expect(text('gateway.1.log')).toBe('older\n');
  });
});

describe('a disk that cannot take the log', () => {
  it('never fails nor holds up who writes, is left alone for a second, and what was lost is counted', async () => {
    const { folder, clock, files, text } = rig();
    writeFileSync(folder, '');
    for (let number = 0; number < 3; number += 1) expect(() => files.write(line(number))).not.toThrow();
    await clock.advance(1_000);
    files.write(line(3));
    // The folder can be made now.
    rmSync(folder);
    await clock.advance(1_000);
    files.write(line(4));
    await vi.waitFor(() => expect(text()).toContain(line(4)));
    expect(text()).toContain('"event":"log-lines-lost","lines":4}');
  });

  it('keeps no more lines waiting than a bound allows', async () => {
    const { files, text } = rig({ mostBytes: 1_000_000, mostWaitingBytes: 1_000 });
    for (let number = 0; number < 500; number += 1) files.write(line(number));
    await vi.waitFor(() => expect(text()).toContain(line(50)));
    files.write('after');
    await vi.waitFor(() => expect(text()).toContain('after'));
    const lost = Number(/"lines":(\d+)/.exec(text())?.[1]);
    expect(text().match(/"line":/g)?.length).toBe(500 - lost);
    expect(lost).toBeGreaterThan(300);
  });
});

describe('two logs as one', () => {
  it('are told the same, and one that fails does not keep the other from it', () => {
    const said: string[] = [];
    const failing = createLog(() => {
      throw new Error('EPIPE');
    });
    const log = bothLogs(
      failing,
      createLog((text) => said.push((JSON.parse(text) as { event: string }).event)),
    );
    log.info('a');
    log.warn('b', { x: 1 });
    log.error('c');
    expect(said).toEqual(['a', 'b', 'c']);
  });
});
