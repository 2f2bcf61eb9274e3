import { describe, expect, it } from 'vitest';
import type { DiskEvent } from '../../faults/power/disk-events.ts';
import { DiskModel, type Survival } from '../../faults/power/disk-model.ts';

const NOTHING: Survival = () => false;
const EVERYTHING: Survival = () => true;
const write = (atByte: number, text: string): DiskEvent => ({
  ...{ kind: 'write', file: 'log', atByte },
  bytes: Buffer.from(text),
});
const SYNC: DiskEvent = { kind: 'sync', file: 'log' };

function after(events: readonly DiskEvent[], survives: Survival): Record<string, string> {
  const disk = new DiskModel('folder');
  for (const event of events) if (event.kind !== 'acknowledged') disk.apply(event);
  return Object.fromEntries([...disk.afterPowerCut(survives)].map(([name, bytes]) => [name, bytes.toString('latin1')]));
}

describe('a disk after a power cut', () => {
  it('has what was synced, and nothing else where the cut takes all it can', () => {
    expect(after([write(0, 'abc'), SYNC, write(1, 'X'), write(3, 'd')], NOTHING)).toEqual({ log: 'abc' });
    expect(after([write(0, 'abc'), SYNC, write(1, 'X'), write(3, 'd'), SYNC], NOTHING)).toEqual({ log: 'aXcd' });
  });

  it('has all that was written where the cut takes nothing', () => {
    expect(after([write(0, 'abc'), SYNC, write(1, 'X'), write(5, 'f')], EVERYTHING)).toEqual({ log: 'aXc\0\0f' });
  });

  it('may have single sectors of a write', () => {
    let part = 0;
    const onlySecondSector: Survival = (what) => what === 'part' && (part += 1) === 2;
    const { log } = after([write(0, 'a'.repeat(1_200))], onlySecondSector);
    expect(log).toBe('\0'.repeat(512) + 'a'.repeat(512));
  });

  it('keeps a file at its old length until the cut was synced', () => {
    const cut: DiskEvent = { kind: 'truncate', file: 'log', toBytes: 1 };
    expect(after([write(0, 'abc'), SYNC, cut], NOTHING)).toEqual({ log: 'abc' });
    expect(after([write(0, 'abc'), SYNC, cut, SYNC], NOTHING)).toEqual({ log: 'a' });
  });

  it('has a removed file again until the folder was synced', () => {
    const unlink: DiskEvent = { kind: 'unlink', file: 'log' };
    expect(after([write(0, 'abc'), SYNC, unlink], NOTHING)).toEqual({ log: 'abc' });
    expect(after([write(0, 'abc'), SYNC, unlink], EVERYTHING)).toEqual({});
    expect(after([write(0, 'abc'), SYNC, unlink, { kind: 'sync', file: 'folder' }], NOTHING)).toEqual({});
  });

  it('is not made up where a removed file is written to', () => {
    expect(() => after([write(0, 'a'), { kind: 'unlink', file: 'log' }, write(0, 'b')], NOTHING)).toThrow('removed');
  });
});
