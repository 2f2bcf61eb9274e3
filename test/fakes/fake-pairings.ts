import type { ConnectionFile } from '../../main/protocol/connection-file.ts';
import type { NetworkDesk, PairedClient, PairingResult, Pairings, PairRequest } from '../../main/security/pairings.ts';

/** What must never be seen outside of a connection file. */
export const SECRETS = { secret_key: 's'.repeat(40), mac_key: 'f'.repeat(64) } as const;

/** Pairings in memory, as the gateway's own behave. */
export class FakePairings implements Pairings {
  knownFingerprint: string | null = null;
  /** Refuses the next change with this sentence. */
  fault: string | null = null;
  readonly #clients = new Map<string, PairedClient>();

  list(): readonly PairedClient[] {
    return [...this.#clients.values()];
  }

  pair({ name, role, expiresMs, host }: PairRequest): ReturnType<Pairings['pair']> {
    if (this.fault !== null) return Promise.resolve({ ok: false, message: this.fault });
    if (this.#clients.has(name)) return Promise.resolve({ ok: false, message: `"${name}" is paired already` });
    const client: PairedClient = {
      ...{ name, label: name, role, fingerprint: 'AB12 CD34 EF56 7890', pairedMs: 1_000, expiresMs },
      ...{ lastAddress: null, lastConnectedMs: null },
    };
    this.#clients.set(name, client);
    this.knownFingerprint = '0123 4567 89AB CDEF';
    const connection: ConnectionFile = {
      ...{ version: 1, client_id: name, role, host: host ?? '10.9.9.9' },
      ...{ command_port: 5_555, data_port: 5_556, event_port: 5_557 },
      ...{ server_key: 'k'.repeat(40), public_key: 'p'.repeat(40), ...SECRETS },
      expires: expiresMs === null ? null : new Date(expiresMs).toISOString(),
    };
    return Promise.resolve({ ok: true, client, connection });
  }

  revoke(name: string): Promise<PairingResult<{ client: PairedClient }>> {
    const client = this.#clients.get(name);
    if (this.fault !== null || client === undefined) return this.#refuse(name);
    this.#clients.delete(name);
    return Promise.resolve({ ok: true, client });
  }

  rename(name: string, label: string): Promise<PairingResult<{ client: PairedClient }>> {
    const client = this.#clients.get(name);
    if (this.fault !== null || client === undefined) return this.#refuse(name);
    this.#clients.set(name, { ...client, label });
    return Promise.resolve({ ok: true, client: { ...client, label } });
  }

  /** A connection under the brain's key was let in. */
  connect(name: string, lastAddress: string, lastConnectedMs: number): void {
    const client = this.#clients.get(name);
    if (client !== undefined) this.#clients.set(name, { ...client, lastAddress, lastConnectedMs });
  }

  #refuse(name: string) {
    return Promise.resolve({ ok: false, message: this.fault ?? `no brain "${name}" is paired` } as const);
  }
}

/** What calls and screens see of a network, with pairings in memory. */
export function fakeNetwork(more: Partial<NetworkDesk> = {}): NetworkDesk & { readonly pairings: FakePairings } {
  return { seenAddresses: () => [], refusedConnections: () => ({}), ...more, pairings: new FakePairings() };
}
