import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Fence, Query, TerminalState, TradeOutcome, Transaction } from '../handler.ts';
import type { Position, Tick } from '../market.ts';
import type { Ticket } from '../../protocol/ticket.ts';
import type { Connection } from './connection.ts';
import { FaultCount } from './fault-count.ts';
import { BRIDGE_LANGUAGE, type Hello } from './hello.ts';
import { LatchCalls } from './latch-calls.ts';
import { buildLine } from './line-codec.ts';
import type { LineFaultKind } from './line-fault.ts';
import { Link, type LinkEvents } from './link.ts';
import { openListener, type Listener } from './listener.ts';
import { LogRelay } from './log-relay.ts';
import { QueryCalls, type Question } from './query-calls.ts';
import { Reception, type DoorFault } from './reception.ts';
import { RequestTable } from './request-table.ts';
import type { StateLine } from './state-line.ts';
import { Subscription } from './subscription.ts';
import type { TerminalOptions } from './terminal-options.ts';
import { ToldPositions } from './told-positions.ts';
import { NOBODY_YET, TerminalView } from './terminal-view.ts';
import { TradeCalls } from './trade-calls.ts';
import type { TradeBody } from './trade-lines.ts';

const STOPPED = 'the link to the terminal is stopped';
/** A program that hears nothing takes its end of the pipe for dead: it is told so often that there is somebody, in milliseconds. */
const ALIVE_EVERY_MS = 1_000;

export interface TerminalLinkPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly onTicks: (ticks: readonly Tick[]) => void;
  readonly onTransaction: (transaction: Transaction) => void;
  readonly onState: (state: TerminalState) => void;
}

/** What has been refused and dropped. */
export interface LinkStats {
  /** Lines that could not be read, by what was wrong. */
  readonly badLines: Readonly<Partial<Record<LineFaultKind, number>>>;
  /** Connections that were not let in, by why. */
  readonly refused: Readonly<Partial<Record<DoorFault, number>>>;
  /** Lines of answers whose request had been given up. */
  readonly lateReplies: number;
  /** Lines of the program's log beyond what is passed on. */
  readonly droppedLogLines: number;
}

/** Serves one program at a time, from the door to the loss of its link, and keeps what outlives a link. */
export class TerminalLink {
  readonly #options: TerminalOptions;
  readonly #ports: TerminalLinkPorts;
  readonly #badLines: FaultCount<LineFaultKind>;
  readonly #refused: FaultCount<DoorFault>;
  readonly #logRelay: LogRelay;
  readonly #requests = new RequestTable();
  readonly #queries: QueryCalls;
  readonly #trades: TradeCalls;
  readonly #latches: LatchCalls;
  readonly #subscription: Subscription;
  readonly #view: TerminalView;
  readonly #told = new ToldPositions();
  #reception: Reception | null = null;
  #listener: Listener | null = null;
  #link: Link | null = null;
  #running: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  #stopWaiting = () => {};
  #cancelAlive = () => {};

  constructor(options: TerminalOptions, ports: TerminalLinkPorts) {
    const { clock } = ports;
    this.#options = options;
    this.#ports = ports;
    this.#badLines = new FaultCount('bridge-line-refused', ports);
    this.#refused = new FaultCount('bridge-connection-refused', ports);
    this.#logRelay = new LogRelay(ports);
    this.#queries = new QueryCalls(clock, this.#requests);
    this.#latches = new LatchCalls(clock);
    this.#subscription = new Subscription(() => this.#link);
    this.#view = new TerminalView({ clock, isAtWork: () => this.#trades.underWay > 0, onChange: ports.onState });
    const onEnded = () => this.#view.look();
    this.#trades = new TradeCalls(options.session, { clock, requests: this.#requests, onEnded });
  }

  /** Resolves once a program is linked, or after the patience for one. A second call is the first one. */
  start(): Promise<void> {
    this.#running ??= this.#start();
    return this.#running;
  }

