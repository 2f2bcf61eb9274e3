/** A call that was made while the process lived. */
export interface Call {
  /** As `object.method`. */
  readonly name: string;
  readonly args: readonly unknown[];
}

/** A call that is held up at some moment. */
export interface Pause {
  readonly isReached: boolean;
  /** Lets it go on. */
  end(): void;
}

/**
 * The death of a process, for a part of it: once dead, calls have no effect and never answer. `dieAt` names a moment as
 * `object.method:before` or `object.method:after` (before its effect, after it but before the answer), the `count`th time.
 */
export class Mortality {
  #dead = false;
  #at: { readonly moment: string; count: number } | null = null;
  readonly #onDeath: () => void;
  /** Every moment that has passed, in order. */
  readonly moments: string[] = [];
  /** Every call that has begun, in order. */
  readonly calls: Call[] = [];
  readonly #pauses = new Map<string, () => Promise<void>>();

  constructor(onDeath: () => void = () => {}) {
    this.#onDeath = onDeath;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  dieAt(moment: string, count = 1): void {
    this.#at = { moment, count };
  }

  /** Holds the next call up that comes to this moment, named as in `dieAt`; the others go on. */
  pauseAt(moment: string): Pause {
    const ended = Promise.withResolvers<undefined>();
    const pause = { isReached: false, end: () => ended.resolve(undefined) };
    this.#pauses.set(moment, () => {
      pause.isReached = true;
      return ended.promise;
    });
    return pause;
  }

  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#onDeath();
  }

  /** `object` with methods that die with the process; those that do not answer with a promise are passed on as they are. */
  wrap<T extends object>(name: string, object: T, methods: readonly (keyof T & string)[]): T {
    return new Proxy(object, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        const call = member.bind(target) as (...args: unknown[]) => unknown;
        return methods.some((method) => method === key) ? this.#mortal(`${name}.${String(key)}`, call) : call;
      },
    });
  }

  #mortal(name: string, call: (...args: unknown[]) => unknown) {
    return async (...args: unknown[]): Promise<unknown> => {
      if (!this.#dead) this.calls.push({ name, args });
      this.#pass(`${name}:before`);
      const before = this.#pausedAt(`${name}:before`);
      // Without a pause the call is made in this very turn.
      if (before !== null) await before;
      if (this.#dead) return NEVER;
      const answer = await call(...args);
      this.#pass(`${name}:after`);
      const after = this.#pausedAt(`${name}:after`);
      if (after !== null) await after;
      return this.isDead ? NEVER : answer;
    };
  }

  #pausedAt(moment: string): Promise<void> | null {
    const hold = this.#pauses.get(moment);
    if (hold === undefined) return null;
    this.#pauses.delete(moment);
    return hold();
  }

  #pass(moment: string): void {
    if (this.#dead) return;
    this.moments.push(moment);
    if (this.#at?.moment !== moment) return;
    this.#at.count -= 1;
    if (this.#at.count === 0) this.die();
  }
}

const NEVER = new Promise<never>(() => {});
