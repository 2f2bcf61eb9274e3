import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import type { Settings } from '../../config/settings.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Mt5Handler } from '../../mt5/handler.ts';
import type { JsonObject } from '../../protocol/json-value.ts';
import { toTicket } from '../../protocol/ticket.ts';
import type { KillSwitch } from '../../safety/kill-switch.ts';
import type { OperatorClose, OperatorCloseResult } from '../../safety/operator-close.ts';
import type { Safety } from '../../safety/safety-port.ts';
import type { Pairings } from '../../security/pairings.ts';
import type { Safeguards } from '../../safeguards.ts';
import type { RecordOperator } from '../operator-row.ts';
import { marketView, terminalView } from '../terminal-view.ts';
import type { ControlHandlers, ControlOutput } from '../contract.ts';
import { clientView, leaseView, openSearchView, stateView, ticketView } from '../views.ts';

/** How long an answer waits for token and audit log, in milliseconds. */
const RECORD_PATIENCE_MS = 500;

/** What the calls about trading act on. */
export interface TradingPorts {
  readonly clock: Clock;
  readonly safety: Safety & Pick<KillSwitch, 'takeOut'>;
  readonly terminal: Mt5Handler;
  readonly audit: AuditLog;
  readonly gateway: Pick<Gateway, 'clients' | 'tradesInFlight' | 'openSearches' | 'decide'>;
  readonly safeguards: Pick<Safeguards, 'leases' | 'book' | 'resumed'>;
  readonly operatorClose: Pick<OperatorClose, 'close'>;
  readonly record: RecordOperator;
  readonly session: string;
  readonly version: string;
  readonly dataDir: string;
  readonly endpoints: ControlOutput<'status'>['endpoints'];
  readonly settings: Pick<Settings, 'security'>;
  readonly network: { readonly pairings: Pick<Pairings, 'list'> };
}

/** The calls that act on trading itself. */
export type TradingHandlers = Pick<
  ControlHandlers,
  'status' | 'market' | 'halt' | 'kill' | 'close' | 'takeOut' | 'endLease' | 'decide' | 'record' | 'resume'
>;

/** The operator's calls that look at trading, stop it and let it go on. */
export function tradingHandlers(ports: TradingPorts): TradingHandlers {
  const { clock, safety, terminal, audit, safeguards, operatorClose, record } = ports;
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
      const state = terminal.state();
      const { account } = state;
      return Promise.resolve({
        version: ports.version,
        session: ports.session,
        uptime_s: Math.floor((clock.monoMs() - startedMonoMs) / 1000),
        data_dir: ports.dataDir,
        account_mode: account?.mode ?? 'UNKNOWN',
        account: account === null ? null : `${account.login} at ${account.server}`,
        terminal_connected: state.connected,
        terminal: terminalView(state, clock.monoMs()),
        endpoints: ports.endpoints,
        security: ports.settings.security,
        paired: ports.network.pairings.list().length,
        state: stateView(safety.state()),
        trades_in_flight: ports.gateway.tradesInFlight(),
        audit: audit.head(),
        clients: ports.gateway.clients().map(clientView),
        leases: safeguards.leases.views().map(leaseView),
        unknown: ports.gateway.openSearches().map(openSearchView),
        foreign: {
          positions: safeguards.book.foreign()?.positions.length ?? 0,
          orders: safeguards.book.foreign()?.orders.length ?? 0,
        },
      });
    },
    market: () => marketView(terminal),
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
    close: async ({ ticket, reason }, by) => closeView(await operatorClose.close(toTicket(BigInt(ticket)), by, reason)),
    takeOut: ({ ticket, reason }, by) =>
      Promise.resolve({ taken_out: safety.takeOut(toTicket(BigInt(ticket)), by, reason) }),
    endLease: ({ client, reason }, by) => Promise.resolve({ ended: safeguards.leases.dismiss(client, by, reason) }),
    decide: ({ req_id: reqId, client, happened, reason }, by) => {
      const decision = { reqId, client, hasHappened: happened, by, reason };
      return Promise.resolve({ decided: ports.gateway.decide(decision) });
    },
    record: async ({ type, payload }, by) => ({ recorded: await record(type, payload as JsonObject, by) }),
    resume: async ({ reason }, by) => {
      const result = await safety.resume(by, reason);
      if (result.ok) safeguards.resumed(by, reason);
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

function closeView(result: OperatorCloseResult): ControlOutput<'close'> {
  if (result.kind === 'refused') {
    const { code, message } = result.refusal;
    return { state: code, message, recorded: true };
  }
  return { state: result.ticket.state, message: result.message, recorded: result.recorded };
}
