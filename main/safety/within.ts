import type { Clock } from '../clock.ts';

/** What the promise yields, or null when it has failed or has not answered within `limitMs`. Never rejects. */
export function within<T>(clock: Clock, limitMs: number, promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(limitMs, () => {
      resolve(null);
    });
    const answer = (value: T | null) => {
      cancel();
      resolve(value);
    };
    promise.then(answer, () => {
      answer(null);
    });
  });
}
