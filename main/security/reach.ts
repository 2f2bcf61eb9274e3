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

/** Addresses of this machine under which others may reach it: IPv4 first, none of the machine's own or of a link alone. */
export function machineAddresses(devices = networkInterfaces()): readonly MachineAddress[] {
  const all = Object.entries(devices).flatMap(([device, addresses = []]) =>
    addresses.filter(({ internal }) => !internal).map(({ address, family }) => ({ device, address, family })),
  );
  const reachable = all.filter(({ address }) => !/^(?:fe80:|169\.254\.)/i.test(address));
  const [v4, v6] = [reachable.filter(isV4), reachable.filter((one) => !isV4(one))];
  return [...v4, ...v6].map(({ address, device }) => ({ address, device }));
}

/** The address to connect to for one that is listened on: of all addresses the likeliest. */
export function reachAddress(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  return machineAddresses()[0]?.address ?? '127.0.0.1';
}

function isV4({ family }: { readonly family: string }): boolean {
  return family === 'IPv4';
}