  /** May be called twice, and before the start has ended. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = null;
    });
    return this.#stopping;
  }

  state(): TerminalState {
    return this.#view.state();
  }

  endpoints(): Pick<Listener, 'pipePath' | 'tcpPort'> {
    return { pipePath: this.#listener?.pipePath ?? null, tcpPort: this.#listener?.tcpPort ?? null };
  }

  stats(): LinkStats {
    return {
      badLines: this.#badLines.counts(),
      refused: this.#refused.counts(),
      lateReplies: this.#requests.late,
      droppedLogLines: this.#logRelay.dropped,
    };
  }

  ask<T>(question: Question<T>): Promise<Query<T>> {
    const link = this.#linked();
    if (link !== null) return this.#queries.ask(question, link);
    return Promise.resolve({ ok: false, code: 'TERMINAL_DISCONNECTED', message: this.#view.fault });
  }

  toldPosition(ticket: Ticket): Position | null {
    // On a netting account a position can turn round under its ticket, and get another one.
    const isSure = this.#view.isLinked && this.#view.state().marginMode === 'HEDGING';
    return isSure ? this.#told.get(ticket) : null;
  }

  trade(body: TradeBody, fence: Fence): Promise<TradeOutcome> {
    this.#latches.noteEpoch(fence.epoch);
    const link = this.#linked();
    if (link !== null) return this.#trades.submit(body, fence, link);
    return Promise.resolve({ kind: 'unsent', message: this.#view.fault });
  }

  // Also to a program that is silent or has not told its state yet: a halt that arrives is never too early.
  halt(epoch: number): Promise<boolean> {
    return this.#latches.halt(epoch, this.#link);
  }

  release(epoch: number): Promise<boolean> {
    return this.#latches.release(epoch, this.#link);
  }

  subscribe(symbols: ReadonlySet<string>): void {
    this.#subscription.set(symbols);
  }

  async #start(): Promise<void> {
    const { clock, log } = this.#ports;
    const admit = (hello: Hello, connection: Connection) => this.#admit(hello, connection);
    const reception = new Reception(this.#options.token, { clock, refused: this.#refused, admit });
    const patience = Promise.withResolvers<undefined>();
    this.#stopWaiting = () => patience.resolve(undefined);
    try {
      this.#listener = await openListener(this.#options, log, (socket, transport) =>
        reception.receive(socket, transport),
      );
    } catch (error) {
      this.#running = null;
      throw error;
    }
    this.#reception = reception;
    this.#view.listening(placesOf(this.#listener));
    if (this.#link === null) this.#view.gone(NOBODY_YET);
    const cancel = clock.after(this.#options.startPatienceMs, this.#stopWaiting);
    await patience.promise;
    cancel();
  }

  async #stop(): Promise<void> {
    if (this.#running === null) return;
    this.#stopWaiting();
    await this.#running.catch(() => {});
    this.#subscription.stop();
    this.#reception?.stop();
    this.#link?.close(STOPPED);
    this.#trades.stop();
    this.#view.gone(STOPPED);
    await this.#listener?.stop();
    this.#listener = null;
    this.#view.listening([]);
    this.#running = null;
  }

  #linked(): Link | null {
    return this.#view.isLinked ? this.#link : null;
  }

  #admit(hello: Hello, connection: Connection): string | null {
    const current = this.#link;
    if (current !== null) {
      const { login, server } = current.account;
      const isSame = login === hello.account.login && server === hello.account.server;
      if (!isSame) return `the terminal of account ${login} at ${server} is linked already`;
      current.close('the terminal program has connected anew');
    }
    this.#welcome(hello, connection);
    return null;
  }

  #welcome(hello: Hello, connection: Connection): void {
    const { gatewayVersion, session } = this.#options;
    const link = new Link(hello, connection, this.#events(), this.#ports.clock);
    this.#link = link;
    const { programVersion, account } = hello;
    this.#ports.log.info('terminal-linked', { transport: connection.transport, programVersion, ...account });
    link.urge(buildLine(['welcome', BRIDGE_LANGUAGE, gatewayVersion, session, String(this.#latches.lastEpoch)]));
    this.#latches.programCame(link);
    this.#trades.programCame(hello.instance);
    this.#subscription.programCame(link);
    this.#keepAlive(link);
    this.#view.greeted(hello, connection.transport);
  }

  #keepAlive(link: Link): void {
    this.#cancelAlive();
    this.#cancelAlive = this.#ports.clock.after(ALIVE_EVERY_MS, () => {
      link.send(() => buildLine(['alive']));
      this.#keepAlive(link);
    });
  }

  #events(): LinkEvents {
    return {
      heard: () => this.#view.heard(),
      ticks: this.#ports.onTicks,
      transaction: (transaction) => {
        this.#told.take(transaction);
        this.#ports.onTransaction(transaction);
      },
      state: (line) => this.#takeState(line),
      ack: (epoch, isOn) => {
        this.#latches.acked(epoch, isOn);
        this.#view.acked({ epoch, isOn });
      },
      reply: (id, text) => this.#requests.reply(id, text),
      log: (level, text) => this.#logRelay.pass(level, text),
      fault: ({ kind, message }) => {
        this.#told.forget();
        this.#badLines.add(kind, message);
      },
      closed: (why) => this.#lose(why),
    };
  }

  #takeState(line: StateLine): void {
    const link = this.#link;
    this.#view.took(line, () => {
      // Ahead of those who are told of the link: nothing newer may overtake what is sent again.
      if (link !== null) this.#trades.resend(link, (fence) => this.#latches.mayRepeat(fence));
      this.#stopWaiting();
    });
  }

  #lose(why: string): void {
    this.#link = null;
    this.#told.forget();
    this.#cancelAlive();
    this.#ports.log.warn('terminal-link-lost', { why });
    this.#view.gone(why);
    this.#trades.linkLost(why);
    this.#queries.linkLost(why);
    this.#latches.linkLost();
  }
}

function placesOf({ pipePath, tcpPort }: Listener): readonly string[] {
  return [...(pipePath === null ? [] : [pipePath]), ...(tcpPort === null ? [] : [`127.0.0.1:${tcpPort}`])];
}
