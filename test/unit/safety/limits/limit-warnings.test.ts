import { describe, expect, it } from 'vitest';
import { LimitWarnings } from '../../../../main/safety/limits/limit-warnings.ts';
import type { FabricEvent } from '../../../../main/protocol/events.ts';
import { FakeSafety } from '../../../fakes/fake-safety.ts';
import { MemoryAuditLog } from '../../../fakes/memory-audit-log.ts';
import { settle, SimulatedClock } from '../../../fakes/simulated-clock.ts';

function rig() {
  const clock = new SimulatedClock();
  const audit = new MemoryAuditLog();
  const events: FabricEvent[] = [];
  const warnings = new LimitWarnings({
    ...{ clock, audit, safety: new FakeSafety(clock) },
    announce: (event) => events.push(event),
  });
  const follow = (...percents: number[]) => {
    for (const percent of percents) {
      warnings.follow({ limit: 'DRAWDOWN', percent, value: percent * 2, limitValue: 200 });
    }
    return events.splice(0).map(({ data }) => data['level_percent']);
  };
  return { warnings, audit, events, follow };
}

describe('LimitWarnings', () => {
  it('warns at 50, 75 and 90 %, not before', () => {
    const { follow } = rig();
    expect(follow(0, 49.9)).toEqual([]);
    expect(follow(50, 74.9)).toEqual([50]);
    expect(follow(75, 89.9)).toEqual([75]);
    expect(follow(90, 99.9)).toEqual([90]);
  });

  it('warns once for the highest of several levels crossed together', () => {
    expect(rig().follow(10, 80)).toEqual([75]);
  });

  it('leaves the word to the limit itself at 100 %', () => {
    expect(rig().follow(10, 100, 95)).toEqual([]);
  });

  it('warns once of a figure that sways around a level', () => {
    expect(rig().follow(50, 49, 50, 41, 51)).toEqual([50]);
  });

  it('warns again after the figure has been well below the level', () => {
    expect(rig().follow(50, 40, 50)).toEqual([50, 50]);
    expect(rig().follow(90, 80, 90)).toEqual([90, 90]);
  });

  it('warns anew once a limit is forgotten', () => {
    const { warnings, follow } = rig();
    expect(follow(60)).toEqual([50]);
    warnings.forget('DRAWDOWN');
    expect(follow(60)).toEqual([50]);
  });

  it('tells the event channel and the audit log the same figures', async () => {
    const { warnings, audit, events } = rig();
    warnings.follow({ limit: 'OPEN_POSITIONS', percent: 75, value: 3, limitValue: 4 });
    await settle();
    const data = { limit: 'OPEN_POSITIONS', level_percent: 75, value: 3, limit_value: 4 };
    expect(events).toMatchObject([{ event: 'LIMIT', timestamp: Date.UTC(2026, 0, 5, 12) / 1_000, data }]);
    expect(audit.types()).toEqual(['LIMIT_WARNING']);
    expect(JSON.parse(audit.rows[0]?.payload ?? '')).toEqual(data);
    expect(audit.rows[0]?.reason).toContain('75 %');
  });
});
