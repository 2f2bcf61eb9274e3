import { BlockList, isIP } from 'node:net';

/** Networks whose addresses may connect, like 10.0.0.0/24. */
export class AllowList {
  readonly #networks = new BlockList();

  /** Throws for what is no network. */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', bits = ''] = network.split('/');
      this.#networks.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    }
  }

  has(address: string): boolean {
    // An IPv4 peer at an IPv6 socket shows as ::ffff:192.168.1.7.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const kind = isIP(plain);
    return kind !== 0 && this.#networks.check(plain, kind === 6 ? 'ipv6' : 'ipv4');
  }
}
