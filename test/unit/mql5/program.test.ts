import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildProgram } from '../../mql5/build.ts';
import { SimBroker } from '../../mql5/broker/sim-broker.ts';
import { ProgramProcess } from '../../mql5/program-process.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const LOGIN = '5000123';
const FOREVER = '18446744073709551615';
const BUILD_TIMEOUT_MS = 180_000;

type Where = { path: string } | { port: number; host: string };

/** A gateway that says what the test tells it to, and keeps every line of the program as its fields. */
class ScriptedGateway {
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

const ENDS = new Set(['ok', 'done', 'fenced', 'expired', 'unknown', 'refused']);
const WELCOME = 'welcome | 1 | 9.9.9 | session-1 | 1';

let executable = '';
let folder = '';
let broker: SimBroker;
let gateway: ScriptedGateway;
const gateways: ScriptedGateway[] = [];
const programs: ProgramProcess[] = [];

beforeAll(async () => {
  executable = await buildProgram({ variant: 'plain' });
}, BUILD_TIMEOUT_MS);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mt5-program-'));
  mkdirSync(join(folder, 'MQL5/Files/MT5Fabric'), { recursive: true });
  writeFileSync(join(folder, 'MQL5/Files/MT5Fabric/token.txt'), `${TOKEN}\n`);
  broker = await SimBroker.start();
  gateway = await listening(WELCOME);
});

afterEach(async () => {
  const aborts = programs.splice(0).map((program) => program.errors);
  await ProgramProcess.killAll();
  for (const each of gateways.splice(0)) await each.stop();
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(aborts.filter((text) => text !== '')).toEqual([]);
});

async function listening(welcome: string, tcp = false): Promise<ScriptedGateway> {
  const made = new ScriptedGateway(
    welcome,
    tcp ? { port: 0, host: '127.0.0.1' } : { path: join(folder, 'mt5-fabric') },
  );
  gateways.push(made);
  return made.listen();
}

function start(inputs: Record<string, string | number> = {}, environment: Record<string, string> = {}): ProgramProcess {
  const program = ProgramProcess.start({
    executable,
    broker: broker.address,
    dataDir: folder,
    pipeFolder: folder,
    inputs: { InpHistorySettleS: 0, InpTcpPort: 0, ...inputs },
    environment,
  });
  programs.push(program);
  return program;
}

async function linked(): Promise<ProgramProcess> {
  const program = start();
  await gateway.line(([kind]) => kind === 'state');
  return program;
}

function buy(command: string, epoch = 1, comment = 'test~abcdefghijkl'): string {
  return `send | ${command} | ${epoch} | ${FOREVER} | EURUSD | BUY | MARKET | 0.10 | 0 | 0 | 0 | 20 | 77 | ${comment} | 0`;
}

const recordPath = () => join(folder, `MQL5/Files/MT5Fabric/commands-${LOGIN}.txt`);

test('it says hello with token, record and account, and its state right after the welcome', async () => {
  await linked();
  const [hello, state] = gateway.lines;
  expect(hello).toEqual([
    'hello',
    '1',
    TOKEN,
    '1.0.0',
    expect.stringMatching(/^[0-9a-f]{16}$/),
    LOGIN,
    'SimBroker-Demo',
    'DEMO',
    'HEDGING',
  ]);
  expect(state?.slice(2)).toEqual([
    '1',
    '1',
    '1',
    '1',
    '1',
    LOGIN,
    'SimBroker-Demo',
    'DEMO',
    'HEDGING',
    '7200',
    '0',
    '0',
  ]);
});

