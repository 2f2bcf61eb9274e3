import { Context, type Router } from 'zeromq';
import type { FabricEvent } from '../protocol/events.ts';
import { type Channel, CHANNELS } from '../security/port-guard.ts';
import { tcpEndpoint } from '../protocol/endpoint.ts';
import type { BindFailure } from './bind.ts';
import { ChannelMeter } from './channel-meter.ts';
import { ClientRegistry, type ClientView } from './client-registry.ts';
import { CommandServer, type CommandServerStats, openCommandSocket } from './command-server.ts';
import { type Core, createCore, type Guards } from './core.ts';
import { beforeDeadline } from './deadline.ts';
import type { Decision, OpenSearch } from './decision.ts';
import { EventPublisher } from './event-publisher.ts';
import { terminalEvent, tradeEvent } from './gateway-events.ts';
import { DEFAULTS, type GatewayOptions, type GatewayPorts } from './gateway-options.ts';
import { MemoryGuard } from './memory-guard.ts';
import { Reconciler } from './reconcile.ts';
import type { Recovery } from './recovery.ts';
import { RequestRate } from './request-rate.ts';
import { askHeartbeat, reachable, type SelfTest } from './self-test.ts';
import { StreamDemand } from './stream-demand.ts';
import { SymbolDigits } from './symbol-digits.ts';
import { TickPublisher, type TickPublisherStats } from './tick-publisher.ts';

/** Where the three channels are. */
export interface Endpoints {
  readonly command: string;
  readonly data: string;
  readonly events: string;
}

export type GatewayStart = { readonly ok: true; readonly endpoints: Endpoints } | BindFailure | NotGuarded;

/** A port would let in whoever does not belong. */
export interface NotGuarded {
  readonly ok: false;
  readonly code: 'NOT_GUARDED';
  readonly message: string;
}

export interface GatewayStats {
  readonly commands: CommandServerStats;
  readonly ticks: TickPublisherStats;
  readonly eventsPublished: number;
  readonly tradesInFlight: number;
  readonly tradesWaiting: number;
  /** Symbols that subscribers of the data channel have named. */
  readonly symbolsNamed: number;
}

const SELF_TEST_LIMIT_MS = 2_000;
const SYMBOLS_LIMIT_MS = 500;
/** How long a stop waits for the outcomes of commands that are under way. */
const FINISH_LIMIT_MS = 1_000;

/**
 * The three channels of the gateway and what stands behind them. The kill switch announces through the gateway and asks
 * it what is under way, and the gateway asks the kill switch before every step: so the guards are handed in at `recover`
 * and `start`, once they have been built on `announce` and `tradesInFlight`.
 */
export class Gateway {
  /** What went through the channels, second by second. */
  readonly meter: ChannelMeter;
  readonly #options: Readonly<Required<GatewayOptions>>;
  readonly #ports: GatewayPorts;
  readonly #context = new Context();
  readonly #reconciler: Reconciler;
  readonly #registry: ClientRegistry;
  readonly #events: EventPublisher;
  readonly #ticks: TickPublisher;
  readonly #digits: SymbolDigits;
  readonly #demand: StreamDemand;
  readonly #memory: MemoryGuard | null;
  readonly #startedMonoMs: number;
  readonly #listeners: (() => void)[] = [];
  #core: Core | null = null;
  #server: CommandServer | null = null;
  #starting: Promise<GatewayStart> | null = null;
  #stopping: Promise<void> | null = null;
  #endpoints: Endpoints | null = null;

