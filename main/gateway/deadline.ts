import type { Clock } from '../clock.ts';

/** What `promise` yields, or `late()` where it has not answered within `limitMs`. A rejection passes through. */
export function beforeDeadline<T>(clock: Clock, limitMs: number, promise: Promise<T>, late: () => T): Promise<T> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T>();
  const cancel = clock.after(limitMs, () => resolve(late()));
  promise.then(resolve, reject).finally(cancel);
  return first;
}
