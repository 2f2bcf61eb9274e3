import type { ControlInput, ControlOutput, TopicValue } from '../../main/control/contract.ts';
import { NOW_MS, ordinaryDay } from './values.ts';

type Network = TopicValue<'network'>;
type Paired = Network['paired'][number];

const DAY_MS = 86_400_000;
export const SERVER_FINGERPRINT = '7C1E 90AB 4F22 D035';

/** A paired brain that has connected, but for what is changed. */
export function paired(name: string, change: Partial<Paired> = {}): Paired {
  return {
    ...{ name, label: name, role: 'trade', fingerprint: '3A9F 11C0 8E5B 7702' },
    ...{ paired_ms: NOW_MS - 40 * DAY_MS, expires_ms: null },
    ...{ last_address: '10.0.0.23', last_connected_ms: NOW_MS - 7_190_000 },
    ...change,
  };
}

/** Open with keys: one brain trades, one's pairing ends soon, one has not come yet. */
export const encryptedNetwork: Network = {
  ...ordinaryDay.network,
  ...{ security: 'encrypted', host: '0.0.0.0', is_open: true, server_fingerprint: SERVER_FINGERPRINT },
  paired: [
    paired('alpha', { label: 'Mean reversion', expires_ms: NOW_MS + 300 * DAY_MS }),
    paired('beta', { role: 'read', expires_ms: NOW_MS + 9 * DAY_MS, fingerprint: 'C44D 0B19 6E83 A1F7' }),
    paired('guard', { role: 'kill', last_address: null, last_connected_ms: null, fingerprint: '08E2 77D4 19BC 5A60' }),
  ],
  refused: { 'not-paired': 31, mechanism: 4 },
};

/** Open without keys. */
export const plainNetwork: Network = {
  ...ordinaryDay.network,
  ...{ security: 'plain-network', host: '10.0.0.17', is_open: true, allow_from: ['10.0.0.0/24'] },
  seen: [
    { address: '10.0.0.23', last_seen_ms: NOW_MS - 900, admitted: true },
    { address: '10.0.7.4', last_seen_ms: NOW_MS - 320_000, admitted: false },
  ],
  refused: { 'not-in-list': 12 },
};

/** What a gateway answers to a pairing. */
export function pairingOf({ name, role, host, expires_days: days }: ControlInput<'pair'>): ControlOutput<'pair'> {
  const expiresMs = days === undefined ? null : NOW_MS + days * DAY_MS;
  const file = `${name}.connection.json`;
  return {
    paired: true,
    client: paired(name, { role, expires_ms: expiresMs, last_address: null, last_connected_ms: null }),
    file,
    connection: {
      ...{ version: 1, client_id: name, role, host: host ?? '10.0.0.17' },
      ...{ command_port: 5555, data_port: 5556, event_port: 5557 },
      server_key: 'yKcV!k4Qz.0b[Wm7v(8H}rT*qE#dN2sUa{J&5f:L',
      public_key: 'r/6t%Z0hP1+gXw9u@Dj3Ce)B<nM-oS^F>i?lYI=G',
      secret_key: 'JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6',
      mac_key: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      expires: expiresMs === null ? null : new Date(expiresMs).toISOString(),
    },
    commands: [
      `echo 'Paste the connection file, then press Enter and Ctrl+D:' && install -m 600 /dev/stdin ~/${file}`,
      `mt5-fabric-brain heartbeat --connection ~/${file}`,
    ],
  };
}
