import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** A broker that says what a test has it say: the terminal's half of test/mql5/README.md, line by line. */
export class ScriptedBroker {
  readonly address: string;
  /** What the terminal has said. */
  readonly heard: string[] = [];
  /** The answer to a question, without its number; none for null. */
  answer: (question: readonly string[]) => readonly string[] | null = () => null;
  /** What follows the account and the symbols in each snapshot. */
  snapshot: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.address = `unix:${path}`;
    server.on('connection', (socket) => this.#welcome(socket));
  }

  static async start(folder: string): Promise<ScriptedBroker> {
    const server = createServer();
    const path = join(folder, 'broker.sock');
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return new ScriptedBroker(server, path);
  }

  /** Sends lines whose fields are separated by spaces; `_` stands for an empty field. */
  say(...lines: readonly string[]): void {
    const fields = (line: string) => line.split(' ').map((field) => (field === '_' ? '' : field));
    const text = lines.map((line) => `${fields(line).join('\t')}\n`).join('');
    for (const socket of this.#sockets) socket.write(text);
  }

  /** Cuts the connection; the terminal comes back by itself. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #welcome(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop()!;
      for (const line of lines) this.#hear(line);
    });
  }

  #hear(line: string): void {
    this.heard.push(line);
    if (line === 'terminal\t1') this.say(...SNAPSHOT, ...this.snapshot, 'synced');
    const [number, ...question] = line.split('\t');
    if (number === undefined || !/^\d+$/.test(number)) return;
    for (const end of this.answer(question) ?? []) this.say(`${number} ${end}`);
  }
}

const SNAPSHOT = [
  'clock 7200',
  'switch TERMINAL_CONNECTED 1',
  'account 42 Server Name Company USD 100 0 2 1000 0 0 1000 0 1000 0 50 30 1 1 200 2',
  ...['EURUSD 1', 'GBPUSD 0'].map((symbol) => {
    const [name, selected] = symbol.split(' ');
    const sizes = '5 1e-05 1e-05 1 100000 0.01 100 0.01 10 0';
    return `symbol ${name} Description ${sizes} EUR USD EUR 2 2 4 ${selected} 15 127`;
  }),
];
