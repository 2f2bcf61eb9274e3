import { describe, expect, it } from 'vitest';
import { less } from '../../bench/figures.ts';
import { measureRow, type Effort, type Row } from '../../bench/row.ts';

const effort: Effort = { quick: true, rounds: 3, python: true, compiler: true, browser: true };

/** A row whose sides answer 1, 2, 3 … in the order in which they are asked, and that notes what happens to it. */
function notedRow(failing = false) {
  const notes: string[] = [];
  let asked = 0;
  const side = (name: string) => () => {
    notes.push(name);
    asked += 1;
    return failing ? Promise.reject(new Error('no answer')) : Promise.resolve({ ms: asked });
  };
  const row: Row = {
    name: 'noted',
    about: '',
    figures: [less('ms', 'time', 'ms'), less('other', 'what no side has', 'ms')],
    open: (stage) => {
      stage.use({
        [Symbol.asyncDispose]: () => {
          notes.push('cleared');
          return Promise.resolve();
        },
      });
      return Promise.resolve({ python: side('python'), ours: side('ours') });
    },
  };
  return { notes, row };
}

describe('measuring a row', () => {
  it('lets the sides take turns, ours first, and clears the stage at the end', async () => {
    const { notes, row } = notedRow();
    await measureRow(row, effort);
    expect(notes).toEqual(['ours', 'python', 'ours', 'python', 'ours', 'python', 'cleared']);
  });

  it('sums the rounds of each side up', async () => {
    const [time, other] = await measureRow(notedRow().row, effort);
    expect(time!.values).toEqual({
      ours: { median: 3, min: 1, max: 5, rounds: 3 },
      python: { median: 4, min: 2, max: 6, rounds: 3 },
    });
    expect(other!.values).toEqual({});
  });

  it('clears the stage when a side fails', async () => {
    const { notes, row } = notedRow(true);
    await expect(measureRow(row, effort)).rejects.toThrow('no answer');
    expect(notes).toEqual(['ours', 'cleared']);
  });
});
