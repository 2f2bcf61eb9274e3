import * as fc from 'fast-check';
import { Breach, PROPERTIES, type Property } from './breach.ts';
import { play } from './play.ts';
import type { Reached } from './reached.ts';
import { anySequence, describeSequence, type Sequence } from './steps.ts';

/** How many sequences to play, and which. */
export interface ModelRun {
  readonly sequences: number;
  readonly seed: number;
}

export type ModelResult =
  | { readonly ok: true; readonly sequences: number; readonly reached: ReadonlyMap<Reached, number> }
  | {
      readonly ok: false;
      readonly property: Property | null;
      /** Sequences until the first that failed. */
      readonly sequences: number;
      readonly sequence: Sequence;
      /** What failed, the seed, and the shortest sequence that fails, readably. */
      readonly report: string;
    };

/** Plays random sequences until one breaks a property; shrinks that one. */
export async function runModel({ sequences, seed }: ModelRun): Promise<ModelResult> {
  const reached = new Map<Reached, number>();
  let broken: Property | null = null;
  const property = fc.asyncProperty(anySequence, async (sequence) => {
    try {
      for (const state of await play(sequence)) reached.set(state, (reached.get(state) ?? 0) + 1);
    } catch (error) {
      // While it shrinks: a sequence that breaks something else is not a shorter form of this one.
      if (error instanceof Breach && broken !== null && error.property !== broken) return;
      if (error instanceof Breach) broken = error.property;
      throw error;
    }
  });
  const details = await fc.check(property, { numRuns: sequences, seed });
  if (!details.failed) return { ok: true, sequences: details.numRuns, reached };
  const sequence = details.counterexample?.[0] ?? null;
  if (sequence === null) throw new Error(fc.defaultReportMessage(details) ?? 'no sequence was played');
  const error = details.errorInstance;
  const what = error instanceof Breach ? `${error.message}\n  (${PROPERTIES[error.property]})` : stackOf(error);
  const found = `sequence ${details.numRuns} of seed ${details.seed}, shrunk ${details.numShrinks} times`;
  return {
    ok: false,
    property: error instanceof Breach ? error.property : null,
    sequences: details.numRuns,
    sequence,
    report: `${what}\n  ${found}\n${describeSequence(sequence)}`,
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
