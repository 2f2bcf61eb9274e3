import type { ClientView } from '../gateway/client-registry.ts';
import type { OpenSearch } from '../gateway/decision.ts';
import { stateData } from '../safety/halt-rows.ts';
import type { LeaseView } from '../safety/leases.ts';
import type { TicketReport } from '../safety/safety-port.ts';
import type { TradingState } from '../safety/trading-state.ts';
import { stateSchema, type ControlOutput, type StateView, type TopicValue } from './contract.ts';

/** The state as the event channel has it, in the operator's contract. */
export function stateView(state: TradingState): StateView {
  return stateSchema.parse(stateData(state));
}

/** A ticket of a flatten, in the operator's contract. */
export function ticketView(ticket: TicketReport): TopicValue<'state'>['tickets'][number] {
  const { kind, symbol, state, volume, message } = ticket;
  const why = typeof message === 'string' ? { message } : {};
  return { ticket: ticket.ticket.toString(), kind, symbol, state, volume, ...why };
}

/** A lease that runs, in the operator's contract. */
export function leaseView(lease: LeaseView): ControlOutput<'status'>['leases'][number] {
  const { client, leaseS, onExpiry, remainingMs } = lease;
  return { client, lease_s: leaseS, on_expiry: onExpiry, remaining_ms: remainingMs };
}

/** A command of unknown outcome, in the operator's contract. */
export function openSearchView(search: OpenSearch): ControlOutput<'status'>['unknown'][number] {
  const { reqId, client, kind, lostAtMs, why } = search;
  return { req_id: reqId, client, kind, lost_at_ms: lostAtMs, why };
}

/** A brain, in the operator's contract. */
export function clientView(client: ClientView): ControlOutput<'status'>['clients'][number] {
  return {
    name: client.name,
    first_seen_ms: client.firstSeenMs,
    last_seen_ms: client.lastSeenMs,
    requests: client.requests,
    rejects: client.rejects,
    top_reject: client.topReject,
    last_action: client.lastAction,
    clock_offset_ms: client.clockOffsetMs,
  };
}
