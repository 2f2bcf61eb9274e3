import { describe, expect, it } from 'vitest';
import { Topic, textWithoutAges, type Source } from '../../../../main/control/live/topic.ts';
import type { Log } from '../../../../main/log.ts';
import { silentLog } from '../../../../main/log.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

interface Value {
  readonly count: number;
  readonly heard_ms_ago?: number;
}

function topicOf(more: Partial<Source<Value>> = {}, log: Log = silentLog) {
  const clock = new SimulatedClock();
  const rig = {
    clock,
    now: { count: 0 } as Value,
    watchers: 0,
    changed: () => {},
    got: [] as Value[],
  };
  const source: Source<Value> = {
    value: () => rig.now,
    watch: (changed) => {
      rig.watchers += 1;
      rig.changed = changed;
      return () => void (rig.watchers -= 1);
    },
    ...more,
  };
  const topic = new Topic('counting', source, { clock, log });
  const become = (value: Value) => {
    rig.now = value;
    rig.changed();
  };
  return Object.assign(rig, { topic, become, follow: () => topic.subscribe((value) => rig.got.push(value)) });
}

describe('a topic', () => {
  it('gives the value as it is at once, and then each new one', async () => {
    const { got, clock, become, follow } = topicOf();
    follow();
    expect(got).toEqual([{ count: 0 }]);
    await clock.advance(1_000);
    become({ count: 1 });
    await clock.advance(0);
    expect(got).toEqual([{ count: 0 }, { count: 1 }]);
  });

  it('never sends in the turn of the change', async () => {
    const { got, clock, become, follow } = topicOf();
    follow();
    await clock.advance(1_000);
    become({ count: 1 });
    expect(got).toHaveLength(1);
  });

  it('sends at most 10 values a second, and always the last one', async () => {
    const { got, clock, become, follow } = topicOf();
    follow();
    for (let count = 1; count <= 500; count += 1) {
      become({ count });
      await clock.advance(2);
    }
    expect(got.length).toBeLessThanOrEqual(11);
    await clock.advance(100);
    expect(got.at(-1)).toEqual({ count: 500 });
  });

  it('keeps quiet while only an age has grown', async () => {
    const { got, clock, become, follow } = topicOf();
    follow();
    await clock.advance(1_000);
    become({ count: 0, heard_ms_ago: 900 });
    await clock.advance(1_000);
    expect(got).toHaveLength(1);
  });

  it('sends an equal value whose mark is another', async () => {
    let mark = 'fresh';
    const { got, clock, become, follow } = topicOf({ mark: () => mark });
    follow();
    mark = 'stale';
    become({ count: 0 });
    await clock.advance(1_000);
    expect(got).toHaveLength(2);
  });

  it('looks at nothing while nobody follows it', async () => {
    const rig = topicOf();
    expect(rig.watchers).toBe(0);
    const [first, second] = [rig.follow(), rig.follow()];
    expect(rig.watchers).toBe(1);
    first();
    first();
    expect(rig.watchers).toBe(1);
    rig.become({ count: 1 });
    second();
    expect(rig.watchers).toBe(0);
    await rig.clock.advance(1_000);
    expect(rig.got).toEqual([{ count: 0 }, { count: 0 }]);
  });

  it('gives whoever comes later the value of now', async () => {
    const { got, clock, become, follow } = topicOf();
    follow();
    await clock.advance(1_000);
    become({ count: 7 });
    follow();
    expect(got).toEqual([{ count: 0 }, { count: 7 }]);
  });

  it('goes on for the others where one of them throws', async () => {
    const { topic, got, clock, become, follow } = topicOf();
    topic.subscribe(() => {
      throw new Error('a screen that fails');
    });
    follow();
    become({ count: 1 });
    await clock.advance(1_000);
    expect(got).toEqual([{ count: 0 }, { count: 1 }]);
  });

  it('outlives a value that cannot be made, and says so in the log', async () => {
    const faults: unknown[] = [];
    let isBroken = true;
    const value = () => {
      if (isBroken) throw new Error('no value');
      return { count: 3 };
    };
    const log = { ...silentLog, error: (_: string, fields?: object) => void faults.push(fields) };
    const rig = topicOf({ value }, log);
    rig.follow();
    expect(faults).toMatchObject([{ topic: 'counting' }]);
    isBroken = false;
    rig.changed();
    await rig.clock.advance(1_000);
    expect(rig.got).toEqual([{ count: 3 }]);
  });

  it('ends for everybody when it is stopped', async () => {
    const rig = topicOf();
    rig.follow();
    rig.follow();
    rig.topic.stop();
    expect(rig.watchers).toBe(0);
    rig.become({ count: 1 });
    await rig.clock.advance(1_000);
    expect(rig.got).toHaveLength(2);
  });
});

describe('a value without its ages', () => {
  it('has neither ages nor what remains of a lease, however deep', () => {
    const value = { ms_ago: 1, command: { last_ms_ago: 2, p50_ms: 3 }, leases: [{ remaining_ms: 4, lease_s: 5 }] };
    expect(textWithoutAges(value)).toBe('{"command":{"p50_ms":3},"leases":[{"lease_s":5}]}');
  });
});
