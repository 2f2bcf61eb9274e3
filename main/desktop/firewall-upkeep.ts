import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portOf } from '../protocol/endpoint.ts';
import type { Endpoints } from '../gateway/gateway.ts';
import type { Log } from '../log.ts';
import { isLoopback } from '../security/address.ts';
import { closeFirewall, type FirewallPorts, openFirewall } from './firewall.ts';

interface Upkeep {
  readonly dataDir: string;
  /** The program's own file. */
  readonly program: string;
  /** The address that is listened on. */
  readonly host: string;
  readonly endpoints: Endpoints;
  readonly log: Log;
  readonly ports: FirewallPorts;
}

/**
 * Keeps Windows' firewall as the settings are: a rule where the gateway was opened to the network, none where it was closed
 * again. The operator is asked once for each change, whatever the answer; `firewall.asked` remembers for what.
 */
export async function keepFirewall({ dataDir, program, host, endpoints, log, ports }: Upkeep): Promise<void> {
  const file = join(dataDir, 'firewall.asked');
  const asked = textOf(file);
  const open = isLoopback(host) ? [] : [endpoints.command, endpoints.data, endpoints.events].map(portOf);
  const wanted = open.join(',');
  if (asked === wanted) return;
  const change = open.length === 0 ? await closeFirewall(ports) : await openFirewall({ program, ports: open }, ports);
  if (change.kind === 'failed') {
    log.warn('firewall-not-changed', { ports: wanted, why: change.why });
    return;
  }
  log.info(change.kind === 'changed' ? 'firewall-changed' : 'firewall-declined', { ports: wanted });
  if (wanted === '') rmSync(file, { force: true });
  else writeFileSync(file, wanted, { mode: 0o600 });
}

/** Empty where there is none. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
