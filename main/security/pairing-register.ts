import { randomBytes } from 'node:crypto';
import { curveKeyPair } from 'zeromq';
import type { Clock } from '../clock.ts';
import { type ConnectionFile, MAC_BYTES } from '../protocol/connection-file.ts';
import { ANONYMOUS_CLIENT, SELF_TEST_CLIENT, UNPROVEN_CLIENT } from '../protocol/constants.ts';
import { fingerprint } from './fingerprint.ts';
import type { ClientKeys, KeyFile, Keys } from './key-file.ts';
import type { PairedClient, PairingResult, Pairings, PairRequest } from './pairings.ts';
import type { Reach } from './reach.ts';

interface Ports {
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  readonly keyFile: KeyFile;
  readonly reach: () => Reach;
  /** Ends every connection; those that are still paired come back by themselves. */
  readonly endConnections: () => Promise<void>;
}

/** So often it is looked whether a pairing has expired, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** Names that the gateway uses itself. */
const RESERVED: readonly string[] = [ANONYMOUS_CLIENT, UNPROVEN_CLIENT, SELF_TEST_CLIENT];

interface Connected {
  readonly address: string;
  readonly atMs: number;
}

/** Who may connect in encrypted mode, kept in the key file. One change at a time, on disk before it resolves. */
export class PairingRegister implements Pairings {
  readonly #ports: Ports;
  #keys: Keys | null;
  readonly #connected = new Map<string, Connected>();
  #changing: Promise<unknown> = Promise.resolve();
  #cancelLook = () => {};
  /** Whose pairing was valid when it was last looked. */
  #valid = new Set<string>();

  private constructor(ports: Ports, keys: Keys | null) {
    this.#ports = ports;
    this.#keys = keys;
  }

  /** Rejects with KeyFileError where the keys cannot be read. */
  static async open(ports: Ports): Promise<PairingRegister> {
    return new PairingRegister(ports, await ports.keyFile.read());
  }

