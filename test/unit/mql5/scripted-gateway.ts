import { createServer, type Server, type Socket } from 'node:net';

const ENDS = new Set(['ok', 'done', 'fenced', 'expired', 'unknown', 'refused']);

type Where = { path: string } | { port: number; host: string };

/** A gateway that says what the test tells it to, and keeps every line of the program as its fields. */
export class ScriptedGateway {
  readonly lines: string[][] = [];
  connections = 0;
  readonly #welcome: string;
  readonly #where: Where;
  readonly #server: Server;
  readonly #listeners = new Set<() => void>();
  #socket: Socket | null = null;
  #rest = '';
  #lastId = 0;

  constructor(welcome: string, where: Where) {
    this.#welcome = welcome;
    this.#where = where;
    this.#server = createServer((socket) => {
      this.#take(socket);
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#where, resolve));
    return this;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  send(...lines: string[]): void {
    this.#socket?.write(lines.map((line) => `${line.replaceAll(/ ?\| ?/g, '\t')}\n`).join(''));
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  /** Sends a request; its rows and its end, without the id. */
  async ask(request: string): Promise<{ rows: string[][]; end: string[] }> {
    this.#lastId += 1;
    const id = String(this.#lastId);
    this.send(`${id} | ${request}`);
    const end = await this.line(([first, kind]) => first === id && ENDS.has(kind ?? ''));
    const all = this.lines.filter(([first]) => first === id).map((fields) => fields.slice(1));
    return { rows: all.slice(0, -1), end: end.slice(1) };
  }

  /** The first line that matches, of those that have come and those that will. */
  async line(isWanted: (fields: string[]) => boolean, timeoutMs = 5_000): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#listeners.delete(look);
        reject(new Error(`the line did not come; there were\n${this.lines.slice(-20).join('\n')}`));
      }, timeoutMs);
      const look = () => {
        const found = this.lines.find(isWanted);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      look();
    });
  }

  drop(): void {
    this.#socket?.destroy();
    this.lines.length = 0;
  }

  async stop(): Promise<void> {
    this.#socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    this.#rest = '';
    this.connections += 1;
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (text: string) => {
      const parts = (this.#rest + text).split('\n');
      this.#rest = parts.pop() ?? '';
      for (const part of parts) this.lines.push(part.split('\t'));
      if (parts.some((part) => part.startsWith('hello\t'))) this.send(this.#welcome);
      for (const listener of this.#listeners) listener();
    });
  }
}
