import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import type { RawTradeRequest } from '../../../mql5/broker/broker-types.ts';
import { decodeLine, encodeLine } from '../../../mql5/broker/wire-line.ts';

/** A terminal at the broker's socket that says what the test wants and keeps every line that comes. */
export class ScriptedTerminal {
  readonly lines: string[] = [];
  readonly #socket: Socket;
  #rest = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (this.#rest + chunk).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.lines.push(line);
    });
  }

  /** Connects and says hello; resolves when the snapshot is complete. */
  static async connect(address: string): Promise<ScriptedTerminal> {
    const [kind, ...rest] = address.split(':');
    const socket = kind === 'unix' ? connect(rest.join(':')) : connect(Number(rest[1]), rest[0]);
    await once(socket, 'connect');
    onTestFinished(() => {
      socket.destroy();
    });
    const terminal = new ScriptedTerminal(socket);
    terminal.say('terminal', '1');
    await terminal.line('synced');
    return terminal;
  }

  get isConnected(): boolean {
    return !this.#socket.destroyed;
  }

  say(...fields: readonly string[]): void {
    this.#socket.write(encodeLine(fields));
  }

  send(id: string, request: RawTradeRequest): void {
    this.#socket.write(encodeLine([id, 'send', ...requestFields(request)]));
  }

  check(id: string, request: RawTradeRequest): void {
    this.#socket.write(encodeLine([id, 'check', ...requestFields(request)]));
  }

  /** The fields of the first line with this beginning, now or later. */
  async line(beginning: string): Promise<readonly string[]> {
    const found = await vi.waitUntil(() => this.lines.find((line) => line.startsWith(beginning)), {
      timeout: 3_000,
      interval: 2,
    });
    return decodeLine(found);
  }

  /** Forgets what has come so far. */
  forget(): void {
    this.lines.length = 0;
  }

  /** The first fields of what has come: the kinds of rows, and of transactions with their types. */
  kinds(): readonly string[] {
    return this.lines.map((line) => {
      const [kind = '', second = ''] = decodeLine(line);
      return kind === 'transaction' ? `transaction ${second}` : kind;
    });
  }
}

function requestFields(request: RawTradeRequest): readonly (string | number | bigint)[] {
  const { action, magic, order, symbol, volumeLots, price, stopLimit, sl, tp, deviationPoints } = request;
  const { type, filling, timeType, expirationS, comment, position, positionBy } = request;
  const first = [action, magic, order, symbol, volumeLots, price, stopLimit, sl, tp, deviationPoints];
  return [...first, type, filling, timeType, expirationS, comment, position, positionBy];
}
