import { afterEach, describe, expect, it, vi } from 'vitest';
import { microsecondStamp, sinceStampMs } from '../../bench/tick-stamp.ts';

afterEach(() => vi.restoreAllMocks());

function at(ms: number): void {
  vi.spyOn(process.hrtime, 'bigint').mockReturnValue(BigInt(Math.round(ms * 1e6)));
}

describe('the stamp of a tick', () => {
  it('tells how long ago it was made, to the microsecond', () => {
    at(123_456.7);
    const stamp = microsecondStamp();
    at(123_458.95);
    expect(stamp).toBe(3_456_700);
    expect(sinceStampMs(stamp)).toBeCloseTo(2.25, 3);
  });

  it('tells it also where it has begun anew meanwhile', () => {
    at(19_999.5);
    const stamp = microsecondStamp();
    at(20_003.5);
    expect(sinceStampMs(stamp)).toBeCloseTo(4, 3);
  });
});
