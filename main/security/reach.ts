import { networkInterfaces } from 'node:os';

/** Where a brain reaches the gateway. */
export interface Reach {
  readonly host: string;
  readonly commandPort: number;
  readonly dataPort: number;
  readonly eventPort: number;
}

/** An address of this machine under which others may reach it. */
export interface MachineAddress {
  readonly address: string;
  readonly device: string;
}

/** Devices between this machine and what runs inside it: containers and virtual machines. */
const INWARD = /^(?:docker|br-|veth|virbr|vmnet|cni|flannel|lxc|lxd|podman|vEthernet|VirtualBox|VMware)/i;
/** What a machine gives itself where nobody gives it an address; good for one link alone. */
const LINK_LOCAL = /^(?:fe[89ab][0-9a-f]:|169\.254\.)/i;

/** Addresses of this machine under which others may reach it: devices that lead outward first, IPv4 before IPv6. */
export function machineAddresses(devices = networkInterfaces()): readonly MachineAddress[] {
  const all = Object.entries(devices).flatMap(([device, infos = []]) => infos.map((info) => ({ device, ...info })));
  return all
    .filter(({ internal, address }) => !internal && !LINK_LOCAL.test(address))
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ address, device }) => ({ address, device }));
}

/** The address to connect to for one that is listened on: of all addresses the likeliest. */
export function reachAddress(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  return machineAddresses()[0]?.address ?? '127.0.0.1';
}

function rank({ device, family }: { readonly device: string; readonly family: string }): number {
  return (INWARD.test(device) ? 2 : 0) + (family === 'IPv4' ? 0 : 1);
}
