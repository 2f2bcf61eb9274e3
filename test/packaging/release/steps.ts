/** One thing that has to hold of a release: a sentence, and what shows it. */
export type Step = readonly [sentence: string, show: () => void | Promise<void>];

/** Runs the steps in order, a line for each; the first that fails is the last that runs, and ends the process with 1. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  for (const [sentence, show] of steps) {
    try {
      await show();
      console.log(`pass  ${sentence}`);
    } catch (error) {
      console.log(`FAIL  ${sentence}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exit(1);
    }
  }
}
