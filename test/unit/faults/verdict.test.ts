import { describe, expect, it } from 'vitest';
import type { Tally } from '../../faults/part.ts';
import { failures } from '../../faults/verdict.ts';

const tally = (more: Partial<Tally>): Tally => ({
  ...{ name: 'part', faults: 1, commands: 1, acknowledged: 1, resent: 0, violations: [] },
  ...more,
});
const lost = [{ kind: 'lost', what: 'a row' }] as const;

describe('the verdict on a run', () => {
  it('is good where nothing was found and the control lost something', () => {
    expect(failures([tally({}), tally({ isControl: true, violations: lost })])).toEqual([]);
  });

  it('names each violation', () => {
    expect(failures([tally({ violations: lost })])).toEqual(['lost: part: a row']);
  });

  it('is bad where the control lost nothing: the check could not have failed', () => {
    expect(failures([tally({ isControl: true })])).toEqual([expect.stringContaining('lost nothing')]);
  });
});
