import { BlockList, isIP } from 'node:net';
import { isListed, plainAddress } from './address.ts';

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
    return isListed(plainAddress(address), this.#networks);
  }
}
