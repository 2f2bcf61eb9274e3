import { describe, expect, it } from 'vitest';
import { MemoryGuard } from '../../../main/gateway/memory-guard.ts';
import { createLog } from '../../../main/log.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

const MIB = 1024 * 1024;

function guarded() {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const memory = { mib: 100 };
  let ended = 0;
  const guard = new MemoryGuard({
    clock,
    log: createLog((line) => lines.push(line)),
    residentBytes: () => memory.mib * MIB,
    endConnections: () => {
      ended += 1;
      return Promise.resolve();
    },
  });
  guard.start();
  return { clock, lines, memory, guard, ended: () => ended };
}

describe('MemoryGuard', () => {
  it('lets a gateway use 256 MiB more than at its start', async () => {
    const { clock, memory, ended } = guarded();
    memory.mib = 356;
    await clock.advance(60_000);
    expect(ended()).toBe(0);
  });

  it('ends all connections within a second when it is more, and says so once', async () => {
    const { clock, memory, lines, ended } = guarded();
    memory.mib = 400;
    await clock.advance(1_000);
    expect(ended()).toBe(1);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'memory-flooded', inUseMib: 400, allowedMib: 356 });
  });

  it('takes what the allocator has kept for no new flood, and what comes on top of it for one', async () => {
    const { clock, memory, ended } = guarded();
    memory.mib = 400;
    await clock.advance(60_000);
    expect(ended()).toBe(1);
    memory.mib = 470;
    await clock.advance(60_000);
    expect(ended()).toBe(2);
  });

  it('ends them no more than about once a second while memory grows without end', async () => {
    const { clock, memory, ended } = guarded();
    for (let second = 0; second < 10; second += 1) {
      memory.mib += 300;
      await clock.advance(1_000);
    }
    expect(ended()).toBeGreaterThan(5);
    expect(ended()).toBeLessThanOrEqual(10);
  });

  it('looks no more once it is stopped', async () => {
    const { clock, memory, guard, ended } = guarded();
    guard.stop();
    guard.stop();
    memory.mib = 4_000;
    await clock.advance(60_000);
    expect(ended()).toBe(0);
  });
});
