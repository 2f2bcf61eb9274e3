import { describe, expect, it } from 'vitest';
import { Progress } from '../../../main/audit/progress.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

function screen(isTerminal: boolean) {
  const clock = new SimulatedClock();
  const said: string[] = [];
  const progress = new Progress(
    { isTerminal, stderr: (text) => said.push(text), nowMs: () => clock.nowMs() },
    (done) => `${done} done`,
  );
  return { clock, said, progress };
}

describe('progress', () => {
  it('is written over twice a second on a terminal, and taken off at the end', async () => {
    const { clock, said, progress } = screen(true);
    for (const done of [1, 2, 3, 4, 5, 6]) {
      await clock.advance(250);
      progress.at(done);
    }
    progress.end();
    progress.end();
    expect(said).toEqual(['\r2 done\u001b[K', '\r4 done\u001b[K', '\r6 done\u001b[K', '\r\u001b[K']);
  });

  it('says nothing on a terminal where it takes no time', () => {
    const { said, progress } = screen(true);
    progress.at(1_000_000);
    progress.end();
    expect(said).toEqual([]);
  });

  it('is a line every 250,000 elsewhere', () => {
    const { said, progress } = screen(false);
    for (let done = 0; done <= 600_000; done += 500) progress.at(done);
    progress.end();
    expect(said).toEqual(['250000 done\n', '500000 done\n']);
  });
});
