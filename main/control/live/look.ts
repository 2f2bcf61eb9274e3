import type { Clock } from '../../clock.ts';

/** Calls `fn` again and again, `everyMs` apart, until what this returns is called. */
export function lookEvery(clock: Clock, everyMs: number, fn: () => void): () => void {
  let cancel = () => {};
  const later = () => {
    cancel = clock.after(everyMs, () => {
      later();
      fn();
    });
  };
  later();
  return () => cancel();
}
