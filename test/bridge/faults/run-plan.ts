import { seedFor } from '../../../main/mt5/paper/random.ts';
import { Chance } from '../../faults/chance.ts';
import { FAULTS, type FaultName, type PlannedFault } from './fault.ts';

/** What a command is to do. `of` is the step whose position or order it is aimed at. */
export type PlannedDeed =
  | { readonly kind: 'market'; readonly symbol: RunSymbol; readonly side: Side; readonly volumeLots: number }
  | { readonly kind: 'pending'; readonly symbol: RunSymbol; readonly side: Side; readonly isStop: boolean }
  | { readonly kind: 'close'; readonly of: number; readonly isPart: boolean }
  | { readonly kind: 'protect' | 'cancel' | 'change'; readonly of: number };

/** A command of a run. */
export interface PlannedStep {
  readonly deed: PlannedDeed;
  readonly client: string;
  readonly reqId: string;
  /** Goes on without its reply: the next command is in flight beside it. */
  readonly isOverlapped: boolean;
  /** The same bytes come once more at once, or after the reply. */
  readonly repeat: 'none' | 'at-once' | 'later';
  /** Waits for a gateway that trades, for a while, before it is sent. */
  readonly isPatient: boolean;
}

/** All that a run does, from its seed alone. */
export interface RunPlan {
  readonly seed: number;
  readonly steps: readonly PlannedStep[];
  readonly faults: readonly PlannedFault[];
}

export type Side = 'BUY' | 'SELL';
export type RunSymbol = (typeof SYMBOLS)[number];

export const CLIENTS = ['alpha', 'beta'] as const;
const SYMBOLS = ['EURUSD', 'GBPUSD'] as const;
const LEAST_STEPS = 8;
const MOST_STEPS = 20;

/** Draws a run. Its first fault follows from the seed's place in a row of seeds, so that each fault gets its share. */
export function drawPlan(seed: number): RunPlan {
  const chance = new Chance(seedFor(seed, 'bridge faults'));
  const deeds = drawDeeds(chance, chance.whole(LEAST_STEPS, MOST_STEPS));
  const steps = deeds.map((deed, index) => drawStep(chance, deed, `run-${seed}-${index}`));
  const names = [FAULTS[seed % FAULTS.length]!, ...chance.some(FAULTS, chance.whole(0, 2))];
  return { seed, steps, faults: names.map((name, place) => drawFault(chance, name, place, steps.length)) };
}

function drawDeeds(chance: Chance, count: number): readonly PlannedDeed[] {
  const deeds: PlannedDeed[] = [];
  /** Steps whose position or order no command is aimed at yet. */
  const positions: number[] = [];
  const orders: number[] = [];
  for (let step = 0; step < count; step += 1) {
    const deed = drawDeed(chance, positions, orders);
    if (deed.kind === 'market') positions.push(step);
    if (deed.kind === 'pending') orders.push(step);
    deeds.push(deed);
  }
  return deeds;
}

function drawDeed(chance: Chance, positions: number[], orders: number[]): PlannedDeed {
  if (positions.length > 0 && chance.is(0.4)) {
    const of = take(chance, positions);
    return chance.is(0.3) ? { kind: 'protect', of } : { kind: 'close', of, isPart: chance.is(0.4) };
  }
  if (orders.length > 0 && chance.is(0.4)) {
    return { kind: chance.pick(['cancel', 'change']), of: take(chance, orders) };
  }
  const symbol = chance.pick(SYMBOLS);
  const side = chance.pick<Side>(['BUY', 'SELL']);
  if (chance.is(0.25)) return { kind: 'pending', symbol, side, isStop: chance.is(0.5) };
  return { kind: 'market', symbol, side, volumeLots: chance.pick([0.02, 0.03, 0.05]) };
}

/** Each target once, so that no command undoes what another has done before that was seen. */
function take(chance: Chance, steps: number[]): number {
  return steps.splice(chance.whole(0, steps.length - 1), 1)[0]!;
}

function drawStep(chance: Chance, deed: PlannedDeed, reqId: string): PlannedStep {
  const client = chance.pick(CLIENTS);
  const isOverlapped = chance.is(0.25);
  const repeat = chance.is(0.8) ? 'none' : chance.pick(['at-once', 'later'] as const);
  return { deed, client, reqId, isOverlapped, repeat, isPatient: chance.is(0.8) };
}

/** The first comes early, so that it strikes in any case; the others anywhere. */
function drawFault(chance: Chance, name: FaultName, place: number, steps: number): PlannedFault {
  const atStep = place === 0 ? chance.whole(1, 4) : chance.whole(0, steps - 2);
  return { name, atStep, spanMs: drawSpanMs(chance), share: chance.between(0.05, 0.95) };
}

/**
 * Mostly within the time after which a command is answered PENDING, sometimes beyond it, now and then beyond that after
 * which a program that is silent counts as gone, or a command as too old.
 */
function drawSpanMs(chance: Chance): number {
  const [least, most] = chance.is(0.6) ? [20, 300] : chance.is(0.7) ? [300, 1_200] : [2_100, 5_600];
  return Math.round(chance.between(least, most));
}
