import type { TradingAction } from '../../../main/protocol/actions.ts';
import type { Ticket } from '../../../main/protocol/ticket.ts';
import type { FabricRig } from '../fabric-rig.ts';

/** A trading command of every kind, and what the account shows of it. */
export interface AccountChange {
  readonly name: string;
  readonly action: TradingAction;
  /** The terminal's method that carries it out, and how often that is called for it. */
  readonly method: 'send' | 'close' | 'cancel' | 'modifyPosition' | 'modifyOrder';
  readonly writes: number;
  /** State of the command once it is done. */
  readonly doneState: 'DONE' | 'PLACED';
  /** Brings about what it is about, past the gateway, and gives its payload. */
  readonly prepare: (rig: FabricRig) => Promise<object>;
  /** How often it has been carried out, by the account alone: 1 is right, 0.5 is half of it. */
  readonly timesDone: (rig: FabricRig) => Promise<number>;
}

const EURUSD = 'EURUSD';
const WHOLE_LOTS = 0.3;
const PART_LOTS = 0.1;
const LIMIT_PRICE = 1.05;

/** The table of all kinds of commands that change the account. */
export const ACCOUNT_CHANGES: readonly AccountChange[] = [
  {
    name: 'OPEN_ORDER at market',
    ...{ action: 'OPEN_ORDER', method: 'send', writes: 1, doneState: 'DONE' },
    prepare: () => Promise.resolve({ symbol: EURUSD, volume: PART_LOTS, side: 'BUY' }),
    timesDone: async (rig) => sum((await rig.positions()).map(({ volumeLots }) => volumeLots)) / PART_LOTS,
  },
  {
    name: 'OPEN_ORDER that waits for its price',
    ...{ action: 'OPEN_ORDER', method: 'send', writes: 1, doneState: 'PLACED' },
    prepare: () =>
      Promise.resolve({ symbol: EURUSD, volume: PART_LOTS, side: 'BUY', type: 'LIMIT', price: LIMIT_PRICE }),
    timesDone: async (rig) => (await rig.orders()).length,
  },
  {
    name: 'CLOSE_POSITION of a part',
    ...{ action: 'CLOSE_POSITION', method: 'close', writes: 1, doneState: 'DONE' },
    prepare: async (rig) => ({ ticket: await positionByHand(rig), volume: PART_LOTS }),
    timesDone: async (rig) => {
      const left = sum((await rig.positions()).map(({ volumeLots }) => volumeLots));
      return tidy((WHOLE_LOTS - left) / PART_LOTS);
    },
  },
  {
    name: 'CANCEL_ORDER',
    ...{ action: 'CANCEL_ORDER', method: 'cancel', writes: 1, doneState: 'DONE' },
    prepare: async (rig) => ({ ticket: await orderByHand(rig) }),
    timesDone: async (rig) => 1 - (await rig.orders()).length,
  },
  {
    name: 'MODIFY_POSITION',
    ...{ action: 'MODIFY_POSITION', method: 'modifyPosition', writes: 1, doneState: 'DONE' },
    prepare: async (rig) => ({ ticket: await positionByHand(rig), sl: 1.09 }),
    timesDone: async (rig) => (await rig.positions()).filter(({ sl }) => sl === 1.09).length,
  },
  {
    name: 'MODIFY_ORDER',
    ...{ action: 'MODIFY_ORDER', method: 'modifyOrder', writes: 1, doneState: 'DONE' },
    prepare: async (rig) => ({ ticket: await orderByHand(rig), price: 1.04 }),
    timesDone: async (rig) => (await rig.orders()).filter(({ openPrice }) => openPrice === 1.04).length,
  },
  {
    name: 'CLOSE_ALL of two positions',
    ...{ action: 'CLOSE_ALL', method: 'close', writes: 2, doneState: 'DONE' },
    prepare: async (rig) => {
      await positionByHand(rig);
      await positionByHand(rig);
      return {};
    },
    timesDone: async (rig) => (2 - (await rig.positions()).length) / 2,
  },
];

async function positionByHand(rig: FabricRig): Promise<Ticket> {
  const before = new Set((await rig.positions()).map(({ ticket }) => ticket));
  await rig.within(60_000, rig.openByHand({ volumeLots: WHOLE_LOTS }));
  return newest(before, await rig.positions());
}

async function orderByHand(rig: FabricRig): Promise<Ticket> {
  await rig.within(60_000, rig.openByHand({ type: 'LIMIT', price: LIMIT_PRICE }));
  return newest(new Set(), await rig.orders());
}

function newest(before: ReadonlySet<Ticket>, now: readonly { readonly ticket: Ticket }[]): Ticket {
  const added = now.find(({ ticket }) => !before.has(ticket));
  if (added === undefined) throw new Error('nothing was opened by hand');
  return added.ticket;
}

const sum = (numbers: readonly number[]): number => tidy(numbers.reduce((total, number) => total + number, 0));
const tidy = (number: number): number => Math.round(number * 1e6) / 1e6;
