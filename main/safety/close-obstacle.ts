import type { TerminalState } from '../mt5/handler.ts';

/** What keeps every close from being sent now; null for nothing. */
export function closeObstacle(terminal: TerminalState): { readonly code: string; readonly message: string } | null {
  const { linked, connected, linkFault, tradingBlockedBy } = terminal;
  if (!linked) return { code: 'TERMINAL_DISCONNECTED', message: linkFault ?? 'the terminal does not answer' };
  if (!connected) return { code: 'TERMINAL_DISCONNECTED', message: 'the terminal has lost its broker' };
  if (tradingBlockedBy.length === 0) return null;
  return { code: 'TRADING_DISABLED', message: `switched off: ${tradingBlockedBy.join(', ')}` };
}
