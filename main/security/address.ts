import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An address as the peer has it: an IPv4 peer at an IPv6 socket shows as ::ffff:192.168.1.7. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whether an address is in a list of networks; false also for what is no address. */
export function isListed(address: string, networks: BlockList): boolean {
  const kind = isIP(address);
  return kind !== 0 && networks.check(address, kind === 6 ? 'ipv6' : 'ipv4');
}

/** Whether only this machine reaches an address; false also for what is no address. */
export function isLoopback(host: string): boolean {
  return isListed(host, loopback);
}
