let due: Promise<void> | null = null;

/**
 * Resolves when this turn of the event loop has taken in everything that had come by then, whatever socket it came on.
 * All who wait in one turn go on together, in order, so that their rows share a commit.
 */
export function endOfTurn(): Promise<void> {
  due ??= new Promise((resolve) => {
    setImmediate(() => {
      due = null;
      resolve();
    });
  });
  return due;
}
