import type { ModelOptions, Sequence, Step } from './steps.ts';

/** A sequence that has once broken a property, by what has to come about in it. */
export interface KnownSequence {
  readonly name: string;
  readonly sequence: Sequence;
}

const WORLD: ModelOptions = { marginMode: 'HEDGING', concurrency: 4, latencyMs: 0, queryMs: 0 };
const NETTING = { marginMode: 'NETTING' } as const;

const ORDER: Step = { do: 'order', client: 'alpha', side: 'BUY', type: 'MARKET', volume: 0.1 };
const CLOSE: Step = { do: 'close', client: 'alpha', nth: 0, part: false };
const CANCEL: Step = { do: 'cancel', client: 'alpha', nth: 0 };
const KILL: Step = { do: 'kill', client: 'alpha', flatten: 'account', form: 'plain' };
const RESUME: Step = { do: 'resume', reason: 'looked at it' };
const CRASH: Step = { do: 'crash', downMs: 0 };
const STOP: Step = { do: 'stop', downMs: 0 };
const BUY_BY_HAND: Step = { do: 'by-hand', side: 'BUY' };
const SELL_BY_HAND: Step = { do: 'by-hand', side: 'SELL' };
const HALT: Step = { do: 'operator-halt', flatten: 'none' };
const LINK_DOWN: Step = { do: 'link', up: false, restarts: false };
const DISK_BREAKS: Step = { do: 'disk', event: 'breaks' };

/** Sequences that have once found a mistake, each as short as it was found or made. */
export const KNOWN_SEQUENCES: readonly KnownSequence[] = [
  known('a cancel of an order that never was, cut off by a crash, comes to a known end', { latencyMs: 20 }, [
    [CANCEL, 0],
    [CANCEL, 2],
    [CRASH, 0],
  ]),
  known('an order that a netting account deals against a position by hand is found by its tag', NETTING, [
    [fate('lost-late'), 0],
    [ORDER, 3],
    [SELL_BY_HAND, 0],
  ]),
  known('a lost close that never happened is not mistaken for that of the flatten', {}, [
    [BUY_BY_HAND, 0],
    [fate('lost', 'requote'), 0],
    [CLOSE, 0],
    [wait(1), 0],
    [KILL, 0],
  ]),
  known('a flatten without a link looks again without hurry', {}, [
    [ORDER, 4],
    [fate('requote'), 0],
    [KILL, 4],
    [LINK_DOWN, 0],
    [wait(1_000), 0],
  ]),
  known('a close that is dealt while its position grows is known to be dealt', NETTING, [
    [SELL_BY_HAND, 0],
    [fate('placed'), 0],
    [KILL, 4],
    [SELL_BY_HAND, 0],
  ]),
  known('a wider flatten that comes during the last look is not forgotten', { queryMs: 40 }, [
    [wait(1), 4],
    [{ ...KILL, flatten: 'gateway' }, 0],
    [wait(2_250), 0],
    [BUY_BY_HAND, 0],
    [KILL, 0],
  ]),
  known('a flatten closes although the terminal knows an epoch that was never recorded', {}, [
    [ORDER, 4],
    [DISK_BREAKS, 0],
    [ORDER, 4],
    [RESUME, 4],
    [RESUME, 4],
    [CRASH, 0],
    [KILL, 0],
  ]),
  known('a close after a crash does not carry the tag of one before it', NETTING, [
    [ORDER, 4],
    [{ do: 'disk', event: 'hangs' }, 0],
    [fate('lost-late'), 0],
    [{ do: 'operator-halt', flatten: 'account' }, 4],
    [BUY_BY_HAND, 0],
    [{ do: 'crash', downMs: 12_000 }, 0],
    [KILL, 0],
  ]),
  known('a halt that could not be recorded outlives a stop in order', {}, [
    [wait(1), 4],
    [{ do: 'trigger', kind: 'CLOCK', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway' }, 4],
    [{ do: 'token', event: 'stays' }, 0],
    [DISK_BREAKS, 0],
    [HALT, 4],
    [{ do: 'disk', event: 'is repaired' }, 0],
    [STOP, 4],
  ]),
  known('SUSPENDED ends in time although it is said meanwhile that something else is gone', {}, [
    [wait(1), 4],
    [{ do: 'trigger', kind: 'CLOCK', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway', standing: false }, 0],
    [wait(250), 0],
    [{ do: 'clear', kind: 'LIMIT' }, 0],
    [wait(2_900), 0],
  ]),
];

function known(
  name: string,
  options: Partial<ModelOptions>,
  steps: readonly (readonly [step: Step, turns: number])[],
): KnownSequence {
  return {
    name,
    sequence: { options: { ...WORLD, ...options }, steps: steps.map(([step, turns]) => ({ step, turns })) },
  };
}

function wait(forMs: number): Step {
  return { do: 'wait', forMs };
}

function fate(...fates: Extract<Step, { readonly do: 'fate' }>['fates']): Step {
  return { do: 'fate', fates };
}
