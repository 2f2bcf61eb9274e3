import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import type { Safety, TicketReport } from '../safety/safety-port.ts';
import { stateData } from '../safety/halt-rows.ts';
import type { TradingState } from '../safety/trading-state.ts';
import { stateSchema, type ControlApi, type ControlOutput, type StateView } from './contract.ts';

/** How long an answer waits for token and audit log, in milliseconds. */
const RECORD_PATIENCE_MS = 500;

/** What the operator's calls act on. */
export interface ControlPorts {
  readonly clock: Clock;
  readonly safety: Safety;
  readonly terminal: Mt5Handler;
  readonly audit: AuditLog;
  readonly gateway: Pick<Gateway, 'clients' | 'tradesInFlight'>;
  readonly session: string;
  readonly version: string;
  readonly dataDir: string;
  readonly endpoints: ControlOutput<'status'>['endpoints'];
}

/** The operator's calls on a running gateway. */
export function controlHandlers(ports: ControlPorts): ControlApi {
  const { clock, safety, terminal } = ports;
  const startedMonoMs = clock.monoMs();
  const stop = (flatten: 'none' | 'account', by: string, reason: string | undefined) => {
    safety.raise({
      kind: 'OPERATOR',
      mode: 'HALTED',
      flatten,
      actor: by,
      reason: reason?.slice(0, 280).toWellFormed() ?? 'no reason given',
    });
  };
  return {
    status: () => {
      const { connected, account } = terminal.state();
      return Promise.resolve({
        version: ports.version,
        session: ports.session,
        uptime_s: Math.floor((clock.monoMs() - startedMonoMs) / 1000),
        data_dir: ports.dataDir,
        account_mode: account?.mode ?? 'UNKNOWN',
        account: account === null ? null : `${account.login} at ${account.server}`,
        terminal_connected: connected,
        endpoints: ports.endpoints,
        state: stateView(safety.state()),
        trades_in_flight: ports.gateway.tradesInFlight(),
        audit: ports.audit.head(),
        clients: ports.gateway.clients().map(clientView),
      });
    },
    halt: async ({ reason }, by) => {
      stop('none', by, reason);
      await recordedSoon(safety, clock);
      return stateView(safety.state());
    },
    kill: async ({ reason }, by) => {
      stop('account', by, reason);
      const [report] = await Promise.all([safety.killReport(), recordedSoon(safety, clock)]);
      return { state: stateView(safety.state()), report: { ...report, tickets: report.tickets.map(ticketView) } };
    },
    resume: async ({ reason }, by) => {
      const result = await safety.resume(by, reason);
      if (result.ok) return { resumed: true, state: stateView(result.state) };
      return { resumed: false, message: result.message, standing: [...result.standing] };
    },
  };
}

/** The halt is in force already; a moment's patience only spares the operator a state that says *not recorded*. */
function recordedSoon(safety: Safety, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopListening();
      cancel();
      resolve();
    };
    const stopListening = safety.onChange((state) => {
      if (state.recorded) done();
    });
    const cancel = clock.after(RECORD_PATIENCE_MS, done);
    if (safety.state().recorded) done();
  });
}

/** The state as the event channel has it, in the operator's contract. */
function stateView(state: TradingState): StateView {
  return stateSchema.parse(stateData(state));
}

function ticketView(ticket: TicketReport): ControlOutput<'kill'>['report']['tickets'][number] {
  const { kind, symbol, state, volume, message } = ticket;
  const why = typeof message === 'string' ? { message } : {};
  return { ticket: ticket.ticket.toString(), kind, symbol, state, volume, ...why };
}

function clientView(client: ReturnType<Gateway['clients']>[number]): ControlOutput<'status'>['clients'][number] {
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
