import { SELF_TEST_CLIENT } from '../../protocol/constants.ts';
import type { ControlOutput } from '../contract.ts';
import { localDay, localTime } from '../state-text.ts';

type Network = ControlOutput<'network'>;
type Paired = Network['paired'][number];
type Client = ControlOutput<'status'>['clients'][number];

/** What `--clients` tells. */
export interface Clients extends Pick<Network, 'security' | 'server_fingerprint' | 'paired' | 'seen'> {
  readonly unpaired: readonly Client[];
}

const PAIRED_HEAD = ['NAME', 'LABEL', 'ROLE', 'FINGERPRINT', 'EXPIRES', 'LAST ADDRESS', 'LAST SEEN'];

/** Who was heard without being paired. */
export function unpairedOf(paired: readonly Paired[], clients: readonly Client[]): Client[] {
  // The gateway's own question at its start is none of a brain.
  const names = new Set([SELF_TEST_CLIENT, ...paired.map(({ name }) => name)]);
  return clients.filter(({ name }) => !names.has(name));
}

/** The answer to --clients in lines for a person. */
export function clientLines(
  { security, server_fingerprint, paired, unpaired, seen }: Clients,
  nowMs: number,
): string[] {
  const own = server_fingerprint === null ? '' : `, the gateway's own key is ${server_fingerprint}`;
  return [
    `Security mode ${security}${own}`,
    ...(paired.length === 0
      ? ['No brain is paired.']
      : table([PAIRED_HEAD, ...paired.map((one) => pairedRow(one, nowMs))])),
    ...section(
      'Not paired, by the name that they give:',
      unpaired.map(({ name, last_seen_ms }) => [name, localTime(last_seen_ms)]),
    ),
    ...section('Addresses that have connected, or tried to:', seen.map(seenRow)),
  ];
}

function pairedRow(
  { name, label, role, fingerprint, expires_ms, last_address, last_connected_ms }: Paired,
  nowMs: number,
) {
  const expires = expires_ms === null ? 'never' : `${expires_ms <= nowMs ? 'EXPIRED ' : ''}${localDay(expires_ms)}`;
  const lastSeen = last_connected_ms === null ? '-' : localTime(last_connected_ms);
  return [name, label === name ? '-' : label, role, fingerprint, expires, last_address ?? '-', lastSeen];
}

function seenRow({ address, last_seen_ms, admitted }: Network['seen'][number]): string[] {
  return [address, localTime(last_seen_ms), admitted ? 'let in' : 'REFUSED'];
}

function section(title: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...table(rows)];
}

/** Rows with their columns one below the other. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  );
}
