import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../log.ts';
import { AddressGuard } from './address-guard.ts';
import { EncryptedGuard } from './encrypted-guard.ts';
import { KeyFile } from './key-file.ts';
import { PairingRegister } from './pairing-register.ts';
import type { NetworkDesk } from './pairings.ts';
import type { PortGuard } from './port-guard.ts';
import type { Reach } from './reach.ts';
import { RefusedConnections } from './refused-connections.ts';
import { plainBox, type SecretBox } from './secret-box.ts';

export interface NetworkSecurityPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly dataDir: string;
  readonly settings: Pick<Settings, 'security' | 'allowFrom'>;
  /** The system's key store where there is one. */
  readonly secretBox?: SecretBox | undefined;
  readonly reach: () => Reach;
  /** Ends every connection of the three ports. */
  readonly endConnections: () => Promise<void>;
}

/** The pairings, and the guard of the mode that the settings name. */
export interface NetworkSecurity {
  readonly desk: NetworkDesk;
  /** Null in local mode. */
  readonly guard: PortGuard | null;
  /** May be called twice. */
  stop(): void;
}

/** Wires network security. Rejects with KeyFileError where the keys are there and cannot be read. */
export async function networkSecurity(ports: NetworkSecurityPorts): Promise<NetworkSecurity> {
  const { clock, log, audit, dataDir, settings, reach, endConnections } = ports;
  const keyFile = new KeyFile(dataDir, ports.secretBox ?? plainBox);
  const register = await PairingRegister.open({ clock, keyFile, reach, endConnections });
  const refused = new RefusedConnections({ clock, log, audit });
  const own = { clock, log, refused };
  const addresses = settings.security === 'plain-network' ? new AddressGuard(settings.allowFrom, own) : null;
  const guard =
    settings.security === 'encrypted'
      ? new EncryptedGuard(await register.serverKeys(), { ...own, register })
      : addresses;
  register.start();
  return {
    guard,
    desk: {
      pairings: register,
      seenAddresses: () => addresses?.seenAddresses() ?? [],
      refusedConnections: () => refused.counts(),
    },
    stop: () => register.stop(),
  };
}
