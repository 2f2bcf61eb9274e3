import type { CutResult, SessionResult } from './field-session.ts';

/** From the link being back to the brain hearing and being heard, at most, in milliseconds. */
export const RECOVERY_LIMIT_MS = 300;
/**
 * The same after a cable was out. The system itself takes up to a second then: it looks at devices once a second, and asks
 * for the address behind them once a second.
 */
const CABLE_LIMIT_MS = 1_500;

/** What of a cut is not as it has to be. */
export function faultsOfCut(cut: CutResult, limitMs = RECOVERY_LIMIT_MS): readonly string[] {
  const atMostMs = cut.kind === 'cable' ? Math.max(limitMs, CABLE_LIMIT_MS) : limitMs;
  const faults: string[] = [];
  if (cut.tickAfterMs > atMostMs) faults.push(`ticks came back after ${Math.round(cut.tickAfterMs)} ms`);
  if (cut.replyAfterMs > atMostMs) faults.push(`answers came back after ${Math.round(cut.replyAfterMs)} ms`);
  if (cut.missed === 0) faults.push('no tick is missing: was the link cut?');
  if (cut.toldOf === 0) faults.push('the strategy was told of no gap');
  return faults;
}

/** What of the session is not as it has to be. */
export function faultsOfSession(session: SessionResult): readonly string[] {
  const { ticksDoubled, ordersExecuted, positions, isLogWhole } = session;
  const faults: string[] = [];
  if (ticksDoubled > 0) faults.push(`${ticksDoubled} ticks came twice or out of order`);
  if (ordersExecuted === 0) faults.push('no order was executed');
  if (positions !== ordersExecuted)
    faults.push(`${ordersExecuted} orders were executed, and ${positions} positions are open`);
  if (!isLogWhole) faults.push('the audit log does not verify');
  return faults;
}
