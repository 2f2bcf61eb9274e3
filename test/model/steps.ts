import * as fc from 'fast-check';
import type { MarginMode } from '../../main/mt5/market.ts';
import { FATES, type Fate } from './model-terminal.ts';

/** How the account and the terminal of a sequence are. Times in milliseconds. */
export interface ModelOptions {
  readonly marginMode: MarginMode;
  readonly concurrency: 1 | 4;
  /** How long a trading call takes. */
  readonly latencyMs: number;
  /** How long an answer about the book takes. */
  readonly queryMs: number;
}

export const CLIENTS = ['alpha', 'beta'] as const;
export type Client = (typeof CLIENTS)[number];

/** Ways to send a KILL_SWITCH. `same-id` repeats the `req_id` of the last one, `order-id` that of an order. */
const KILL_FORMS = [
  'plain',
  'same-id',
  'same-id',
  'order-id',
  'no-payload',
  'no-timestamp',
  'stale',
  'surplus',
  'twice',
  'no-id',
] as const;
export type KillForm = (typeof KILL_FORMS)[number];
const KILL_SCOPES = ['none', 'gateway', 'account', 'nonsense', undefined] as const;

/** Ways to try to resume over the wire. */
const PRETENCES = ['RESUME', 'resume', 'MODE', 'ARM', 'heartbeat-mode', 'heartbeat-resume', 'order-mode'] as const;
export type Pretence = (typeof PRETENCES)[number];

const TRIGGER_KINDS = ['LEASE', 'LIMIT', 'TERMINAL', 'AUTOTRADING', 'CLOCK', 'RECONCILIATION', 'DISK'] as const;
/** Every kind that may stand, those of start-up included. */
export const CLEARABLE_KINDS = [...TRIGGER_KINDS, 'OPERATOR', 'UNKNOWN_ORDER'] as const;
const DISK_EVENTS = ['hangs', 'goes on', 'breaks', 'is repaired', 'fails once', 'fails once, yet writes'] as const;
const TOKEN_EVENTS = ['stays', 'can be removed', 'cannot be armed', 'can be armed', 'hangs', 'goes on'] as const;

/** One event of a sequence. */
export type Step =
  | OrderStep
  | { readonly do: 'close'; readonly client: Client; readonly nth: number; readonly part: boolean }
  | { readonly do: 'cancel'; readonly client: Client; readonly nth: number }
  | { readonly do: 'again'; readonly back: number; readonly as: 'same' | 'later' | 'other' }
  | {
      readonly do: 'kill';
      readonly client: Client;
      readonly flatten: (typeof KILL_SCOPES)[number];
      readonly form: KillForm;
    }
  | { readonly do: 'operator-halt'; readonly flatten: 'none' | 'account' }
  | TriggerStep
  | { readonly do: 'clear'; readonly kind: (typeof CLEARABLE_KINDS)[number]; readonly actor?: string | undefined }
  | { readonly do: 'resume'; readonly reason: string }
  | { readonly do: 'pretend'; readonly client: Client; readonly how: Pretence }
  | { readonly do: 'wait'; readonly forMs: number }
  | { readonly do: 'disk'; readonly event: (typeof DISK_EVENTS)[number] }
  | { readonly do: 'token'; readonly event: (typeof TOKEN_EVENTS)[number] }
  | { readonly do: 'fate'; readonly fates: readonly Fate[] }
  | { readonly do: 'link'; readonly up: boolean; readonly restarts: boolean }
  | { readonly do: 'autotrading'; readonly on: boolean }
  | { readonly do: 'by-hand'; readonly side: 'BUY' | 'SELL' }
  | { readonly do: 'close-by-hand'; readonly nth: number }
  | { readonly do: 'price-touches'; readonly nth: number }
  | { readonly do: 'crash'; readonly downMs: number }
  | { readonly do: 'stop'; readonly downMs: number };

export interface OrderStep {
  readonly do: 'order';
  readonly client: Client;
  readonly side: 'BUY' | 'SELL';
  readonly type: 'MARKET' | 'LIMIT';
  readonly volume: number;
}

interface TriggerStep {
  readonly do: 'trigger';
  readonly kind: (typeof TRIGGER_KINDS)[number];
  readonly mode: 'SUSPENDED' | 'REDUCE_ONLY' | 'HALTED';
  readonly flatten: 'none' | 'gateway' | 'account';
  readonly actor: string;
  readonly standing?: boolean | undefined;
}

/** A step, and how many turns of the event loop pass after it: with 0 the next one comes in the same turn. */
export interface Timed {
  readonly step: Step;
  readonly turns: number;
}

