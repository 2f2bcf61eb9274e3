import { ERROR_CODES } from '../../protocol/codes.ts';
import { CAUSE_KINDS, MODES, type FlattenPhase } from '../../safety/trading-state.ts';
import type { GatewayFigures } from './metrics-figures.ts';
import { healthOf } from './metrics-health.ts';
import { MetricsRegistry, type Labelled } from './metrics-registry.ts';

const PHASES = ['NONE', 'FLATTENING', 'EMPTY', 'BLOCKED', 'UNKNOWN', 'FLAT'] as const satisfies FlattenPhase[];

type Registry = MetricsRegistry<GatewayFigures>;

/** Every metric of a gateway. A scrape reads what is counted anyway: it costs the text, and waits for nothing. */
export function gatewayMetrics(figures: GatewayFigures): Registry {
  const metrics = new MetricsRegistry(figures);
  describeTrading(metrics);
  describeCommands(metrics);
  describeTerminal(metrics);
  describeStreams(metrics);
  describeProcess(metrics);
  return metrics;
}

function describeTrading(metrics: Registry): void {
  metrics.gauge('mt5_fabric_healthy', 'Whether /healthz answers 200.', (all) =>
    Number(healthOf(all).status !== 'failing'),
  );
  metrics.gauges('mt5_fabric_trading_mode', 'The trading mode: 1 for the one that holds.', 'mode', ({ state }) =>
    oneOf(MODES, state.mode),
  );
  metrics.gauges('mt5_fabric_trading_causes', 'Causes that trading is not on, by kind.', 'kind', ({ state }) =>
    CAUSE_KINDS.map((kind) => [kind, state.causes.filter((cause) => cause.kind === kind).length]),
  );
  metrics.gauges('mt5_fabric_flatten_phase', "How far a kill's flatten has come.", 'phase', ({ state }) =>
    oneOf(PHASES, state.flattenPhase),
  );
  metrics.gauge('mt5_fabric_trades_in_flight', 'Trades with the terminal.', ({ stats }) => stats?.tradesInFlight ?? 0);
  metrics.gauge('mt5_fabric_trades_waiting', 'Trades that wait for it.', ({ stats }) => stats?.tradesWaiting ?? 0);
  metrics.gauge('mt5_fabric_trades_unknown', 'Trades of unknown outcome.', ({ unknown }) => unknown);
  metrics.counter('mt5_fabric_audit_rows_total', 'Rows of the audit log.', ({ auditRows }) => auditRows);
  metrics.gauge('mt5_fabric_audit_writable', 'Whether it can be written.', ({ auditFault }) =>
    Number(auditFault === null),
  );
}

function describeCommands(metrics: Registry): void {
  metrics.counter('mt5_fabric_commands_total', 'Requests on the command channel.', ({ requests }) => requests);
  metrics.counters('mt5_fabric_commands_rejected_total', 'Requests answered ERROR.', 'code', ({ rejects }) =>
    ERROR_CODES.map((code) => [code, rejects.get(code) ?? 0]),
  );
  metrics.durations('mt5_fabric_command_duration_seconds', 'From receipt to reply.', ({ latencies }) => latencies);
  metrics.counters('mt5_fabric_replies_lost_total', 'Replies that did not reach a client.', 'reason', ({ stats }) => [
    ['gone', stats?.commands.clientsGone ?? 0],
    ['not_reading', stats?.commands.clientsFull ?? 0],
  ]);
  metrics.counter(
    'mt5_fabric_malformed_messages_total',
    'Messages that are no request.',
    ({ stats }) => stats?.commands.dropped ?? 0,
  );
  metrics.counter(
    'mt5_fabric_command_port_rebuilds_total',
    'Times the command port was opened anew.',
    ({ stats }) => stats?.commands.rebuilds ?? 0,
  );
  metrics.gauge('mt5_fabric_clients', 'Brains heard in the last minute.', ({ clients }) => clients);
  metrics.gauge('mt5_fabric_leases', 'Dead-man leases that run.', ({ leases }) => leases);
}

function describeTerminal(metrics: Registry): void {
  metrics.gauge('mt5_fabric_terminal_linked', 'Whether the program in the terminal answers.', ({ terminal }) =>
    Number(terminal.linked),
  );
  metrics.gauge('mt5_fabric_terminal_connected', 'Whether the terminal has its broker.', ({ terminal }) =>
    Number(terminal.connected),
  );
  metrics.gauge('mt5_fabric_terminal_heard_age_seconds', 'Since the terminal was heard.', ({ heardAgoS }) => heardAgoS);
}

function describeStreams(metrics: Registry): void {
  metrics.counter('mt5_fabric_ticks_published_total', 'Ticks sent.', ({ stats }) => stats?.ticks.published ?? 0);
  metrics.counter(
    'mt5_fabric_ticks_dropped_total',
    'Ticks that could not be sent.',
    ({ stats }) => stats?.ticks.dropped ?? 0,
  );
  metrics.gauge('mt5_fabric_last_tick_age_seconds', 'Since a tick was last sent.', ({ tickAgoS }) => tickAgoS);
  metrics.gauge(
    'mt5_fabric_symbols_subscribed',
    'Symbols that brains have named.',
    ({ stats }) => stats?.symbolsNamed ?? 0,
  );
  metrics.counter('mt5_fabric_events_published_total', 'Events sent.', ({ stats }) => stats?.eventsPublished ?? 0);
}

function describeProcess(metrics: Registry): void {
  const startedS = Date.now() / 1_000 - process.uptime();
  metrics.gauges('mt5_fabric_build_info', 'The version that runs.', 'version', ({ version }) => [[version, 1]]);
  metrics.gauge('process_start_time_seconds', 'When the process began, Unix time.', () => startedS);
  metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  metrics.counter('process_cpu_seconds_total', 'Processor time, user and system.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.counter(
    'mt5_fabric_event_loop_active_seconds_total',
    'Time that the event loop was at work.',
    () => Math.max(0, performance.eventLoopUtilization().active) / 1_000,
  );
}

function oneOf<T extends string>(all: readonly T[], current: T): Labelled {
  return all.map((one) => [one, Number(one === current)]);
}