test('it answers questions about account, symbols, prices and candles', async () => {
  await linked();
  expect((await gateway.ask('ping')).end[1]).toMatch(/^\d+$/);
  expect((await gateway.ask('account')).rows[0]?.slice(0, 3)).toEqual(['account', LOGIN, 'SimBroker-Demo']);
  expect((await gateway.ask('symbol | EURUSD')).rows[0]).toHaveLength(20);
  expect((await gateway.ask('symbols')).rows.length).toBeGreaterThan(2);
  expect((await gateway.ask('tick | EURUSD')).rows[0]?.slice(0, 4)).toEqual(['tick', 'EURUSD', '1.10000', '1.10010']);
  expect((await gateway.ask('tick | GBPUSD')).end).toEqual(['ok']);
  expect((await gateway.ask('candles | EURUSD | M5 | 3')).rows).toHaveLength(3);
  expect((await gateway.ask('candles | EURUSD | M7 | 3')).end.slice(0, 2)).toEqual(['refused', 'MALFORMED']);
  expect((await gateway.ask('symbol | NOSUCH')).end.slice(0, 2)).toEqual(['refused', 'NOT_FOUND']);
  expect((await gateway.ask('dance')).end.slice(0, 2)).toEqual(['refused', 'UNKNOWN']);
});

test('it opens, changes and closes a position, and tells orders, deals and positions', async () => {
  await linked();
  const opened = await gateway.ask(buy('c1'));
  expect(opened.end.slice(0, 2)).toEqual(['done', '10009']);
  const ticket = opened.end[4] ?? '';
  expect(broker.positions.map((position) => String(position.ticket))).toEqual([ticket]);
  expect((await gateway.ask(`modify | c2 | 1 | ${FOREVER} | ${ticket} | 1.09000 | 1.12000`)).end[1]).toBe('10009');
  const [row] = (await gateway.ask('positions | EURUSD | | 77')).rows;
  expect(row?.slice(0, 6)).toEqual(['position', ticket, ticket, 'EURUSD', 'BUY', '0.10000000']);
  expect(row?.slice(8, 10)).toEqual(['1.09000', '1.12000']);
  expect((await gateway.ask(`close | c3 | 1 | ${FOREVER} | ${ticket} | EURUSD | 0.20 | 20 | 77 | x`)).end[1]).toBe(
    '10038',
  );
  expect((await gateway.ask(`close | c4 | 1 | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 77 | x`)).end[1]).toBe(
    '10009',
  );
  expect((await gateway.ask(`close | c5 | 1 | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 77 | x`)).end[1]).toBe(
    '10036',
  );
  const told = (begin: string) =>
    gateway.lines.filter(([kind, what]) => kind === 'trade' && what?.startsWith(begin)).map(([, what]) => what);
  await expect.poll(() => told('deal')).toHaveLength(2);
  await expect.poll(() => told('order')).toEqual(['order-added', 'order-removed', 'order-added', 'order-removed']);
  await expect.poll(() => told('position')).toEqual(['position-opened', 'position-changed', 'position-closed']);
  const found = await gateway.ask('find | abcdefghijkl');
  expect(found.end).toEqual(['ok', '1']);
  expect(found.rows.map(([kind]) => kind)).toEqual(['order', 'deal', 'record']);
  expect(found.rows.at(-1)?.slice(1, 4)).toEqual(['c1', 'ENDED', '10009']);
});

test('it names the rule that a call breaks', async () => {
  await linked();
  const send = (fields: string) => gateway.ask(`send | c | 1 | ${FOREVER} | EURUSD | BUY | ${fields} | 20 | 0 | x | 0`);
  expect((await send('MARKET | 0.295 | 0 | 0 | 0')).end).toEqual(
    expect.arrayContaining(['10014', expect.stringContaining('0.01')]),
  );
  expect((await send('MARKET | 0.29 | 0 | 1.2 | 0')).end).toEqual(expect.arrayContaining(['10016']));
  expect((await send('LIMIT | 0.29 | 1.2 | 0 | 0')).end).toEqual(expect.arrayContaining(['10015']));
  expect((await send('MARKET | 0.29 | 0 | 0 | 0')).end[1]).toBe('10009');
  expect((await send('SIDEWAYS | 0.29 | 0 | 0 | 0')).end).toEqual(expect.arrayContaining(['MALFORMED']));
});

