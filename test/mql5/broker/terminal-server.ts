import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unwind } from '../../../main/unwind.ts';

/** Where terminals connect to: a Unix socket in a folder of its own, or TCP on loopback. */
export class TerminalServer {
  /** What a terminal is told to connect to, like unix:/tmp/…/broker.sock or tcp:127.0.0.1:PORT. */
  readonly address: string;
  readonly #unwind: Unwind;

  private constructor(address: string, unwind: Unwind) {
    this.address = address;
    this.#unwind = unwind;
  }

  /** Listens; `greet` gets each terminal's socket. */
  static async listen(overTcp: boolean, greet: (socket: Socket) => void): Promise<TerminalServer> {
    const server = createServer(greet);
    const unwind = new Unwind();
    const address = overTcp ? await listenOnTcp(server) : await listenOnUnixSocket(server, unwind);
    unwind.defer(() => {
      server.close();
    });
    return new TerminalServer(address, unwind);
  }

  /** Takes no more terminals; those that are there are not its own. May be called twice. */
  stop(): Promise<void> {
    return this.#unwind.run();
  }
}

async function listenOnTcp(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function listenOnUnixSocket(server: Server, unwind: Unwind): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mt5-broker-'));
  unwind.defer(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'broker.sock');
  server.listen(path);
  await once(server, 'listening');
  return `unix:${path}`;
}
