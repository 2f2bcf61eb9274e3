import type { TerminalState, Transaction } from '../mt5/handler.ts';
import type { FabricEvent } from '../protocol/events.ts';
import type { JsonObject } from '../protocol/json-value.ts';
import type { Command } from './command.ts';
import { commandView } from './queries.ts';
import { dealView, orderView, positionView } from './wire-view.ts';

/** TRADE: an order, deal or position changed. */
export function tradeEvent(transaction: Transaction, nowMs: number): FabricEvent {
  return { event: 'TRADE', timestamp: nowMs / 1000, data: { kind: transaction.kind, ...subjectView(transaction) } };
}

/** TERMINAL: the link to the terminal, or the terminal's to its broker, or its switches have changed. */
export function terminalEvent(state: TerminalState, nowMs: number): FabricEvent {
  const { linked, linkFault, connected, tradingBlockedBy, account } = state;
  const data = {
    linked,
    link_fault: linkFault,
    connected,
    trading_blocked_by: tradingBlockedBy,
    account_mode: account?.mode ?? null,
  };
  return { event: 'TERMINAL', timestamp: nowMs / 1000, data };
}

/** COMMAND: the outcome of a command that was answered PENDING. */
export function commandEvent(command: Command, nowMs: number): FabricEvent {
  return { event: 'COMMAND', timestamp: nowMs / 1000, data: commandView(command) };
}

function subjectView(transaction: Transaction): JsonObject {
  if ('order' in transaction) return orderView(transaction.order);
  return 'deal' in transaction ? dealView(transaction.deal) : positionView(transaction.position);
}