test('a pending order keeps its expiration over the difference of the clocks, is changed and removed', async () => {
  await linked();
  const until = (Math.floor(Date.now() / 1_000) + 3_600) * 1_000;
  const placed = await gateway.ask(
    `send | p1 | 1 | ${FOREVER} | EURUSD | SELL | LIMIT | 0.10 | 1.2 | 0 | 0 | 20 | 7 | c | ${until}`,
  );
  expect(placed.end[1]).toMatch(/^1000[89]$/);
  const ticket = placed.end[2] ?? '';
  expect((await gateway.ask('orders | | |')).rows[0]?.at(-1)).toBe(String(until));
  expect((await gateway.ask(`change | p2 | 1 | ${FOREVER} | ${ticket} | 1.21 | 0 | 0 | 0`)).end[1]).toBe('10009');
  expect((await gateway.ask(`orders | | ${ticket} |`)).rows[0]?.slice(7, 8)).toEqual(['1.21000']);
  expect((await gateway.ask(`remove | p3 | 1 | ${FOREVER} | ${ticket}`)).end[1]).toBe('10009');
  expect((await gateway.ask(`remove | p4 | 1 | ${FOREVER} | ${ticket}`)).end[1]).toBe('10013');
});

test('a halt fences what came before it in the same write, and a close still passes', async () => {
  await linked();
  const ticket = (await gateway.ask(buy('c1'))).end[4] ?? '';
  gateway.send(`91 | ${buy('c2')}`, `92 | ${buy('c3', 2)}`, 'halt | 2', 'resume | 1');
  expect(await gateway.line(([kind]) => kind === 'ack')).toEqual(['ack', '2', '1']);
  expect((await gateway.line(([id]) => id === '91'))[1]).toBe('fenced');
  expect((await gateway.line(([id]) => id === '92'))[1]).toBe('fenced');
  expect((await gateway.ask(`close | c4 | 2 | ${FOREVER} | ${ticket} | EURUSD | 0 | 20 | 77 | x`)).end[1]).toBe(
    '10009',
  );
  expect(gateway.lines.filter(([kind]) => kind === 'ack')).toHaveLength(1);
  gateway.send('resume | 3');
  await gateway.line((fields) => fields.join() === 'ack,3,0');
  expect((await gateway.ask(buy('c5', 3))).end[1]).toBe('10009');
  expect((await gateway.ask(buy('c6', 2))).end[0]).toBe('fenced');
});

test('a call that is too old is not carried out', async () => {
  await linked();
  const { end } = await gateway.ask(buy('c1').replace(FOREVER, '1'));
  expect(end[0]).toBe('expired');
  expect(broker.requests).toHaveLength(0);
});

test('a command that it has is answered from the record, over a lost link, a latch and a restart', async () => {
  const program = await linked();
  const first = (await gateway.ask(buy('once'))).end;
  expect((await gateway.ask(buy('once'))).end).toEqual(first);
  gateway.send('halt | 5');
  await gateway.line(([kind]) => kind === 'ack');
  const hello = gateway.lines[0];
  gateway.drop();
  await gateway.line(([kind]) => kind === 'state');
  expect((await gateway.ask(buy('once'))).end).toEqual(first);
  expect(await program.stop()).toBe(0);
  gateway.drop();
  await linked();
  expect(gateway.lines[0]).toEqual(hello);
  expect(gateway.lines[1]?.slice(-2)).toEqual(['5', '1']);
  expect((await gateway.ask(buy('once'))).end).toEqual(first);
  expect((await gateway.ask(buy('twice', 5))).end[0]).toBe('fenced');
  expect(broker.requests).toHaveLength(1);
});

test('a command whose end was never written is unknown after a crash, and a torn line is dropped', async () => {
  const program = await linked();
  broker.next({ kind: 'silent', executed: true });
  gateway.send(`1 | ${buy('lost')}`);
  await expect.poll(() => broker.requests.length).toBe(1);
  await program.kill();
  const text = readFileSync(recordPath(), 'utf8');
  expect(text).toMatch(/^MT5FabricRecord\t1\t[0-9a-f]{16}\nBEGUN\tlost\ttest~abcdefghijkl\n$/);
  writeFileSync(recordPath(), `${text}BEGUN\ttor`);
  gateway.drop();
  await linked();
  expect((await gateway.ask(buy('lost'))).end[0]).toBe('unknown');
  expect((await gateway.ask('find | abcdefghijkl')).rows.filter(([kind]) => kind === 'record')).toEqual([
    ['record', 'lost', 'BEGUN', '0', '0', '0', '0', '0.00000000', '0', ''],
  ]);
  expect(readFileSync(recordPath(), 'utf8')).toBe(text);
  expect(broker.requests).toHaveLength(1);
});

