import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../../../../main/safety/limits/sliding-window.ts';

describe('SlidingWindow', () => {
  it('counts what happened within its length and forgets what is exactly that old', () => {
    const window = new SlidingWindow(60_000);
    expect(window.add(0)).toBe(1);
    expect(window.add(59_999)).toBe(2);
    expect(window.add(60_000)).toBe(2);
    expect(window.add(119_999)).toBe(2);
  });

  it('counts right over many more entries than it keeps', () => {
    const window = new SlidingWindow(100);
    let count = 0;
    for (let atMs = 0; atMs < 20_000; atMs += 1) count = window.add(atMs);
    expect(count).toBe(100);
  });

  it('counts from nothing after it was cleared', () => {
    const window = new SlidingWindow(100);
    window.add(0);
    window.clear();
    expect(window.add(1)).toBe(1);
  });
});
