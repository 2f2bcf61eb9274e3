import { connect, createServer, type Server, type Socket } from 'node:net';

/** An order on its way to the program. A line comes in one piece: the gateway writes each with one call. */
const ORDER_LINE = /^\d+\tsend\t/m;

/** Stands in the pipe between program and gateway, passes everything on, and can break it. */
export class CuttablePipe {
  readonly #gatewayPath: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isMended = true;
  #onOrder: (() => void) | null = null;

  private constructor(path: string, gatewayPath: string) {
    this.#gatewayPath = gatewayPath;
    this.#server = createServer((program) => this.#join(program));
    this.#server.listen(path);
  }

  /** Listens at `path` for the program; passes on to the gateway's own pipe. */
  static start(path: string, gatewayPath: string): Promise<CuttablePipe> {
    const pipe = new CuttablePipe(path, gatewayPath);
    return new Promise((resolve, reject) => {
      pipe.#server.once('listening', () => resolve(pipe)).once('error', reject);
    });
  }

  /** Breaks every connection; the program may come back at once. */
  break(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Breaks every connection and lets none through before `mend`. */
  cut(): void {
    this.#isMended = false;
    this.break();
  }

  mend(): void {
    this.#isMended = true;
  }

  /** Does something when the gateway has written its next order, before that reaches the program. */
  atNextOrder(act: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#onOrder = () => {
        this.#onOrder = null;
        act();
        resolve();
      };
    });
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #join(program: Socket): void {
    const gateway = connect(this.#gatewayPath);
    this.#pass(program, gateway);
    this.#pass(gateway, program);
    gateway.prependListener('data', (chunk: Buffer) => {
      if (ORDER_LINE.test(chunk.toString('utf8'))) this.#onOrder?.();
    });
    if (!this.#isMended) this.break();
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => {});
    from.on('data', (chunk) => to.write(chunk));
    from.on('close', () => {
      this.#sockets.delete(from);
      // What has been passed on already stays in the pipe.
      to.destroySoon();
    });
  }
}
