import type { Settings } from '../../config/settings.ts';
import { portOf } from '../../protocol/endpoint.ts';
import { isLoopback } from '../../security/address.ts';
import type { NetworkDesk, PairedClient } from '../../security/pairings.ts';
import type { MachineAddress } from '../../security/reach.ts';
import type { ControlOutput } from '../contract.ts';
import { firewallCommands, type FirewallCommands } from './firewall.ts';

/** What a view of the network is made of. */
export interface NetworkPorts {
  readonly network: NetworkDesk;
  readonly settings: Pick<Settings, 'security' | 'host' | 'allowFrom'>;
  readonly endpoints: ControlOutput<'status'>['endpoints'];
  /** Of this machine, as they are now. */
  readonly addresses: () => readonly MachineAddress[];
  /** The gateway's program, for a firewall that goes by programs. */
  readonly program?: string;
}

/** How the gateway stands in the network, in the operator's contract. */
export function networkView(ports: NetworkPorts): ControlOutput<'network'> {
  const { network, settings } = ports;
  return {
    security: settings.security,
    host: settings.host,
    is_open: !isLoopback(settings.host),
    addresses: boundFirst(ports.addresses(), settings.host),
    allow_from: [...settings.allowFrom],
    seen: network.seenAddresses().map(({ address, lastSeenMs, isAdmitted }) => ({
      ...{ address, last_seen_ms: lastSeenMs, admitted: isAdmitted },
    })),
    server_fingerprint: network.pairings.knownFingerprint,
    firewall: firewallOf(ports),
    paired: network.pairings.list().map(pairedView),
    refused: { ...network.refusedConnections() },
  };
}

/** A paired brain, in the operator's contract. */
export function pairedView(client: PairedClient): ControlOutput<'network'>['paired'][number] {
  const { name, label, role, fingerprint, pairedMs, expiresMs, lastAddress, lastConnectedMs } = client;
  return {
    ...{ name, label, role, fingerprint, paired_ms: pairedMs, expires_ms: expiresMs },
    ...{ last_address: lastAddress, last_connected_ms: lastConnectedMs },
  };
}

/** In plain-network mode the rule lets in whom the gateway lets in; in encrypted mode the keys decide. */
function firewallOf({ settings, endpoints, program }: NetworkPorts): FirewallCommands {
  const { security, allowFrom } = settings;
  const { command, data, events } = endpoints;
  const from = security === 'plain-network' ? allowFrom : [];
  const ports = [command, data, events].map(portOf);
  return firewallCommands({ ports, from, ...(program === undefined ? {} : { program }) });
}

function boundFirst(addresses: readonly MachineAddress[], host: string): MachineAddress[] {
  const isBound = ({ address }: MachineAddress) => address === host;
  return [...addresses.filter(isBound), ...addresses.filter((one) => !isBound(one))];
}
