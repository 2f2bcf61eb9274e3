import type { Socket } from 'node:net';
import { barsOf, periodOf } from './bars.ts';
import type { BrokerSymbol, RawTradeRequest } from './broker-types.ts';
import { rehearse } from './execution.ts';
import { LAST_ERROR } from './mql5-enums.ts';
import type { SendAnswer } from './order-desk.ts';
import { parseRequest } from './request-fields.ts';
import { barFields, checkFields, resultFields } from './rows.ts';
import type { Venue } from './venue.ts';
import { decodeLine, encodeLine, type Field } from './wire-line.ts';

/** What a session needs of its broker. */
export interface SessionHost {
  readonly venue: Venue;
  /** All that a terminal must know at first, without the end. */
  snapshot(): readonly string[];
  send(request: RawTradeRequest): Promise<SendAnswer | null>;
  select(symbol: BrokerSymbol, isSelected: boolean): void;
}

const HELLO = 'terminal 1';
const MAX_LINE = 65_536;
const MAX_UNREAD = 256 * 1024 * 1024;

/** One terminal at the broker's socket: its snapshot, what it is told, and what it asks. */
export class TerminalSession {
  readonly #socket: Socket;
  readonly #host: SessionHost;
  #isSynced = false;
  #rest = '';
  #out = '';
  #held: string[] | null = null;
  #requestId = 0;

  constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
    socket.setEncoding('utf8');
    socket.setNoDelay(true);
    socket.on('data', (chunk: string) => this.#take(chunk));
    // A killed program resets its connection: nothing to do but forget it.
    socket.on('error', () => socket.destroy());
  }

  /** Tells the terminal something, from its snapshot on. All that is told in one turn leaves in one write. */
  push(row: string): void {
    if (!this.#isSynced) return;
    if (this.#held === null) this.#write(row);
    else this.#held.push(row);
  }

  /** Keeps back what is pushed, until `release`: the terminal's connection to its server is down, or slow. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const rows = this.#held ?? [];
    this.#held = null;
    for (const row of rows) this.#write(row);
  }

  /** Tells it past what is held. */
  pushAtOnce(row: string): void {
    if (this.#isSynced) this.#write(row);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#understand(line);
    if (this.#rest.length > MAX_LINE) throw new Error('a terminal sent a line without an end');
  }

  #understand(line: string): void {
    if (line === HELLO || line === HELLO.replace(' ', '\t')) this.#begin();
    else {
      const [first = '', second = '', ...fields] = decodeLine(line);
      if (first === 'select') this.#select(second, fields[0] === '1');
      else this.#ask(first, second, fields);
    }
  }

  #begin(): void {
    this.#write(this.#host.snapshot().join(''));
    this.#isSynced = true;
    this.#write('synced\n');
  }

  #select(name: string, isSelected: boolean): void {
    const symbol = this.#host.venue.market.find(name);
    if (symbol !== undefined) this.#host.select(symbol, isSelected);
  }

  #ask(id: string, question: string, fields: readonly string[]): void {
    if (question === 'send') void this.#send(id, fields);
    else if (question === 'check') this.#check(id, fields);
    else if (question === 'rates') this.#rates(id, fields);
    else throw new Error(`a terminal asked what is not in the protocol: ${question}`);
  }

  async #send(id: string, fields: readonly string[]): Promise<void> {
    const requestId = ++this.#requestId;
    const answer = await this.#host.send(parseRequest(fields));
    if (answer === null) return;
    this.#answer(id, ['result', answer.isTrue, ...resultFields(answer.result), requestId, answer.lastError]);
  }

  #check(id: string, fields: readonly string[]): void {
    const check = rehearse(this.#host.venue, parseRequest(fields));
    const isTrue = check.retcode === 0;
    const lastError = isTrue ? LAST_ERROR.NONE : LAST_ERROR.TRADE_SEND_FAILED;
    this.#answer(id, ['checked', isTrue, ...checkFields(check), lastError]);
  }

  #rates(id: string, [name = '', timeframe = '', count = '']: readonly string[]): void {
    const { venue } = this.#host;
    const periodS = periodOf(Number(timeframe));
    const isKnown = venue.market.find(name) !== undefined;
    const bars = isKnown && periodS !== null ? barsOf(venue, name, periodS, Number(count)) : [];
    for (const bar of bars) this.#answer(id, ['rate', ...barFields(bar)]);
    const fault = periodS === null ? LAST_ERROR.INVALID_PARAMETER : LAST_ERROR.NONE;
    this.#answer(id, ['end', isKnown ? fault : LAST_ERROR.UNKNOWN_SYMBOL]);
  }

  #answer(id: string, fields: readonly Field[]): void {
    this.#write(encodeLine([id, ...fields]));
  }

  #write(text: string): void {
    if (this.#out === '') queueMicrotask(() => this.#flush());
    this.#out += text;
  }

  #flush(): void {
    const text = this.#out;
    this.#out = '';
    if (this.#socket.destroyed) return;
    this.#socket.write(text);
    if (this.#socket.writableLength > MAX_UNREAD) this.#socket.destroy();
  }
}
