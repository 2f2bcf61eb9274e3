import { isIP } from 'node:net';
import type { Settings } from './config/settings.ts';
import { firewallCommands } from './control/network/firewall.ts';
import { PAPER_DEFAULTS, type PaperOptions } from './mt5/paper/paper-options.ts';
import { limitContradiction } from './safety/limits/limit-settings.ts';
import { isLoopback } from './security/address.ts';
import { machineAddresses, type MachineAddress } from './security/reach.ts';

type NetworkSettings = Pick<
  Settings,
  'security' | 'host' | 'allowFrom' | 'acceptUnencrypted' | 'commandPort' | 'dataPort' | 'eventPort'
>;

/** Why a gateway with these settings does not run, and how to go on, or null. */
export function notRunnable(settings: Settings, addresses = machineAddresses()): string | null {
  return networkContradiction(settings, addresses) ?? limitContradiction(settings);
}

/** What of these settings counts for nothing as they stand: to be said, not to be refused. */
export function idleSettings({ security, allowFrom, acceptUnencrypted }: NetworkSettings): string[] {
  if (security === 'plain-network') return [];
  const note = (flag: string) => `${flag} counts for nothing in security mode ${security}: it is for plain-network`;
  return [
    ...(allowFrom.length === 0 ? [] : [note('--allow-from')]),
    ...(acceptUnencrypted ? [note('--accept-unencrypted')] : []),
  ];
}

function networkContradiction(settings: NetworkSettings, addresses: readonly MachineAddress[]): string | null {
  const { security, host, allowFrom, acceptUnencrypted } = settings;
  if (isIP(host) === 0) return `--host ${host}: it takes an address of this machine, like 127.0.0.1 or 0.0.0.0 for all`;
  switch (security) {
    case 'encrypted':
      return null;
    case 'local':
      return isLoopback(host) ? null : howToOpen(settings, addresses);
    case 'plain-network':
      if (allowFrom.length === 0) return NEEDS_ALLOW_FROM;
      return acceptUnencrypted ? null : NEEDS_CONSENT;
  }
}

const NEEDS_ALLOW_FROM =
  '--security plain-network needs --allow-from: the networks whose addresses may connect, like --allow-from 10.0.0.0/24';
const NEEDS_CONSENT =
  '--security plain-network needs --accept-unencrypted true: nothing is encrypted or proved, so that whoever is in ' +
  'the listed networks, or between, can read everything and trade. --security encrypted protects you from that';

/** For who has set an address and nothing else. */
function howToOpen({ host, commandPort, dataPort, eventPort }: NetworkSettings, addresses: readonly MachineAddress[]) {
  const firewall = firewallCommands({ ports: [commandPort, dataPort, eventPort], from: [] });
  return [
    `--host ${host}: in --security local the gateway listens for this machine alone, like --host 127.0.0.1.`,
    `To open it to the network: --security encrypted --host ${host}, then --pair NAME --role trade for each brain.`,
    addressWords(addresses),
    `Windows firewall: ${firewall.windows}`,
    `Linux with ufw: ${firewall.linux}`,
  ].join('\n');
}

function addressWords(addresses: readonly MachineAddress[]): string {
  if (addresses.length === 0) return 'This machine has no network address now.';
  return `This machine is ${addresses.map(({ address, device }) => `${address} (${device})`).join(', ')}.`;
}

/** The paper terminal's options that follow from the settings. */
export function paperOptions(settings: Settings, reset: boolean): PaperOptions {
  return {
    ...PAPER_DEFAULTS,
    seed: settings.paperSeed,
    latencyMs: settings.paperLatencyMs,
    marginMode: settings.paperMargin === 'netting' ? 'NETTING' : 'HEDGING',
    suffix: settings.paperSuffix,
    ticksPerSecond: settings.paperTicksPerSecond,
    ...(settings.paperTicks === '' ? {} : { ticksFile: settings.paperTicks }),
    reset,
  };
}
