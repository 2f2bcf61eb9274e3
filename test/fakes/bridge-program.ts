import { connect, type Socket } from 'node:net';

/** What the program says of itself. */
export interface ProgramIdentity {
  readonly version: string;
  readonly token: string;
  readonly programVersion: string;
  readonly instance: string;
  readonly login: string;
  readonly server: string;
  readonly tradeMode: string;
  readonly marginMode: string;
}

export const IDENTITY: ProgramIdentity = {
  version: '1',
  token: 'f00d',
  programVersion: '1.0.0',
  instance: '00112233445566aa',
  login: '5012345',
  server: 'MetaQuotes-Demo',
  tradeMode: 'DEMO',
  marginMode: 'HEDGING',
};

/** What a `state` line says; the counter is given with each. */
export interface ProgramState {
  readonly connected: string;
  readonly terminalAllowed: string;
  readonly programAllowed: string;
  readonly accountAllowed: string;
  readonly accountExpert: string;
  readonly login: string;
  readonly server: string;
  readonly tradeMode: string;
  readonly marginMode: string;
  readonly offsetS: string;
  readonly epoch: string;
  readonly latched: string;
}

/** Answers a request: rows and the end, without the number. */
export type Respond = (fields: readonly string[]) => readonly (readonly string[])[];

const LIMIT_MS = 5_000;

/** Speaks docs/BRIDGE.md from the program's side, as a test tells it to. */
export class BridgeProgram {
  /** All lines that have come, as fields. */
  readonly lines: (readonly string[])[] = [];
  isClosed = false;
  readonly #socket: Socket;
  readonly #identity: ProgramIdentity;
  readonly #responders = new Map<string, Respond>();
  #rest = '';
  #wake = () => {};

  private constructor(socket: Socket, identity: ProgramIdentity) {
    this.#socket = socket;
    this.#identity = identity;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
    socket.on('data', (chunk) => this.#read(chunk.toString('utf8')));
  }

  /** Connects to a pipe or a port, and says nothing yet. */
  static connect(at: string | number, identity: Partial<ProgramIdentity> = {}): Promise<BridgeProgram> {
    return new Promise((resolve, reject) => {
      const socket = typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new BridgeProgram(socket, { ...IDENTITY, ...identity }));
      });
    });
  }

  /** Says hello; resolves with the gateway's answer. */
  hello(): Promise<readonly string[]> {
    const { version, token, programVersion, instance, login, server, tradeMode, marginMode } = this.#identity;
    this.write('hello', version, token, programVersion, instance, login, server, tradeMode, marginMode);
    return this.next(([kind]) => kind === 'welcome' || kind === 'refused');
  }

  /** Tells the terminal's state at a counter. */
  state(counter: number, changed: Partial<ProgramState> = {}): void {
    const { login, server, tradeMode, marginMode } = this.#identity;
    const switches = { terminalAllowed: '1', programAllowed: '1', accountAllowed: '1', accountExpert: '1' };
    const state = {
      ...{ connected: '1', ...switches, login, server, tradeMode, marginMode },
      ...{ offsetS: '7200', epoch: '0', latched: '0', ...changed },
    };
    this.write(
      ...['state', String(counter), state.connected, state.terminalAllowed, state.programAllowed, state.accountAllowed],
      ...[state.accountExpert, state.login, state.server, state.tradeMode, state.marginMode, state.offsetS],
      ...[state.epoch, state.latched],
    );
  }

  /** From now on requests of a kind are answered so. */
  answer(kind: string, respond: Respond): void {
    this.#responders.set(kind, respond);
  }

  write(...fields: readonly string[]): void {
    this.writeRaw(`${fields.map(escape).join('\t')}\n`);
  }

  writeRaw(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Reads no more, as while OrderSend runs. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The next line that satisfies, also one that has come already; each is given once. */
  async next(satisfies: (fields: readonly string[]) => boolean): Promise<readonly string[]> {
    const untilMs = Date.now() + LIMIT_MS;
    for (;;) {
      const at = this.lines.findIndex(satisfies);
      const found = this.lines[at];
      if (found !== undefined) {
        this.lines.splice(at, 1);
        return found;
      }
      if (this.isClosed) throw new Error('the gateway closed the connection');
      if (Date.now() > untilMs) throw new Error(`no such line came; there are ${JSON.stringify(this.lines)}`);
      await this.#news();
    }
  }

  /** The next request of a kind. */
  request(kind: string): Promise<readonly string[]> {
    return this.next((fields) => fields[1] === kind);
  }

  async untilClosed(): Promise<void> {
    const untilMs = Date.now() + LIMIT_MS;
    while (!this.isClosed) {
      if (Date.now() > untilMs) throw new Error('the gateway did not close the connection');
      await this.#news();
    }
  }

  /** Ends the connection, as a program does that is removed from its chart. */
  close(): void {
    this.#socket.end();
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line.split('\t').map(unescape));
    this.#wake();
  }

  #take(fields: readonly string[]): void {
    this.lines.push(fields);
    const [id = '', kind = ''] = fields;
    const respond = /^\d+$/.test(id) ? this.#responders.get(kind) : undefined;
    for (const line of respond?.(fields) ?? []) this.write(id, ...line);
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, 50);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function unescape(field: string): string {
  const plain: Record<string, string> = { t: '\t', n: '\n', r: '\r' };
  return field.replace(/\\(.)/g, (_, character: string) => plain[character] ?? character);
}