  /** Begins to look for what expires. */
  start(): void {
    this.#valid = this.#validNames();
    const look = () => {
      const now = this.#validNames();
      const isOver = [...this.#valid].some((name) => !now.has(name));
      this.#valid = now;
      if (isOver) void this.#ports.endConnections();
      this.#cancelLook = this.#ports.clock.after(LOOK_EVERY_MS, look);
    };
    this.#cancelLook = this.#ports.clock.after(LOOK_EVERY_MS, look);
  }

  /** May be called twice. */
  stop(): void {
    this.#cancelLook();
  }

  list(): readonly PairedClient[] {
    return (this.#keys?.clients ?? []).map((client) => this.#view(client));
  }

  /** The gateway's own key pair; made and on disk where there was none yet. */
  async serverKeys(): Promise<Keys['server']> {
    if (this.#keys === null) await this.#change(() => null);
    if (this.#keys === null) throw new Error('the key file was not written');
    return this.#keys.server;
  }

  get knownFingerprint(): string | null {
    return this.#keys === null ? null : fingerprint(this.#keys.server.publicKey);
  }

  /** The paired client of a name; expired ones too. */
  find(name: string): ClientKeys | null {
    return this.#keys?.clients.find((client) => client.name === name) ?? null;
  }

  /** The client that may connect under a public key now. */
  findByKey(publicKey: string): ClientKeys | null {
    const found = this.#keys?.clients.find((client) => client.publicKey === publicKey) ?? null;
    return found !== null && !this.isExpired(found) ? found : null;
  }

  /** Whether a key is paired, expired or not. */
  isKnownKey(publicKey: string): boolean {
    return this.#keys?.clients.some((client) => client.publicKey === publicKey) ?? false;
  }

  isExpired({ expiresMs }: ClientKeys): boolean {
    return expiresMs !== null && expiresMs <= this.#ports.clock.nowMs();
  }

  /** A connection under a client's key was let in. */
  connected(name: string, address: string): void {
    this.#connected.set(name, { address, atMs: this.#ports.clock.nowMs() });
  }

  async pair({ name, role, expiresMs, host }: PairRequest): Promise<PairingResult<Paired>> {
    const pair = newCurveKeys();
    const client: ClientKeys = {
      ...{ name, label: name, role, publicKey: pair.publicKey, macKey: randomBytes(MAC_BYTES).toString('hex') },
      ...{ pairedMs: this.#ports.clock.nowMs(), expiresMs },
    };
    if (RESERVED.includes(name)) return failed(`"${name}" is a name of the gateway's own; choose another`);
    const fault = await this.#change((clients) => {
      const known = clients.find((other) => other.name === name);
      if (known !== undefined) return `"${name}" is paired already: revoke it first, or choose another name`;
      return [...clients, client];
    });
    if (fault !== null) return failed(fault);
    const { publicKey: serverKey } = await this.serverKeys();
    const connection = connectionFile(client, pair.secretKey, serverKey, this.#ports.reach(), host);
    return { ok: true, client: this.#view(client), connection };
  }

  async revoke(name: string): Promise<PairingResult<{ client: PairedClient }>> {
    let revoked: ClientKeys | undefined;
    const fault = await this.#change((clients) => {
      revoked = clients.find((client) => client.name === name);
      return revoked === undefined ? notPaired(name) : clients.filter((client) => client.name !== name);
    });
    if (fault !== null || revoked === undefined) return failed(fault ?? notPaired(name));
    const client = this.#view(revoked);
    this.#connected.delete(name);
    // Its connections end here: those of the others are not to be ended for it a second time.
    this.#valid.delete(name);
    await this.#ports.endConnections();
    return { ok: true, client };
  }

  async rename(name: string, label: string): Promise<PairingResult<{ client: PairedClient }>> {
    const fault = await this.#change((clients) => {
      if (!clients.some((client) => client.name === name)) return notPaired(name);
      return clients.map((client) => (client.name === name ? { ...client, label } : client));
    });
    const client = this.find(name);
    return fault !== null || client === null
      ? failed(fault ?? notPaired(name))
      : { ok: true, client: this.#view(client) };
  }

  /** One change after another. `change` gives the clients as they are to be, null to leave them, or why that cannot be. */
  #change(change: (clients: readonly ClientKeys[]) => readonly ClientKeys[] | string | null): Promise<string | null> {
    const changed = this.#changing.then(async () => {
      const before = this.#keys ?? { server: newCurveKeys(), clients: [] };
      const clients = change(before.clients);
      if (typeof clients === 'string') return clients;
      const keys = { ...before, clients: clients ?? before.clients };
      // What is taken away counts at once, whatever the disk does; what is added only once it is kept.
      if (this.#keys !== null && keys.clients.length < before.clients.length) this.#keys = keys;
      await this.#ports.keyFile.write(keys);
      this.#keys = keys;
      return null;
    });
    const settled = changed.catch(
      (error: unknown) => `${this.#ports.keyFile.path} cannot be written: ${String(error)}`,
    );
    this.#changing = settled;
    return settled;
  }

  #view({ name, label, role, publicKey, pairedMs, expiresMs }: ClientKeys): PairedClient {
    const connected = this.#connected.get(name);
    return {
      ...{ name, label, role, fingerprint: fingerprint(publicKey), pairedMs, expiresMs },
      lastAddress: connected?.address ?? null,
      lastConnectedMs: connected?.atMs ?? null,
    };
  }

  #validNames(): Set<string> {
    const clients = this.#keys?.clients ?? [];
    return new Set(clients.filter((client) => !this.isExpired(client)).map(({ name }) => name));
  }
}

interface Paired {
  readonly client: PairedClient;
  readonly connection: ConnectionFile;
}

/** A fresh CURVE key pair, in Z85. */
export function newCurveKeys(): Keys['server'] {
  const { publicKey, secretKey } = curveKeyPair();
  return { publicKey, secretKey };
}

function connectionFile(
  { name, role, publicKey, macKey, expiresMs }: ClientKeys,
  secretKey: string,
  serverKey: string,
  reach: Reach,
  host: string | null,
): ConnectionFile {
  return {
    ...{ version: 1, client_id: name, role, host: host ?? reach.host },
    ...{ command_port: reach.commandPort, data_port: reach.dataPort, event_port: reach.eventPort },
    ...{ server_key: serverKey, public_key: publicKey, secret_key: secretKey, mac_key: macKey },
    expires: expiresMs === null ? null : new Date(expiresMs).toISOString(),
  };
}

function notPaired(name: string): string {
  return `no brain "${name}" is paired; --clients lists those that are`;
}

function failed(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
