import { randomStream } from '../../main/mt5/paper/random.ts';

/** Choices that depend on a seed alone. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomStream(seed);
  }

  /** True in this share of cases, 0 to 1. */
  is(share: number): boolean {
    return this.#next() < share;
  }

  /** From `least` up to, but without, `most`. */
  between(least: number, most: number): number {
    return least + this.#next() * (most - least);
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  /** One of the items. Throws RangeError for none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.whole(0, items.length - 1)]!;
  }

  /** At most `count` of the items, each at most once. */
  some<T>(items: readonly T[], count: number): readonly T[] {
    const rest = [...items];
    const picked: T[] = [];
    while (picked.length < count && rest.length > 0) picked.push(...rest.splice(this.whole(0, rest.length - 1), 1));
    return picked;
  }
}
