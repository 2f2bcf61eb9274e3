import type { AccountPin, Transaction } from '../handler.ts';
import type { Tick } from '../market.ts';
import type { Clock } from '../../clock.ts';
import type { Connection, LineMaker, LineReceiver } from './connection.ts';
import { CounterOffset } from './counter-offset.ts';
import { Fields } from './fields.ts';
import type { Hello } from './hello.ts';
import { splitLine } from './line-codec.ts';
import { LineFault } from './line-fault.ts';
import { LOG_LEVELS, type LogLevel } from './log-relay.ts';
import { readDeal, readOrder, readPosition } from './rows.ts';
import { readState, type StateLine } from './state-line.ts';
import { isTickLine, TickParser } from './tick-parser.ts';

const REPLY = /^(\d{1,15})(\t|$)/;

/** What comes over a link. A LineFault that `reply` throws refuses the line. */
export interface LinkEvents {
  heard(): void;
  /** The ticks of one read. */
  ticks(ticks: readonly Tick[]): void;
  transaction(transaction: Transaction): void;
  state(line: StateLine): void;
  ack(epoch: number, isOn: boolean): void;
  /** A line that begins with a request's number; `text` is the whole of it. */
  reply(id: number, text: string): void;
  log(level: LogLevel, text: string): void;
  fault(fault: LineFault): void;
  closed(why: string): void;
}

/** The live connection with a program that has been welcomed: its lines become events. */
export class Link implements LineReceiver {
  readonly hello: Hello;
  readonly #connection: Connection;
  readonly #events: LinkEvents;
  readonly #clock: Clock;
  readonly #parser = new TickParser();
  readonly #offset = new CounterOffset();
  #account: AccountPin;
  #ticks: Tick[] = [];

  constructor(hello: Hello, connection: Connection, events: LinkEvents, clock: Clock) {
    this.hello = hello;
    this.#account = hello.account;
    this.#connection = connection;
    this.#events = events;
    this.#clock = clock;
    connection.receiver = this;
  }

  get instance(): string {
    return this.hello.instance;
  }

  /** The account that the terminal trades now. */
  get account(): AccountPin {
    return this.#account;
  }

  send(line: LineMaker): boolean {
    return this.#connection.send(line);
  }

  urge(line: string): void {
    this.#connection.urge(line);
  }

  close(why: string): void {
    this.#connection.close(why);
  }

  /** The program's counter at a time of the gateway's monotonic clock, never more than it will be; null when not known. */
  counterAt(monoMs: number): number | null {
    return this.#offset.counterAt(monoMs, this.#clock.monoMs());
  }

  heard(): void {
    this.#events.heard();
  }

  line(bytes: Buffer, start: number, end: number): void {
    try {
      if (isTickLine(bytes, start, end)) this.#ticks.push(this.#parser.parse(bytes, start, end));
      else this.#take(bytes.toString('utf8', start, end));
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      this.#events.fault(error);
    }
  }

  readEnd(): void {
    if (this.#ticks.length === 0) return;
    const ticks = this.#ticks;
    this.#ticks = [];
    this.#events.ticks(ticks);
  }

  tooLong(): void {
    const message = 'the terminal program sent a line that is too long';
    this.#events.fault(new LineFault('TOO_LONG', message));
    this.close(message);
  }

  closed(why: string): void {
    this.#events.closed(why);
  }

  #take(text: string): void {
    const id = REPLY.exec(text)?.[1];
    if (id === undefined) this.#takePush(splitLine(text));
    else this.#events.reply(Number(id), text);
  }

  #takePush(line: readonly string[]): void {
    const [kind = ''] = line;
    const fields = new Fields(kind, line, 1);
    switch (kind) {
      case 'state': {
        const state = readState(fields);
        this.#account = state.account;
        this.#offset.note(this.#clock.monoMs(), state.counter);
        this.#events.state(state);
        return;
      }
      case 'trade':
        this.#events.transaction(readTransaction(fields));
        return;
      case 'ack':
        this.#events.ack(fields.count('epoch'), fields.flag('latched'));
        return;
      case 'log':
        this.#events.log(fields.oneOf('level', LOG_LEVELS), fields.text('text'));
        return;
      default:
        throw new LineFault('UNKNOWN_KIND', `no such line: "${kind.slice(0, 40)}"`);
    }
  }
}

const TRANSACTIONS = [
  'order-added',
  'order-changed',
  'order-removed',
  'deal',
  'position-opened',
  'position-changed',
  'position-closed',
] as const;

function readTransaction(fields: Fields): Transaction {
  const what = fields.oneOf('kind', TRANSACTIONS);
  switch (what) {
    case 'order-added':
      return { kind: 'ORDER_ADDED', order: readOrder(fields) };
    case 'order-changed':
      return { kind: 'ORDER_CHANGED', order: readOrder(fields) };
    case 'order-removed':
      return { kind: 'ORDER_REMOVED', order: readOrder(fields) };
    case 'deal':
      return { kind: 'DEAL', deal: readDeal(fields) };
    case 'position-opened':
      return { kind: 'POSITION_OPENED', position: readPosition(fields) };
    case 'position-changed':
      return { kind: 'POSITION_CHANGED', position: readPosition(fields) };
    case 'position-closed':
      return { kind: 'POSITION_CLOSED', position: readPosition(fields) };
  }
}