  constructor(options: GatewayOptions, ports: GatewayPorts) {
    const { clock, log, audit, terminal } = ports;
    this.#options = Object.freeze({ ...DEFAULTS, ...options });
    this.#ports = ports;
    this.#startedMonoMs = clock.monoMs();
    this.meter = new ChannelMeter(clock);
    this.#reconciler = new Reconciler({ clock, terminal, log });
    this.#registry = new ClientRegistry(this.#options.clientLimit, { clock, audit, announce: this.announce });
    const { maxSubscriptions } = this.#options;
    const guardedAs = (channel: Channel) => ({
      maxSubscriptions,
      guarded: ports.guard?.socketOptions(channel) ?? null,
    });
    this.#events = new EventPublisher(this.#context, guardedAs('events'), { clock, log });
    this.#digits = new SymbolDigits(terminal);
    this.#demand = new StreamDemand(options.symbols, { terminal, digits: this.#digits });
    this.#ticks = new TickPublisher(this.#context, guardedAs('data'), {
      clock,
      log,
      digitsOf: (symbol) => this.#digits.of(symbol),
      onDemand: (named, all) => this.#demand.want(named, all),
    });
    const { residentBytes } = ports;
    const endConnections = () => this.endConnections();
    this.#memory = residentBytes === undefined ? null : new MemoryGuard({ clock, log, residentBytes, endConnections });
  }

  /** Tells the subscribers of the event channel. Never throws and never waits; before `start` nobody hears it. */
  readonly announce = (event: FabricEvent): void => {
    this.#events.announce(event);
  };

  /** Where the three channels are; null before `start`. */
  get endpoints(): Endpoints | null {
    return this.#endpoints;
  }

  /** Trading commands that are with the terminal or whose outcome is not known. */
  readonly tradesInFlight = (): number => this.#core?.lane.inFlight ?? this.#reconciler.open;

  /** Commands whose outcome is not known and is being searched for. */
  readonly unknownOrders = (): number => this.#reconciler.open;

  /** Those commands, for an operator. */
  openSearches(): readonly OpenSearch[] {
    return this.#reconciler.openSearches();
  }

  /** A person says what became of one of them. False where it is not open, or the `req_id` is that of several clients. */
  decide(decision: Decision): boolean {
    return this.#reconciler.decide(decision);
  }

  /** Settles the commands that an earlier session left open. To be called before `start`, with the terminal started. */
  recover(guards: Guards): Promise<Recovery> {
    return this.#coreOf(guards).recover();
  }

  /** Opens the three ports and serves them. One that cannot be opened is a value, and then none stays open. */
  start(guards: Guards): Promise<GatewayStart> {
    this.#starting ??= this.#open(guards);
    return this.#starting;
  }

  /** Sends a HEARTBEAT through the real command port. */
  selfTest(): Promise<SelfTest> {
    if (this.#endpoints === null) return Promise.resolve({ ok: false, message: 'the gateway has not been started' });
    const { clock, guard } = this.#ports;
    const asked = askHeartbeat(this.#endpoints.command, clock, SELF_TEST_LIMIT_MS, guard?.own);
    return asked.finally(() => guard?.started());
  }

  /** Ends every connection of all ports. Whoever may come back does so by itself, and asks anew what it got no reply to. */
  async endConnections(): Promise<void> {
    await Promise.all([this.#server?.endConnections(), this.#ticks.endConnections(), this.#events.endConnections()]);
  }

  /** Takes no more requests, lets what is under way end (for a second at most), closes the ports. May be called twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#close();
    return this.#stopping;
  }

  /** Who has asked something in this session, the last seen first. */
  clients(): readonly ClientView[] {
    return this.#registry.clients();
  }

  /** What has gone through; null before `start`. */
  stats(): GatewayStats | null {
    if (this.#core === null || this.#server === null) return null;
    const { lane } = this.#core;
    return {
      commands: this.#server.stats(),
      ticks: this.#ticks.stats(),
      eventsPublished: this.#events.published,
      tradesInFlight: lane.inFlight,
      tradesWaiting: lane.waiting,
      symbolsNamed: this.#demand.namedCount,
    };
  }

  /** The symbols that a screen shows, in order. */
  shownSymbols(): readonly string[] {
    return this.#demand.shown();
  }

  /** Decimals of a symbol's prices; null as long as they are not known. */
  digitsOf(symbol: string): number | null {
    return this.#digits.of(symbol);
  }

  /** A screen wants live prices, also where no brain does; what it gets ends that. */
  streamForScreen(): () => void {
    return this.#demand.streamForScreen();
  }

  async #open(guards: Guards): Promise<GatewayStart> {
    const { clock } = this.#ports;
    this.#server = this.#createServer(this.#coreOf(guards));
    await beforeDeadline(clock, SYMBOLS_LIMIT_MS, this.#digits.load(), () => {});
    await this.#ports.guard?.start(this.#context);
    const opened = await this.#openPorts(this.#server);
    const fault = opened.ok ? await this.#proveClosed(opened.endpoints) : opened;
    if (fault !== null || !opened.ok) {
      await this.#closePorts();
      return fault ?? opened;
    }
    this.#registry.start();
    this.#memory?.start();
    this.meter.start(() => this.#ticks.stats().published);
    this.#listen();
    this.#demand.subscribe();
    this.#endpoints = opened.endpoints;
    return opened;
  }

  /** The command port last: whoever gets an answer there finds the other two open. */
  async #openPorts(server: CommandServer): Promise<GatewayStart> {
    const { host, commandPort, dataPort, eventPort } = this.#options;
    const events = await this.#events.start(tcpEndpoint(host, eventPort));
    if (!events.ok) return events;
    const data = await this.#ticks.start(tcpEndpoint(host, dataPort));
    if (!data.ok) return data;
    const command = await server.start(tcpEndpoint(host, commandPort));
    if (!command.ok) return command;
    return { ok: true, endpoints: { command: command.endpoint, data: data.endpoint, events: events.endpoint } };
  }

  /** Before a port is told to anyone it has been seen to turn strangers away. */
  async #proveClosed(endpoints: Endpoints): Promise<NotGuarded | null> {
    const { guard } = this.#ports;
    if (guard == null) return null;
    const faults = await Promise.all(
      CHANNELS.map((channel) => guard.proveClosed(channel, reachable(endpoints[channel]))),
    );
    const fault = faults.find((one) => one !== null);
    return fault == null ? null : { ok: false, code: 'NOT_GUARDED', message: fault };
  }

  async #close(): Promise<void> {
    const { clock } = this.#ports;
    await this.#starting;
    for (const remove of this.#listeners.splice(0)) remove();
    this.#server?.takeNoMore();
    if (this.#core !== null) {
      await beforeDeadline(clock, FINISH_LIMIT_MS, this.#core.lane.whenIdle(), () => {});
      this.#core.stop();
    }
    this.#reconciler.stop();
    this.#registry.stop();
    this.#memory?.stop();
    this.meter.stop();
    await this.#closePorts();
  }

  async #closePorts(): Promise<void> {
    await this.#server?.stop();
    await this.#ticks.stop();
    await this.#events.stop();
    await this.#ports.guard?.stop();
  }

  #listen(): void {
    const { terminal, clock } = this.#ports;
    this.#listeners.push(
      terminal.onTicks((ticks) => this.#ticks.publish(ticks)),
      terminal.onTransaction((transaction) => this.announce(tradeEvent(transaction, clock.nowMs()))),
      terminal.onState((state) => {
        this.announce(terminalEvent(state, clock.nowMs()));
        // A terminal that has come back may have other symbols.
        if (state.linked) void this.#digits.load().then(() => this.#demand.subscribe());
      }),
    );
  }

  /** What needs the guards, which come with `recover` or `start`. */
  #coreOf(guards: Guards): Core {
    this.#core ??= this.#createCore(guards);
    return this.#core;
  }

  #createCore(guards: Guards): Core {
    const { clock, log, audit, terminal, guard } = this.#ports;
    const { version, session, requestsPerSecond } = this.#options;
    const windowSize = Math.max(terminal.concurrency, this.#options.windowSize);
    const identity = { version, session, startedMonoMs: this.#startedMonoMs };
    return createCore({ ...this.#options, windowSize }, identity, {
      ...{ clock, log, audit, terminal, ...guards },
      admit: guard?.mode === 'encrypted' ? (...asked) => guard.admit(...asked) : undefined,
      rate: guard == null || requestsPerSecond === 0 ? undefined : new RequestRate(requestsPerSecond, clock),
      announce: this.announce,
      countReject: (code) => this.meter.rejected(code),
      registry: this.#registry,
      reconciler: this.#reconciler,
      symbols: this.#digits,
    });
  }

  #createServer({ dispatcher }: Core): CommandServer {
    const { clock, log } = this.#ports;
    return new CommandServer(
      (endpoint) => this.#openCommandSocket(endpoint),
      (received, reply) => dispatcher.receive(received, reply),
      clock,
      log,
      this.meter,
    );
  }

  #openCommandSocket(endpoint: string): Router {
    const { guard } = this.#ports;
    const socket = openCommandSocket(this.#context, endpoint, guard?.socketOptions('command') ?? null);
    if (guard?.mode === 'encrypted') {
      // Who speaks no CURVE often hangs up before libzmq has said that this is why.
      socket.events
        .on('handshake:error:protocol', () => guard.handshakeFailed('command', 'protocol'))
        .on('handshake:error:other', () => guard.handshakeFailed('command', 'hung-up'));
    }
    return socket;
  }
}