/** A whole case: how the world is, and what happens in it. */
export interface Sequence {
  readonly options: ModelOptions;
  readonly steps: readonly Timed[];
}

const client = fc.constantFrom(...CLIENTS);
const side = fc.constantFrom('BUY', 'SELL');
const nth = fc.nat(5);
const downMs = fc.constantFrom(0, 500, 12_000);

const weighted: readonly [number, fc.Arbitrary<Step>][] = [
  [
    14,
    fc.record({
      do: fc.constant('order'),
      ...{ client, side },
      type: fc.constantFrom('MARKET', 'MARKET', 'MARKET', 'LIMIT'),
      volume: fc.constantFrom(0.1, 0.2),
    }),
  ],
  [4, fc.record({ do: fc.constant('close'), client, nth, part: fc.boolean() })],
  [1, fc.record({ do: fc.constant('cancel'), client, nth })],
  [5, fc.record({ do: fc.constant('again'), back: fc.nat(7), as: fc.constantFrom('same', 'later', 'other') })],
  [
    9,
    fc.record({
      do: fc.constant('kill'),
      client,
      flatten: fc.constantFrom(...KILL_SCOPES),
      form: fc.constantFrom(...KILL_FORMS),
    }),
  ],
  [2, fc.record({ do: fc.constant('operator-halt'), flatten: fc.constantFrom('none', 'account') })],
  [
    5,
    fc.record({
      do: fc.constant('trigger'),
      kind: fc.constantFrom(...TRIGGER_KINDS),
      mode: fc.constantFrom('SUSPENDED', 'SUSPENDED', 'REDUCE_ONLY', 'HALTED'),
      flatten: fc.constantFrom('none', 'none', 'gateway', 'account'),
      actor: fc.constantFrom('gateway', ...CLIENTS),
      standing: fc.constantFrom(undefined, undefined, true, false),
    }),
  ],
  [
    5,
    fc.record({
      do: fc.constant('clear'),
      kind: fc.constantFrom(...CLEARABLE_KINDS),
      actor: fc.constantFrom(undefined, undefined, ...CLIENTS),
    }),
  ],
  [9, fc.record({ do: fc.constant('resume'), reason: fc.constantFrom('looked at it', 'looked at it', 'no') })],
  [2, fc.record({ do: fc.constant('pretend'), client, how: fc.constantFrom(...PRETENCES) })],
  [16, fc.record({ do: fc.constant('wait'), forMs: fc.constantFrom(1, 40, 250, 1_000, 2_100, 3_000, 6_000, 15_000) })],
  [3, fc.record({ do: fc.constant('disk'), event: fc.constantFrom(...DISK_EVENTS) })],
  [2, fc.record({ do: fc.constant('token'), event: fc.constantFrom(...TOKEN_EVENTS) })],
  [
    8,
    fc.record({
      do: fc.constant('fate'),
      fates: fc.array(fc.constantFrom(...FATES), { minLength: 1, maxLength: 3 }),
    }),
  ],
  [3, fc.record({ do: fc.constant('link'), up: fc.boolean(), restarts: fc.boolean() })],
  [2, fc.record({ do: fc.constant('autotrading'), on: fc.boolean() })],
  [2, fc.record({ do: fc.constant('by-hand'), side })],
  [1, fc.record({ do: fc.constant('close-by-hand'), nth })],
  [2, fc.record({ do: fc.constant('price-touches'), nth })],
  [3, fc.record({ do: fc.constant('crash'), downMs })],
  [2, fc.record({ do: fc.constant('stop'), downMs })],
];

const step = fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const timed = fc.record({ step, turns: fc.constantFrom(0, 0, 1, 2, 3, 4) });

/** Any sequence of events in any world. */
export const anySequence: fc.Arbitrary<Sequence> = fc.record({
  options: fc.record({
    marginMode: fc.constantFrom('HEDGING', 'NETTING'),
    concurrency: fc.constantFrom(4, 1),
    latencyMs: fc.constantFrom(0, 20, 300),
    queryMs: fc.constantFrom(0, 0, 40),
  }),
  steps: fc.array(timed, { minLength: 1, maxLength: 24, size: 'max' }),
});

/** A sequence as a person reads it, one line a step. */
export function describeSequence({ options, steps }: Sequence): string {
  const lines = steps.map(({ step: { do: name, ...rest }, turns }, at) => {
    const then = turns === 0 ? 'and in the same turn' : `then ${turns} turn(s)`;
    return `  ${String(at + 1).padStart(2)}. ${name} ${JSON.stringify(rest)} ${then}`;
  });
  return [`  world ${JSON.stringify(options)}`, ...lines].join('\n');
}
