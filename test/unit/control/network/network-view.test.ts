import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../../main/config/settings.ts';
import { CONTROL_TOPICS, type TopicValue } from '../../../../main/control/contract.ts';
import { networkSource } from '../../../../main/control/live/network-source.ts';
import { Topic } from '../../../../main/control/live/topic.ts';
import { firewallCommands } from '../../../../main/control/network/firewall.ts';
import { isLoopback } from '../../../../main/security/address.ts';
import { networkView, type NetworkPorts } from '../../../../main/control/network/network-view.ts';
import { silentLog } from '../../../../main/log.ts';
import { fakeNetwork } from '../../../fakes/fake-pairings.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

const ADDRESSES = [
  { address: '192.168.1.5', device: 'eth0' },
  { address: '10.8.0.2', device: 'wg0' },
];

function portsWith(settings: Partial<Settings> = {}, network = fakeNetwork()): NetworkPorts {
  return {
    network,
    settings: { security: 'local', host: '127.0.0.1', allowFrom: [], ...settings },
    endpoints: { command: 'tcp://0.0.0.0:6001', data: 'tcp://0.0.0.0:6002', events: 'tcp://[::]:6003' },
    addresses: () => ADDRESSES,
  };
}

describe('how a gateway stands in the network', () => {
  it('is closed on loopback and open on any other address', () => {
    expect(networkView(portsWith())).toMatchObject({ security: 'local', is_open: false, server_fingerprint: null });
    expect(networkView(portsWith({ security: 'encrypted', host: '::' }))).toMatchObject({ is_open: true });
  });

  it('names the address that it listens on first, and the others too', () => {
    const { addresses } = networkView(portsWith({ security: 'encrypted', host: '10.8.0.2' }));
    expect(addresses.map(({ address }) => address)).toEqual(['10.8.0.2', '192.168.1.5']);
  });

  it('lets in only the listed networks by its firewall rule in plain-network mode, at the ports as they are', () => {
    const allowFrom = ['10.0.0.0/24', 'fd00::/8'];
    expect(networkView(portsWith({ security: 'plain-network', host: '0.0.0.0', allowFrom })).firewall).toEqual({
      windows:
        'netsh advfirewall firewall add rule name="MT5 Fabric gateway" dir=in action=allow protocol=TCP ' +
        'localport="6001,6002,6003" remoteip="10.0.0.0/24,fd00::/8" profile="private,domain"',
      linux:
        'sudo ufw allow proto tcp from 10.0.0.0/24 to any port 6001,6002,6003 && ' +
        'sudo ufw allow proto tcp from fd00::/8 to any port 6001,6002,6003',
    });
    const { windows, linux } = networkView(portsWith({ security: 'encrypted', allowFrom })).firewall;
    expect(windows).not.toContain('remoteip');
    expect(linux).toBe('sudo ufw allow proto tcp from any to any port 6001,6002,6003');
  });

  it('tells who has knocked, and how many were refused', () => {
    const seen = { address: '10.0.0.9', lastSeenMs: 5, isAdmitted: false };
    const network = fakeNetwork({ seenAddresses: () => [seen], refusedConnections: () => ({ 'not-in-list': 3 }) });
    expect(networkView(portsWith({ security: 'plain-network' }, network))).toMatchObject({
      seen: [{ address: '10.0.0.9', last_seen_ms: 5, admitted: false }],
      refused: { 'not-in-list': 3 },
    });
  });
});

describe('the network on a screen', () => {
  it('follows pairings and connections twice a second, and is silent while nothing changes', async () => {
    const clock = new SimulatedClock();
    const network = fakeNetwork();
    const got: TopicValue<'network'>[] = [];
    const topic = new Topic('network', networkSource({ ...portsWith({}, network), clock }), { clock, log: silentLog });
    const end = topic.subscribe((value) => {
      expect(CONTROL_TOPICS.network.parse(value)).toEqual(value);
      got.push(value);
    });
    await clock.advance(2_000);
    expect(got).toHaveLength(1);
    await network.pairings.pair({ name: 'alpha', role: 'read', expiresMs: null, host: null });
    await clock.advance(1_000);
    network.pairings.connect('alpha', '10.0.0.9', 77);
    await clock.advance(1_000);
    expect(got.map(({ paired: [one] }) => one?.last_address)).toEqual([undefined, null, '10.0.0.9']);
    end();
  });
});

describe('the firewall rule on Windows', () => {
  it('goes by the program too where it is known, unless its path would not mean itself', () => {
    const rule = (program: string) => firewallCommands({ ports: [1], from: [], program }).windows;
    expect(rule('C:\\Program Files\\MT5 Fabric\\MT5 Fabric.exe')).toMatch(/program="C:\\Program Files\\.*\.exe"$/);
    expect(rule('C:\\100%x%\\f.exe')).not.toContain('program=');
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1'])('is %s', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', 'localhost', ''])('is not %j', (host) => expect(isLoopback(host)).toBe(false));
});
