import { firewallCommands } from '../network/firewall.ts';
import { isLoopback } from '../../security/address.ts';
import { good, note, unchecked, wrong, type Check } from './check.ts';
import type { Channel, Findings, Holder } from './findings.ts';
import { terminalInUse } from './in-use.ts';

/** The three channels, the two ways in for the program in MetaTrader, and the firewall. */
export function portChecks(findings: Findings): Check[] {
  return [
    ...(['command', 'data', 'event'] as const).map((channel) => channelCheck(channel, findings)),
    pipeCheck(findings),
    bridgePortCheck(findings),
    firewallCheck(findings),
  ];
}

const NAMES: Readonly<Record<Channel, string>> = {
  command: 'Command port',
  data: 'Data port',
  event: 'Event port',
  bridge: 'Bridge port',
};

function channelCheck(channel: Exclude<Channel, 'bridge'>, { gateway, ports }: Findings): Check {
  const link = NAMES[channel];
  if (gateway.kind === 'running') {
    const { command, data, events } = gateway.status.endpoints;
    return good(link, `${{ command, data, event: events }[channel]}, this gateway`);
  }
  const { port, state, holder } = ports[channel];
  if (port === 0) return good(link, 'a free one is picked');
  if (state === 'free') return good(link, `${port} is free`);
  if (state === 'unknown')
    return unchecked(link, `${port}: the address is not one of this machine, or the system does not say`);
  return wrong(
    link,
    `${port} is held by ${named(holder)}`,
    `end that program, or choose another port: --${channel}-port N`,
  );
}

function pipeCheck(findings: Findings): Check {
  const { pipe } = findings;
  const link = 'Bridge pipe';
  switch (pipe.kind) {
    case 'unusable':
      return needed(findings, link, pipe.why, 'choose another name with --bridge-pipe NAME');
    case 'unasked':
      return ownPlaceCheck(findings, link, pipe.path);
    case 'free':
      return good(link, `${pipe.path} is free`);
    case 'taken':
      return needed(
        findings,
        link,
        `${pipe.path} is held by another program`,
        'end that gateway, or choose another name: --bridge-pipe NAME',
      );
  }
}

function bridgePortCheck(findings: Findings): Check {
  const { port, state, holder } = findings.ports.bridge;
  const link = NAMES.bridge;
  const address = `127.0.0.1:${port}`;
  // A port that is picked anew each time is one that the program cannot know.
  if (port === 0) return note(link, 'no fixed one is set: only the pipe can be used');
  if (state === 'unknown') return unchecked(link, `${port}: the system does not say`);
  const isRunning = findings.gateway.kind === 'running' && terminalInUse(findings) === 'bridge';
  if (isRunning && (listensOn(findings, address) || state === 'free')) return ownPlaceCheck(findings, link, address);
  if (state === 'free') return good(link, `${address} is free`);
  const found = `${address} is held by ${named(holder)}`;
  if (isRunning) return note(link, found, 'choose another with --bridge-port N, and run --install-bridge again');
  return needed(findings, link, found, 'end that program, or choose another: --bridge-port N');
}

/** Whether a running gateway listens where the settings say that it does. */
function ownPlaceCheck(findings: Findings, link: string, place: string): Check {
  if (listensOn(findings, place)) return good(link, `${place}, this gateway`);
  const places = findings.gateway.kind === 'running' ? findings.gateway.status.terminal.listens_on : [];
  return note(link, `the gateway does not listen on ${place}, but on ${places.join(' and ') || 'nothing'}`);
}

function listensOn({ gateway }: Findings, place: string): boolean {
  return gateway.kind === 'running' && gateway.status.terminal.listens_on.includes(place);
}

/** Wrong where MetaTrader is what the gateway is to trade with, else worth knowing. */
function needed(findings: Findings, link: string, found: string, cure: string): Check {
  return terminalInUse(findings) === 'bridge' ? wrong(link, found, cure) : note(link, found, cure);
}

function named(holder: Holder | null): string {
  if (holder === null) return 'another program (the system does not say which)';
  return `${holder.name === '' ? 'a program' : holder.name} (process ${holder.pid})`;
}

function firewallCheck({ settings, platform }: Findings): Check {
  const link = 'Firewall';
  const { host, security, allowFrom, commandPort, dataPort, eventPort } = settings;
  if (host === 'localhost' || isLoopback(host)) return good(link, `${host} is this machine only: no rule is needed`);
  const from = security === 'plain-network' ? allowFrom : [];
  const rules = firewallCommands({ ports: [commandPort, dataPort, eventPort], from });
  const rule = platform === 'win32' ? rules.windows : rules.linux;
  return note(link, `${host} is reached from other machines`, `let them in where they are kept out: ${rule}`);
}
