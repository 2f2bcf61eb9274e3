import { describe, expect, it } from 'vitest';
import { LineReader } from '../../../../main/mt5/terminal/line-reader.ts';

function linesOf(...chunks: readonly (string | Buffer)[]): { lines: string[]; isWhole: boolean } {
  const reader = new LineReader();
  const lines: string[] = [];
  const take = (bytes: Buffer, start: number, end: number) => lines.push(bytes.toString('utf8', start, end));
  const isWhole = chunks.every((chunk) => reader.push(Buffer.from(chunk), take));
  return { lines, isWhole };
}

describe('a line reader', () => {
  it('cuts a stream wherever its reads begin and end', () => {
    const text = 'one\n\ntwo ü 漢\nthree\n';
    const bytes = Buffer.from(text);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(linesOf(...parts).lines).toEqual(['one', '', 'two ü 漢', 'three']);
      }
    }
  });

  it('gives nothing before the end of a line', () => {
    expect(linesOf('a', 'b', 'c').lines).toEqual([]);
  });

  it('takes 65,536 bytes and no more, in one read or in many', () => {
    const longest = 'x'.repeat(65_536);
    expect(linesOf(`${longest}\n`).lines).toEqual([longest]);
    expect(linesOf(longest.slice(1), 'x\nnext\n')).toEqual({ lines: [longest, 'next'], isWhole: true });
    expect(linesOf(`${longest}x\n`).isWhole).toBe(false);
    expect(linesOf(longest, 'x').isWhole).toBe(false);
    expect(linesOf(longest, 'x\n').isWhole).toBe(false);
    expect(linesOf('a\n', `${longest}x`)).toEqual({ lines: ['a'], isWhole: false });
  });
});
