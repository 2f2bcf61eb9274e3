import type { AuditLog } from '../../audit/audit-log.ts';
import type { Clock } from '../../clock.ts';
import type { Gateway, GatewayStats } from '../../gateway/gateway.ts';
import type { LatencyHistogram } from '../../gateway/latency-histogram.ts';
import type { Mt5Handler, TerminalState } from '../../mt5/handler.ts';
import type { ErrorCode } from '../../protocol/codes.ts';
import { SELF_TEST_CLIENT } from '../../protocol/constants.ts';
import type { KillSwitch } from '../../safety/kill-switch.ts';
import type { TradingState } from '../../safety/trading-state.ts';
import type { Safeguards } from '../../safeguards.ts';

/** A brain counts as one that is there when it was heard so lately. */
const HEARD_WITHIN_MS = 60_000;

/** What operators' monitoring is told of a gateway. Nothing of it has to be asked for: reading it waits for nobody. */
export interface GatewayFigures {
  readonly version: string;
  readonly session: string;
  readonly uptimeS: number;
  readonly state: TradingState;
  readonly terminal: TerminalState;
  /** Since something last came from the terminal; null before that, and for one that is embedded. */
  readonly heardAgoS: number | null;
  readonly auditRows: number;
  /** Why the audit log cannot be written, or null. */
  readonly auditFault: string | null;
  /** Null before the ports are open. */
  readonly stats: GatewayStats | null;
  readonly requests: number;
  readonly rejects: ReadonlyMap<ErrorCode, number>;
  readonly latencies: LatencyHistogram;
  /** Since a tick was last published; null before the first. */
  readonly tickAgoS: number | null;
  /** Heard in the last minute. */
  readonly clients: number;
  readonly leases: number;
  /** Commands whose outcome is being searched for. */
  readonly unknown: number;
}

interface Ports {
  readonly clock: Clock;
  readonly version: string;
  readonly session: string;
  readonly safety: Pick<KillSwitch, 'state'>;
  readonly terminal: Pick<Mt5Handler, 'state'>;
  readonly audit: Pick<AuditLog, 'head'>;
  readonly auditFault: () => string | null;
  readonly gateway: Pick<Gateway, 'meter' | 'stats' | 'clients' | 'unknownOrders'>;
  readonly safeguards: { readonly leases: Pick<Safeguards['leases'], 'views'> };
}

/** What reads the figures, from now on: the gateway's uptime counts from here. */
export function figuresOf(ports: Ports): () => GatewayFigures {
  const { clock, version, session, safety, terminal, audit, auditFault, gateway, safeguards } = ports;
  const startedMonoMs = clock.monoMs();
  const agoS = (monoMs: number | null) => (monoMs === null ? null : Math.max(0, clock.monoMs() - monoMs) / 1_000);
  return () => {
    const { meter } = gateway;
    return {
      version,
      session,
      uptimeS: (clock.monoMs() - startedMonoMs) / 1_000,
      state: safety.state(),
      terminal: terminal.state(),
      heardAgoS: agoS(terminal.state().lastHeardMonoMs),
      auditRows: audit.head().seq,
      auditFault: auditFault(),
      stats: gateway.stats(),
      requests: meter.command().requests,
      rejects: meter.rejectsByCode(),
      latencies: meter.latencies(),
      tickAgoS: agoS(meter.lastTickMonoMs),
      clients: heardSince(gateway, clock.nowMs() - HEARD_WITHIN_MS),
      leases: safeguards.leases.views().length,
      unknown: gateway.unknownOrders(),
    };
  };
}

function heardSince(gateway: Ports['gateway'], sinceMs: number): number {
  return gateway.clients().filter(({ name, lastSeenMs }) => name !== SELF_TEST_CLIENT && lastSeenMs >= sinceMs).length;
}
