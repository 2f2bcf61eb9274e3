/** Modes in rising order of restriction, as the documents list them. */
const RANKS = { TRADING: 0, SUSPENDED: 1, REDUCE_ONLY: 2, HALTED: 3 } as const;
export type ModelMode = keyof typeof RANKS;
const SCOPES = ['none', 'gateway', 'account'] as const;
export type ModelScope = (typeof SCOPES)[number];

/** Something that asks for a restriction. */
export interface Asked {
  readonly kind: string;
  readonly actor: string;
  readonly mode: Exclude<ModelMode, 'TRADING'>;
  readonly flatten: ModelScope;
  readonly standing: boolean;
}

/** How long SUSPENDED outlives its causes, in milliseconds. */
const QUIET_MS = 3_000;

/**
 * What the trading state has to be, worked out from what was asked for alone: the maximum since the last resume.
 * Written from the documents, it shares no code with the gateway. Times in milliseconds.
 */
export class Lattice {
  #asked: Asked[] = [];
  #changedAtMs = 0;
  #flatten: ModelScope = 'none';
  /** Raises so far: a resume that one of them has come across must fail. */
  raises = 0;
  /** A flatten was asked for and the book has not been called flat since. */
  isFlatteningDue = false;

  get flatten(): ModelScope {
    return this.#flatten;
  }

  /** Asks for a restriction; whoever flattens halts. */
  ask(asked: Asked, nowMs: number): void {
    this.mode(nowMs);
    this.raises += 1;
    this.#asked.push(asked.flatten === 'none' ? asked : { ...asked, mode: 'HALTED' });
    this.#changedAtMs = nowMs;
    if (asked.flatten === 'none') return;
    this.isFlatteningDue = true;
    if (SCOPES.indexOf(asked.flatten) > SCOPES.indexOf(this.#flatten)) this.#flatten = asked.flatten;
  }

  /** What asked so is gone; that alone lowers nothing. */
  clear(kind: string, actor: string | undefined, nowMs: number): void {
    this.mode(nowMs);
    const isGone = (asked: Asked) => asked.kind === kind && (actor === undefined || asked.actor === actor);
    if (!this.#asked.some((asked) => isGone(asked) && asked.standing)) return;
    this.#asked = this.#asked.map((asked) => (isGone(asked) ? { ...asked, standing: false } : asked));
    this.#changedAtMs = nowMs;
  }

  /** Start-up is over: what asked only for its sake asks no more. */
  withdraw(kind: string, nowMs: number): void {
    this.#asked = this.#asked.filter((asked) => asked.kind !== kind);
    this.#changedAtMs = nowMs;
  }

  /** The mode of now. SUSPENDED ends by itself, and nothing else does. */
  mode(nowMs: number): ModelMode {
    let mode: ModelMode = 'TRADING';
    for (const asked of this.#asked) if (RANKS[asked.mode] > RANKS[mode]) mode = asked.mode;
    if (mode !== 'SUSPENDED' || this.hasStanding() || nowMs < this.#changedAtMs + QUIET_MS) return mode;
    this.#asked = [];
    return 'TRADING';
  }

  /** Whether something that asked still holds: then nobody may resume. */
  hasStanding(): boolean {
    return this.#asked.some(({ standing }) => standing);
  }

  /** A person has resumed. */
  resumed(): void {
    this.#asked = [];
    this.#flatten = 'none';
    this.isFlatteningDue = false;
  }

  /** A new process: it knows of what was before only what is asked for again. */
  restarted(asked: readonly Asked[], nowMs: number): void {
    this.resumed();
    for (const one of asked) this.ask(one, nowMs);
  }

  /** The book was called flat. */
  verified(): void {
    this.isFlatteningDue = false;
  }
}

/** Whether one mode restricts at least as much as another. */
export function isAtLeast(mode: ModelMode, floor: ModelMode): boolean {
  return RANKS[mode] >= RANKS[floor];
}
