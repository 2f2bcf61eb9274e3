import { expect } from 'vitest';
import type { CloseOrder } from '../../../main/mt5/handler.ts';
import type { FabricRig } from '../fabric-rig.ts';

/** Everything that says "flat" says so, and is right: the account, the state, one row, one event. */
export async function expectFlat(rig: FabricRig): Promise<void> {
  expect(await rig.positions()).toEqual([]);
  expect(await rig.orders()).toEqual([]);
  expect(rig.safety.state()).toMatchObject({ mode: 'HALTED', flattenPhase: 'FLAT' });
  expect(timesCalledFlat(rig)).toEqual({ rows: 1, events: 1 });
}

/** Nothing has called the account flat in this process. */
export function expectNotFlat(rig: FabricRig): void {
  expect(rig.safety.state().flattenPhase).not.toBe('FLAT');
  expect(timesCalledFlat(rig)).toEqual({ rows: 0, events: 0 });
}

/** How often this process has called the account flat. */
export function timesCalledFlat(rig: FabricRig): { readonly rows: number; readonly events: number } {
  const rows = rig.rows().slice(rig.rows().lastIndexOf('SESSION_STARTED'));
  const isFlat = ({ event, data }: FabricRig['events'][number]) =>
    event === 'KILL_SWITCH' && data['flatten_phase'] === 'FLAT';
  return {
    rows: rows.filter((type) => type === 'FLAT_VERIFIED').length,
    events: rig.events.filter(isFlat).length,
  };
}

/** The closes that this process has written to the terminal, in order. */
export function closesOf(rig: FabricRig): readonly CloseOrder[] {
  return rig.written('close').map(([close]) => close as CloseOrder);
}

/** What was recorded of each ticket of a flatten, like `1003 BLOCKED`, in order. */
export function ticketRows(rig: FabricRig): readonly string[] {
  const rows = rig.audit.rows.filter(({ type }) => type === 'FLATTEN_TICKET');
  return rows.map(({ ticket, status }) => `${ticket ?? '?'} ${status ?? '?'}`);
}
