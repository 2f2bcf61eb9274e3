import { describe, expect, it } from 'vitest';
import { KNOWN_SEQUENCES } from './known-sequences.ts';
import { runMutant } from './mutant.ts';
import { MUTATIONS } from './mutations.ts';
import { play } from './play.ts';
import { REACHED } from './reached.ts';
import { runModel } from './run-model.ts';

const SEED = 20_260_105;
const SEQUENCES = 10_000;
/** Enough for every mutation to fall. */
const MUTANT_SEQUENCES = 1_000;
/** Fewer runs than this in which a state is reached prove too little. */
const ENOUGH = 10;

describe('sequences that have once broken a property', () => {
  it.each(KNOWN_SEQUENCES)('$name', async ({ sequence }) => {
    await expect(play(sequence)).resolves.toBeInstanceOf(Set);
  });
});

describe('the model of the kill switch', () => {
  it('holds over 10,000 random sequences, which reach every interesting state', { timeout: 240_000 }, async () => {
    const result = await runModel({ sequences: SEQUENCES, seed: SEED });
    expect.assert(result.ok, result.ok ? '' : result.report);
    const rare = REACHED.filter((state) => (result.reached.get(state) ?? 0) < ENOUGH);
    expect(rare).toEqual([]);
  });

  it('holds on a copy of the tree without a change', { timeout: 120_000 }, async () => {
    const { exitCode, output } = await runMutant(null, { sequences: MUTANT_SEQUENCES, seed: SEED });
    expect.soft(output).toContain('every property held');
    expect(exitCode).toBe(0);
  });

  for (const mutation of MUTATIONS) {
    it(`catches ${mutation.name} as ${mutation.caughtBy}`, { timeout: 120_000 }, async () => {
      const { exitCode, output } = await runMutant(mutation, { sequences: MUTANT_SEQUENCES, seed: SEED });
      expect(output.split(':')[0]).toBe(mutation.caughtBy);
      expect(exitCode).toBe(1);
    });
  }
});
