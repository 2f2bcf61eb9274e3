import { spread, type Spread } from './statistics.ts';

/** Who is measured: this program, zeromq.js with nothing around it, a pyzmq gateway of 30 lines. */
export const SIDES = ['ours', 'bare', 'python'] as const;
export type Side = (typeof SIDES)[number];

/** What a figure has to reach. `must` decides the exit code, `aim` is only shown. */
export interface Goal {
  readonly kind: 'must' | 'aim';
  /** `than` names what is compared: another side's median, another figure's, or a fixed number. */
  readonly than: Side | { readonly number: number };
  /** The figure may be at most (lower is better) or must be at least (higher is better) this many times that. */
  readonly times?: number;
}

/** One number of a row. */
export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly unit: 'µs' | 'ms' | '/s' | 'MB' | '%' | '';
  readonly better: 'lower' | 'higher';
  readonly goals: readonly Goal[];
}

/** What one round of one side yields: a number for each figure's key that it has. */
export type Sample = Readonly<Record<string, number>>;

/** The sides of a row, started and ready; each call is one round. */
export type Contest = Partial<Record<Side, () => Promise<Sample>>>;

/** How long and how often to measure, and with what. */
export interface Effort {
  readonly quick: boolean;
  readonly rounds: number;
  /** python3-zmq is there. */
  readonly python: boolean;
  /** g++ is there, which compiles the bridge program. */
  readonly compiler: boolean;
  /** Chromium is there, to look at the screen with. */
  readonly browser: boolean;
}

/** What the sides of a contest need is started here and ended with it. */
export class Stage implements AsyncDisposable {
  readonly #started = new AsyncDisposableStack();

  /** Keeps something until the contest is over. */
  use<T extends AsyncDisposable>(resource: T): T {
    return this.#started.use(resource);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#started.disposeAsync();
  }
}

/** A row of the benchmarks: opens its contest on a stage that is cleared when it has been measured. */
export interface Row {
  readonly name: string;
  /** What is measured, and with which client. */
  readonly about: string;
  readonly figures: readonly Figure[];
  /** Where this row takes more or fewer than the others. */
  readonly rounds?: number;
  /** It takes too long for a quick run, unless it is asked for by name. */
  readonly isSlow?: boolean;
  open(stage: Stage, effort: Effort): Promise<Contest>;
}

/** A figure with what each side came to. */
export interface Measured {
  readonly row: string;
  readonly figure: Figure;
  readonly values: Partial<Record<Side, Spread>>;
}

/** Measures a row, the sides taking turns, so that a change of the machine's speed hits all of them alike. */
export async function measureRow(row: Row, effort: Effort): Promise<readonly Measured[]> {
  await using stage = new Stage();
  const contest = await row.open(stage, effort);
  const samples: Record<Side, Sample[]> = { ours: [], bare: [], python: [] };
  for (let round = 0; round < (row.rounds ?? effort.rounds); round += 1) {
    for (const side of SIDES) {
      const sample = await contest[side]?.();
      if (sample !== undefined) samples[side].push(sample);
    }
  }
  return row.figures.map((figure) => ({ row: row.name, figure, values: valuesOf(figure, samples) }));
}

function valuesOf(figure: Figure, samples: Readonly<Record<Side, readonly Sample[]>>): Partial<Record<Side, Spread>> {
  const values: Partial<Record<Side, Spread>> = {};
  for (const side of SIDES) {
    const numbers = samples[side].map((sample) => sample[figure.key]).filter((value) => value !== undefined);
    if (numbers.length > 0) values[side] = spread(numbers);
  }
  return values;
}
