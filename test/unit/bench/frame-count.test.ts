import { describe, expect, it } from 'vitest';
import { FrameCount } from '../../bench/frame-count.ts';

const compact = (symbol: string, seq: number) => JSON.stringify({ symbol, bid: 1.05, seq });
const spaced = (symbol: string, seq: number) => `{"symbol": "${symbol}", "bid": 1.05, "seq": ${seq}}`;

function take(count: FrameCount, ...frames: readonly string[]): FrameCount {
  for (const text of frames) {
    const bytes = Buffer.from(`..${text}..`);
    count.take(bytes, 2, bytes.length - 2);
  }
  return count;
}

describe('the frame count', () => {
  it('counts frames and sees no gap where there is none', () => {
    const count = take(new FrameCount(), compact('EURUSD', 9), compact('EURUSD', 10), compact('EURUSD', 11));
    expect(count).toMatchObject({ frames: 3, missing: 0 });
  });

  it('counts what is missing between two ticks of a symbol', () => {
    expect(take(new FrameCount(), compact('EURUSD', 1), compact('EURUSD', 100)).missing).toBe(98);
  });

  it('follows each symbol by itself', () => {
    const count = take(new FrameCount(), compact('EURUSD', 1), compact('GBPUSD', 50), compact('EURUSD', 2));
    expect(count.missing).toBe(0);
  });

  it('reads JSON with spaces too', () => {
    expect(take(new FrameCount(), spaced('EURUSD', 1), spaced('EURUSD', 4)).missing).toBe(2);
  });

  it('sees a gap across a reset, but counts from nought', () => {
    const count = take(new FrameCount(), compact('EURUSD', 1), compact('EURUSD', 5));
    count.reset();
    take(count, compact('EURUSD', 7));
    expect(count).toMatchObject({ frames: 1, missing: 1 });
  });
});
