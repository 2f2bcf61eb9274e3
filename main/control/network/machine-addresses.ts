import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** An address under which other machines could reach this one. */
export interface MachineAddress {
  readonly address: string;
  /** Its network device, as the system names it. */
  readonly device: string;
}

type Devices = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** Devices between this machine and what runs inside it: containers and virtual machines. */
const INWARD = /^(docker|br-|veth|virbr|vmnet|cni|flannel|lxc|lxd|podman|vEthernet|VirtualBox|VMware)/i;
/** What a machine gives itself where nobody gives it an address; good for one cable alone. */
const LINK_LOCAL = /^(169\.254\.|fe[89ab])/i;

/** The addresses of this machine, the likeliest first: IPv4 before IPv6, devices that lead outward before the others. */
export function machineAddresses(devices: Devices = networkInterfaces()): MachineAddress[] {
  const found = Object.entries(devices).flatMap(([device, infos = []]) => infos.map((info) => ({ device, ...info })));
  return found
    .filter(({ internal, address }) => !internal && !LINK_LOCAL.test(address))
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ address, device }) => ({ address, device }));
}

function rank({ device, family }: { readonly device: string; readonly family: string }): number {
  return (INWARD.test(device) ? 2 : 0) + (family === 'IPv4' ? 0 : 1);
}

/** Addresses in a sentence. */
export function addressWords(addresses: readonly MachineAddress[]): string {
  if (addresses.length === 0) return 'This machine has no network address now.';
  return `This machine is ${addresses.map(({ address, device }) => `${address} (${device})`).join(', ')}.`;
}
