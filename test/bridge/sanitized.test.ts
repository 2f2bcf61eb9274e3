import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../mql5/build.ts';
import { hasSystemPackage } from '../system-packages.ts';
import { buy, ProgramRig } from '../unit/mql5/program-rig.ts';
import { seededRandom } from '../unit/mt5/terminal/random-bytes.ts';
import { BehaviourRig } from './behaviour-rig.ts';
import { BEHAVIOURS } from './behaviours/all.ts';
import { startProgramAdapter } from './bridge-adapter.ts';
import { hostileLines, LAST_EPOCH } from './hostile-lines.ts';

const COMPILED_WITHIN_MS = 300_000;
/** One in so many behaviours. */
const EVERY = 6;
const SEEDS = [1, 2, 3, 4];
const LINES_A_SEED = 200;
/** As many lines come at once as a gateway may have unanswered, and then a good one. */
const LINES_A_BATCH = 25;

const chosen = BEHAVIOURS.filter((_, at) => at % EVERY === 0);

describe.runIf(hasSystemPackage('g++'))('the program under AddressSanitizer and UBSan', () => {
  let executable: string;

  beforeAll(async () => {
    executable = await buildProgram({ variant: 'sanitized' });
  }, COMPILED_WITHIN_MS);

  // The adapter's stop throws where the program ended or a sanitizer said anything.
  describe.concurrent('behaves', () => {
    test.each(chosen)('$name', async ({ options, run }) => {
      const rig = await BehaviourRig.start(await startProgramAdapter(executable, options), options);
      try {
        await run(rig);
      } finally {
        await rig.stop();
      }
    });
  });

  test.each(SEEDS)('a hostile gateway does it no harm: seed %i', { timeout: 60_000 }, (seed) =>
    withRig(async (rig) => {
      const program = await rig.linked();
      const lines = hostileLines(seed, LINES_A_SEED);
      const random = seededRandom(seed);
      for (let from = 0; from < lines.length; from += LINES_A_BATCH) {
        const batch = Buffer.concat(lines.slice(from, from + LINES_A_BATCH));
        for (const piece of random.cut(batch)) rig.gateway.write(piece);
        expect((await rig.gateway.ask('ping')).end[0]).toBe('ok');
      }
      rig.gateway.send(`resume | ${LAST_EPOCH}`);
      expect((await rig.gateway.ask(buy('good', Number(LAST_EPOCH)))).end.slice(0, 2)).toEqual(['done', '10009']);
      expect(program.end).toBeNull();
    }),
  );

  test('a line that never ends costs the hostile gateway its link, and nothing else', () =>
    withRig(async (rig) => {
      const program = await rig.linked();
      rig.gateway.write(Buffer.alloc(200_000, 'x'));
      await expect.poll(() => rig.gateway.connections, { timeout: 10_000 }).toBe(2);
      expect((await rig.gateway.ask(buy('good'))).end.slice(0, 2)).toEqual(['done', '10009']);
      expect(program.end).toBeNull();
    }));

  test.each([
    ['random bytes', `\u0001\u0002${'\t'.repeat(500)}`],
    ['a version that no number holds', 'welcome | 99999999999999999999 | x | y | -1'],
    ['a refusal without an end', `refused${' | x'.repeat(3_000)}`],
  ])('a hostile greeting does it no harm: %s', (_what, greeting) =>
    withRig(async (rig) => {
      await rig.gateway.stop();
      const hostile = await rig.listen(greeting);
      const program = rig.start();
      await expect.poll(() => hostile.connections, { timeout: 10_000 }).toBeGreaterThan(1);
      expect(program.end).toBeNull();
    }),
  );

  afterAll(() => {
    const hostile = SEEDS.length * LINES_A_SEED;
    console.log(`sanitized: ${chosen.length} of ${BEHAVIOURS.length} behaviours, ${hostile} hostile lines`);
  });
});

/** A gateway that the test plays, and the program; in the end nothing may have been reported of it. */
async function withRig(play: (rig: ProgramRig) => Promise<void>): Promise<void> {
  const rig = await ProgramRig.open('sanitized');
  try {
    await play(rig);
  } finally {
    await rig.close();
  }
}
