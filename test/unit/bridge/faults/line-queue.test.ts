import { describe, expect, it } from 'vitest';
import { LineQueue, type LineFate } from '../../../bridge/faults/line-queue.ts';

/** A queue whose lines that begin with "trap" meet a fate, and what it has let through. */
function queueWith(fate: LineFate) {
  const out = { text: '', isBroken: false };
  const queue = new LineQueue({
    fateOf: (line) => (line.startsWith('trap') ? fate : null),
    pass: (bytes) => {
      out.text += bytes.toString();
    },
    end: (bytes) => {
      out.text += bytes.toString();
      out.isBroken = true;
    },
  });
  return { queue, out };
}

const settled = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

describe('A queue of lines', () => {
  it('passes whole lines in the turn in which they are complete', () => {
    const { queue, out } = queueWith({ kind: 'pass' });
    queue.push(Buffer.from('one\ntw'));
    expect(out.text).toBe('one\n');
    queue.push(Buffer.from('o\nthree\n'));
    expect(out.text).toBe('one\ntwo\nthree\n');
  });

  it('breaks off after the share of a line, and lets nothing of the rest through', async () => {
    const { queue, out } = queueWith({ kind: 'break', share: 0.5 });
    queue.push(Buffer.from('one\ntrap5678\nthree\n'));
    await settled();
    queue.push(Buffer.from('four\n'));
    await settled();
    expect(out).toEqual({ text: 'one\ntrap', isBroken: true });
  });

  it('holds a line and all behind it', async () => {
    const { queue, out } = queueWith({ kind: 'hold', forMs: 30 });
    queue.push(Buffer.from('trap\ntwo\n'));
    await settled();
    expect(out.text).toBe('');
    await settled(60);
    expect(out.text).toBe('trap\ntwo\n');
  });

  it('breaks at its end once all that came before has passed', async () => {
    const { queue, out } = queueWith({ kind: 'hold', forMs: 30 });
    queue.push(Buffer.from('trap\n'));
    queue.finish();
    await settled();
    expect(out.isBroken).toBe(false);
    await settled(60);
    expect(out).toEqual({ text: 'trap\n', isBroken: true });
  });
});
