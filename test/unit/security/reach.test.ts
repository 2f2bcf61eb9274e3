import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { machineAddresses, reachAddress } from '../../../main/security/reach.ts';

function info(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, mac: '00:00:00:00:00:00', netmask: '', cidr: null, internal };
  return address.includes(':') ? { ...common, family: 'IPv6', scopeid: 0 } : { ...common, family: 'IPv4' };
}

describe('the addresses of this machine', () => {
  it('are those that others could reach: outward before inward, IPv4 before IPv6, none of a link alone', () => {
    const found = machineAddresses({
      lo: [info('127.0.0.1', true), info('::1', true)],
      docker0: [info('172.17.0.1')],
      'vEthernet (WSL)': [info('172.20.0.1')],
      eth0: [info('2001:db8::5'), info('192.168.1.5'), info('fe80::1'), info('169.254.3.4')],
      wg0: [info('10.8.0.2')],
    });
    expect(found.map(({ address }) => address)).toEqual([
      ...['192.168.1.5', '10.8.0.2', '2001:db8::5', '172.17.0.1', '172.20.0.1'],
    ]);
    expect(found[0]).toEqual({ address: '192.168.1.5', device: 'eth0' });
  });

  it('are none on a machine without a network', () => {
    expect(machineAddresses({ lo: [info('127.0.0.1', true)] })).toEqual([]);
  });

  it('stand for a gateway that listens on all of them, and for no other', () => {
    expect(reachAddress('10.0.0.5')).toBe('10.0.0.5');
    for (const all of ['0.0.0.0', '::']) expect(reachAddress(all)).not.toBe(all);
  });
});
