import { whereIs } from '../mt5/terminal/install/switches.ts';
import type { ControlOutput, StateView } from './contract.ts';

type Ticket = ControlOutput<'kill'>['report']['tickets'][number];

/** The trading state in lines for a person. */
export function stateLines(state: StateView): string[] {
  const lines = [`${modeWords(state)} since ${localTime(state.since_ms)} (epoch ${state.epoch})`];
  for (const cause of state.causes) {
    const standing = cause.standing ? ' [still stands]' : '';
    lines.push(`  ${cause.mode} by ${cause.actor}, ${localTime(cause.at_ms)}: ${cause.reason}${standing}`);
  }
  return lines;
}

function modeWords(state: StateView): string {
  const recorded = state.recorded ? '' : ' (not recorded)';
  const flatten =
    state.flatten === 'none'
      ? ''
      : `, closing ${state.flatten === 'account' ? 'all positions' : "the gateway's positions"}: ${state.flatten_phase}`;
  return `${state.mode}${recorded}${flatten}`;
}

/** The answer to --kill in lines for a person. */
export function killLines({ state, report }: ControlOutput<'kill'>): string[] {
  const closed = `${report.positions_closed} of ${report.total_positions} positions closed, ${report.orders_cancelled} orders cancelled`;
  return [...stateLines(state), `${closed} so far (${report.flatten}).`, ...report.tickets.map(ticketLine)];
}

function ticketLine({ ticket, kind, symbol, state, volume, message }: Ticket): string {
  const why = message === undefined ? '' : `: ${message}`;
  return `  ${kind.padEnd(8)}  ${ticket.padStart(6)}  ${symbol.padEnd(8)}  ${volume.toFixed(2).padStart(6)} lots  ${state}${why}`;
}

/** The answer to --status in lines for a person. */
export function statusLines(status: ControlOutput<'status'>): string[] {
  const { endpoints } = status;
  return [
    ...stateLines(status.state),
    `Terminal  ${connection(status.terminal)}, ${status.account_mode} account ${status.account ?? 'unknown'}`,
    ...programLines(status.terminal),
    `Channels  command ${endpoints.command}, data ${endpoints.data}, events ${endpoints.events}`,
    `Security  ${securityWords(status)}`,
    `Audit log entry ${status.audit.seq}, ${status.trades_in_flight} trades in flight`,
    `Gateway   ${status.version}, up ${status.uptime_s} s, data in ${status.data_dir}`,
    ...foreignLine(status.foreign),
    ...status.unknown.map(unknownLine),
    ...status.leases.map(leaseLine),
    ...(status.clients.length === 0 ? ['No client has called yet.'] : status.clients.map(clientLine)),
  ];
}

function securityWords({ security, endpoints, paired }: ControlOutput<'status'>): string {
  const host = listenedOn(endpoints.command);
  const pairs = paired === 0 ? 'no brain is paired' : `${paired} paired ${paired === 1 ? 'brain' : 'brains'}`;
  switch (security) {
    case 'local':
      return `local: only this machine reaches ${host}`;
    case 'encrypted':
      return `encrypted, listens on ${host}, ${pairs}`;
    case 'plain-network':
      return `plain-network, listens on ${host}: UNENCRYPTED, whoever is in --allow-from can read and trade`;
  }
}

function listenedOn(endpoint: string): string {
  const host = endpoint.replace(/^tcp:\/\/|:\d+$/g, '');
  return host === '0.0.0.0' || host === '[::]' ? 'all addresses' : host;
}

function connection({ linked, connected }: ControlOutput<'status'>['terminal']): string {
  if (!linked) return 'NOT LINKED';
  return connected ? 'connected' : 'NOT CONNECTED to its broker';
}

/** What is in the way of trading, and the program in the terminal, where there is one. */
function programLines(terminal: ControlOutput<'status'>['terminal']): string[] {
  const { link_fault, blocked_by, account_mode, bridge_version, last_heard_ms_ago, latch_epoch, latched } = terminal;
  const fault = terminal.linked ? [] : [`Link      ${link_fault ?? 'not linked'} (--doctor says what to do)`];
  const off = blocked_by.map((name) => `OFF       ${name}: ${whereIs(name)}`);
  if (account_mode === 'PAPER' || bridge_version === '') return [...fault, ...off];
  const heard = last_heard_ms_ago === null ? '' : `, heard ${last_heard_ms_ago} ms ago`;
  const latch = latch_epoch === null ? '' : `, latch ${latched === true ? 'ON' : 'off'} at epoch ${latch_epoch}`;
  return [...fault, ...off, `Program   ${bridge_version}${heard}${latch}`];
}

/** What others hold on the same account. */
function foreignLine({ positions, orders }: ControlOutput<'status'>['foreign']): string[] {
  if (positions + orders === 0) return [];
  return [`Others    ${positions} positions and ${orders} orders of the account are not the gateway's`];
}

/** A command that a person has to look at where nothing else tells. */
function unknownLine({ req_id, client, kind, lost_at_ms, why }: ControlOutput<'status'>['unknown'][number]): string {
  const because = why === '' ? 'it is being searched for' : why;
  return `Unknown   ${req_id} of ${client} (${kind}), lost ${localTime(lost_at_ms)}: ${because}; --decide ${req_id}`;
}

function leaseLine(lease: ControlOutput<'status'>['leases'][number]): string {
  const left = (lease.remaining_ms / 1000).toFixed(1);
  return `Lease     ${lease.client}: ${lease.lease_s} s, ${left} s left, then ${lease.on_expiry}`;
}

function clientLine(client: ControlOutput<'status'>['clients'][number]): string {
  const rejects = client.rejects === 0 ? '' : `, ${client.rejects} rejected (${client.top_reject ?? 'various'})`;
  return `Client    ${client.name}: ${client.requests} requests${rejects}, last ${client.last_action ?? 'none'} at ${localTime(client.last_seen_ms)}`;
}

/** Day and time of this machine, like 2026-01-05 12:00:00. */
export function localTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}

/** Its day alone. */
export function localDay(ms: number): string {
  return new Date(ms).toLocaleDateString('sv-SE');
}
