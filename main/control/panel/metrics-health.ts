import type { Cause, CauseKind, Mode } from '../../safety/trading-state.ts';
import type { GatewayFigures } from './metrics-figures.ts';

/** What `/healthz` says. */
export interface Health {
  readonly status: 'ok' | 'halted' | 'failing';
  readonly can_trade: boolean;
  readonly mode: Mode;
  /** Sentences for a person: what is wrong, or why trading is halted; empty where all is well. */
  readonly reasons: readonly string[];
  readonly version: string;
  readonly session: string;
  readonly uptime_s: number;
}

/** Causes that somebody decided, or a rule that somebody set: what holds then is a decision, not a fault. */
const DECIDED: ReadonlySet<CauseKind> = new Set(['OPERATOR', 'WIRE', 'HALT_FILE', 'LIMIT']);

/**
 * Whether a gateway is well, for an alarm that wakes somebody. The question is not *is trading on?* but *is something
 * wrong that nobody has decided?*:
 * - `ok`: it trades.
 * - `halted`: REDUCE_ONLY or HALTED, and nothing is wrong. That is what an operator, a brain, a limit or a lease asked for;
 *   it stays until a person resumes, and no restart changes it. It counts as healthy. Whoever wants to be woken by it too
 *   (by a limit at night, say) sets an alarm on `mt5_fabric_trading_mode{mode="TRADING"} == 0`.
 * - `failing`: what should be possible is not. The terminal or its broker is away, AutoTrading is off, the audit log cannot
 *   be written, a flatten is stuck, trading is SUSPENDED by trouble that has not gone, or such trouble stands behind a halt.
 *
 * No answer at all is the fourth, and the worst. The gateway recovers from `failing` by itself or needs a person: a probe
 * that restarts it because of that makes it worse.
 */
export function healthOf(figures: GatewayFigures): Health {
  const { state, version, session, uptimeS } = figures;
  const faults = faultsOf(figures);
  const identity = { version, session, uptime_s: Math.floor(uptimeS) };
  const canTrade = state.mode === 'TRADING';
  if (faults.length > 0) {
    return { status: 'failing', can_trade: canTrade, mode: state.mode, reasons: faults, ...identity };
  }
  const reasons = canTrade ? [] : state.causes.map(sentence);
  return { status: canTrade ? 'ok' : 'halted', can_trade: canTrade, mode: state.mode, reasons, ...identity };
}

function faultsOf({ state, terminal, auditFault, stats }: GatewayFigures): readonly string[] {
  const faults: string[] = [];
  if (stats === null) faults.push('the command port is not open');
  if (!terminal.linked) faults.push(`no terminal: ${terminal.linkFault ?? 'its program does not answer'}`);
  else if (!terminal.connected) faults.push('the terminal is not connected to its broker');
  if (terminal.tradingBlockedBy.length > 0) faults.push(`switched off: ${terminal.tradingBlockedBy.join(', ')}`);
  if (auditFault !== null) faults.push(`the audit log cannot be written: ${auditFault}`);
  if (!state.recorded) faults.push('the halt is not on record yet');
  if (state.flattenPhase === 'BLOCKED' || state.flattenPhase === 'UNKNOWN') {
    faults.push(`the flatten is ${state.flattenPhase}: positions may be open`);
  }
  const troubles = state.causes.filter((cause) => state.mode === 'SUSPENDED' || isTrouble(cause));
  return [...faults, ...troubles.map(sentence)];
}

function isTrouble({ kind, standing }: Cause): boolean {
  return standing && !DECIDED.has(kind);
}

function sentence({ kind, reason }: Cause): string {
  return `${kind}: ${reason}`;
}
