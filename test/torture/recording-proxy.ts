import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Changes a chunk on its way; `at` is how many bytes went that way before it. */
type Change = (chunk: Buffer, at: number) => Buffer;

/** A proxy before a port of this machine: keeps what clients say, and may change it on the way. */
export class RecordingProxy implements Disposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #said: Buffer[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(port: number, change: Change = (chunk) => chunk): Promise<RecordingProxy> {
    const server = createServer();
    const proxy = new RecordingProxy(server);
    server.on('connection', (client) => proxy.#join(client, connect(port, '127.0.0.1'), change));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the client of the first connection has said so far. */
  get said(): Buffer {
    return Buffer.concat(this.#said);
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, gateway: Socket, change: Change): void {
    const isFirst = this.#sockets.size === 0;
    let at = 0;
    client.on('data', (chunk: Buffer) => {
      if (isFirst) this.#said.push(chunk);
      gateway.write(change(chunk, at));
      at += chunk.length;
    });
    gateway.on('data', (chunk: Buffer) => client.write(chunk));
    for (const [one, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  }
}
