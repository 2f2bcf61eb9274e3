import type { TestCounts } from '../test-figures.ts';
import type { Scene } from './scene.ts';

/** Longest that a step may take. */
const STEP_TIMEOUT_MS = 120_000;

/** One thing that has to hold; a sentence, and what shows it. It finds the scene as the step before left it. */
export type Step = readonly [sentence: string, show: (scene: Scene) => Promise<void>];

/** Runs the steps in order and prints a line for each. Each stands on those before: the first that fails is the last that runs. */
export async function runSteps(steps: readonly Step[], scene: Scene): Promise<TestCounts> {
  let passed = 0;
  for (const [sentence, show] of steps) {
    const start = performance.now();
    const fault = await faultOf(() => show(scene));
    const seconds = ((performance.now() - start) / 1_000).toFixed(1).padStart(5);
    console.log(`${fault === null ? 'pass' : 'FAIL'} ${seconds} s  ${sentence}`);
    if (fault !== null) {
      console.log(fault);
      const left = steps.length - passed - 1;
      if (left > 0) console.log(`${left} steps after it count as failed: they were not run`);
      break;
    }
    passed += 1;
  }
  return { passed, failed: steps.length - passed, skipped: 0 };
}

async function faultOf(show: () => Promise<void>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${STEP_TIMEOUT_MS / 1_000} s`)), STEP_TIMEOUT_MS);
  });
  try {
    await Promise.race([show(), tooLong]);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}
