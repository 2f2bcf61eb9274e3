import { expect } from 'vitest';
import type { SentRequest } from '../mql5/broker/order-desk.ts';
import type { SimBroker } from '../mql5/broker/sim-broker.ts';
import type { BehaviourRig } from './behaviour-rig.ts';
import type { Live } from './live-rig.ts';

/** The gateway has called the account flat. */
export function isCalledFlat({ audit, safety }: BehaviourRig): boolean {
  const hasRow = audit.rows.some(({ type }) => type === 'FLAT_VERIFIED');
  expect(safety.state().flattenPhase === 'FLAT').toBe(hasRow);
  return hasRow;
}

/** Waits until the account is called flat, and sees that it is, at the broker. */
export async function expectFlat({ rig, terminal: { broker } }: Live): Promise<void> {
  await rig.until('FLAT_VERIFIED', () => isCalledFlat(rig));
  expect([broker.positions, broker.orders]).toEqual([[], []]);
  expect(rig.mode).toBe('HALTED');
}

/** What has come to the broker with a position to close, in order. */
export function closeRequests({ requests }: SimBroker): readonly SentRequest['request'][] {
  return requests.map(({ request }) => request).filter(({ position }) => position !== 0n);
}

/** Every deal out closed what a deal in had opened: no position was turned round, opened by a close, or closed twice. */
export function expectNeverOpposite({ deals }: SimBroker): void {
  expect(deals.filter(({ entry, side }) => (entry === 'IN' ? side !== 'BUY' : entry !== 'OUT'))).toEqual([]);
  const lots = (entry: string) =>
    deals.reduce((sum, deal) => sum + (deal.entry === entry ? Math.round(deal.volumeLots * 100) : 0), 0);
  expect(lots('OUT')).toBe(lots('IN'));
}

/** What was recorded of each ticket of a flatten, like `1003 BLOCKED`, in order. */
export function ticketRows({ audit }: BehaviourRig): readonly string[] {
  const rows = audit.rows.filter(({ type }) => type === 'FLATTEN_TICKET');
  return rows.map(({ ticket, status }) => `${ticket ?? '?'} ${status ?? '?'}`);
}
