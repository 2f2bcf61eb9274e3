import { connect, createServer, type Server, type Socket } from 'node:net';
import { LineQueue, type LineFate } from './line-queue.ts';

/** Waits for a line of a trading call and decides about it. Nothing of its direction passes before it has. */
export type LineTrap = () => LineFate | Promise<LineFate>;

/** Lines to the program that are trading calls, and lines from it that end one. */
export type LineKind = 'request' | 'reply';

const REQUEST = /^(\d+)\t(?:send|close|modify|change|remove)\t/;
const REPLY = /^(\d+)\t(?:done|fenced|expired|unknown|refused)\t/;
/** A program has this long for what a killed gateway had still written, as over a pipe that is read late. */
const LINGER_MS = 40;

/**
 * Stands on the named pipe between program and gateway. Passes whole lines on, as they come, and lets traps decide about
 * those of trading calls.
 */
export class PipeProxy {
  readonly #traps: Record<LineKind, LineTrap[]> = { request: [], reply: [] };
  readonly #upstream: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #queues = new Set<LineQueue>();

  private constructor(upstream: string) {
    this.#upstream = upstream;
    this.#server = createServer((program) => this.#join(program));
  }

  /** Listens at `path` for programs; the gateway is at `upstream`, now or later. */
  static async listen(path: string, upstream: string): Promise<PipeProxy> {
    const proxy = new PipeProxy(upstream);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(path, resolve);
    });
    return proxy;
  }

  /** The trap takes the next line of that kind that no trap before it has taken. */
  trap(kind: LineKind, trap: LineTrap): void {
    this.#traps[kind].push(trap);
  }

  /** Whether lines are kept from passing, at this moment. */
  get isHolding(): boolean {
    return [...this.#queues].some(({ isBusy }) => isBusy);
  }

  /** Takes all traps away. */
  disarm(): void {
    this.#traps.request.length = 0;
    this.#traps.reply.length = 0;
  }

  /** Breaks every link. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #join(program: Socket): void {
    const gateway = connect(this.#upstream);
    const calls = new Set<string>();
    const trapFor = (kind: LineKind, id: string): LineTrap | undefined => {
      if (kind === 'request') calls.add(id);
      return kind === 'request' || calls.delete(id) ? this.#traps[kind].shift() : undefined;
    };
    this.#carry(gateway, program, (line) => trapOn(REQUEST, line, (id) => trapFor('request', id)));
    this.#carry(program, gateway, (line) => trapOn(REPLY, line, (id) => trapFor('reply', id)));
  }

  #carry(from: Socket, to: Socket, trapOf: (line: string) => LineTrap | undefined): void {
    this.#sockets.add(from);
    const queue = new LineQueue({
      fateOf: (line) => trapOf(line)?.() ?? null,
      pass: (bytes) => {
        if (!to.destroyed) to.write(bytes);
      },
      end: (bytes) => {
        this.#queues.delete(queue);
        from.destroy();
        to.end(bytes, () => to.destroy());
      },
    });
    this.#queues.add(queue);
    from.on('data', (bytes: Buffer) => queue.push(bytes));
    // A killed process resets its connection: 'close' comes in any case.
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      setTimeout(() => queue.finish(), LINGER_MS);
    });
  }
}

function trapOn(pattern: RegExp, line: string, trapFor: (id: string) => LineTrap | undefined): LineTrap | undefined {
  const id = pattern.exec(line)?.[1];
  return id === undefined ? undefined : trapFor(id);
}