test('a record that is none is kept aside, and the new one has another instance', async () => {
  writeFileSync(recordPath(), 'nonsense\n');
  await linked();
  expect(readFileSync(`${recordPath()}.damaged`, 'utf8')).toBe('nonsense\n');
  expect(gateway.lines[0]?.[4]).toMatch(/^[0-9a-f]{16}$/);
});

test('the record keeps the last 10,000 commands, and the file stays bounded', async () => {
  const rows = Array.from({ length: 20_500 }, (_, n) => [
    `BEGUN\tk${n}\tc~${String(n).padStart(12, '0')}`,
    `ENDED\tk${n}\t10009\t${n}\t0\t${n}\t0.10000000\t1.1000000000\t1.1000000000\t1.1001000000\t5\tdone`,
  ]);
  writeFileSync(recordPath(), ['MT5FabricRecord\t1\t0123456789abcdef', ...rows.flat(), ''].join('\n'));
  await linked();
  expect(gateway.lines[0]?.[4]).toBe('0123456789abcdef');
  expect(readFileSync(recordPath(), 'utf8').split('\n')).toHaveLength(20_002);
  expect(existsSync(`${recordPath()}.new`)).toBe(false);
  const old = await gateway.ask(buy('k10500'));
  expect(old.end).toEqual([
    'done',
    '10009',
    '10500',
    '0',
    '10500',
    '0.10000000',
    '1.10000',
    '1.10000',
    '1.10010',
    'done',
  ]);
  expect((await gateway.ask('find | 000000020499')).rows).toHaveLength(1);
  expect((await gateway.ask('find | 000000010499')).rows).toHaveLength(0);
  expect(broker.requests).toHaveLength(0);
});

test('every tick of a subscribed symbol comes once, also several of one millisecond', async () => {
  await linked();
  gateway.send('subscribe | EURUSD | GBPUSD | NOSUCH');
  await gateway.ask('ping');
  const from = Date.now() + 7_200_000;
  for (let n = 0; n < 3_000; n += 1) {
    broker.quote('EURUSD', 1.1 + n / 100_000, 1.2 + n / 100_000, { timeMsc: from + Math.floor(n / 7) });
  }
  await gateway.line((fields) => fields[0] === 'tick' && fields[2] === '1.12999');
  await gateway.ask('ping');
  const ticks = gateway.lines.filter(([kind, symbol]) => kind === 'tick' && symbol === 'EURUSD');
  expect(ticks.map(([, , bid]) => bid)).toEqual(
    Array.from({ length: 3_000 }, (_, n) => (1.1 + n / 100_000).toFixed(5)),
  );
  expect(ticks.at(-1)?.[6]).toBe(String(from + Math.floor(2_999 / 7) - 7_200_000));
});

test('it refuses a version that it does not know, and says both', async () => {
  await gateway.stop();
  gateway = await listening('welcome | 2 | 9.9.9 | session-1 | 1');
  const program = start();
  expect(await program.waitForLine('speaks version')).toMatch(/version 2.*version 1/);
  expect(gateway.lines).toHaveLength(1);
});

test('it goes to TCP when the pipe stays mute, and says so', async () => {
  const tcp = await listening(WELCOME, true);
  const program = start({ InpTcpPort: tcp.port }, { MT5_PIPE_BLIND: '1' });
  await tcp.line(([kind]) => kind === 'state', 9_000);
  expect(await program.waitForLine('linked to gateway')).toContain(`TCP 127.0.0.1:${tcp.port}`);
}, 15_000);
