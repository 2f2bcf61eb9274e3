import type { Clock } from '../../clock.ts';
import { assertNever } from '../../assert-never.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { EVENT_KINDS } from '../../protocol/events.ts';
import type { StopSignal } from '../wire-stream.ts';
import type { ZmqClient } from '../zmq-client.ts';
import { CallbackLane, type CallbackEnd } from './callback-lane.ts';
import { Inbox, type Delivery } from './inbox.ts';
import { KnownState } from './known-state.ts';
import { LeaseKeeper, type LinkNews } from './lease-keeper.ts';
import { QuoteBoard } from './quote-board.ts';
import { RunContext } from './run-context.ts';
import type { RunSettings } from './run-settings.ts';
import type { RunnerEvent, StopReason, Strategy, StrategyLog } from './strategy.ts';

/** What a run needs. */
export interface RunParts {
  readonly strategy: Strategy;
  readonly settings: RunSettings;
  readonly args: readonly string[];
  readonly client: ZmqClient;
  readonly clock: Clock;
  readonly log: StrategyLog;
  /** Says what a person must know, on standard error. */
  readonly warn: (message: string) => void;
  /** Fires when the program is to end. */
  readonly stop: StopSignal;
  /** Tells of errors that nobody has caught; returns how to listen no more. */
  readonly faults: (listener: (error: unknown) => void) => () => void;
}

/** The heads of the audit log are no strategy's business. */
const KINDS = EVENT_KINDS.filter((kind) => kind !== 'AUDIT_HEAD');

/**
 * One run of a strategy: takes the lease, hands over what happens, one callback at a time, and ends in order: `onStop`,
 * then BYE. After a crash, and when a callback never ends, there is no BYE: the lease runs out and does what the trader
 * asked for.
 */
export class StrategyRun {
  readonly #parts: RunParts;
  readonly #lane = new CallbackLane();
  readonly #state = new KnownState();
  readonly #inbox: Inbox;
  readonly #board: QuoteBoard;
  readonly #keeper: LeaseKeeper;
  readonly #context: RunContext;
  readonly #ending: Promise<StopReason>;
  #settle: (reason: StopReason) => void = () => {};
  #isEnding = false;
  /** A crash, also one that comes while the run is ending for another reason. */
  #crash: StopReason | null = null;
  #isFirstAnswer = true;
  #ticksGiven = 0;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { clock, client, log, args, settings } = parts;
    this.#ending = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#inbox = new Inbox(() => clock.nowMs());
    this.#board = new QuoteBoard(settings.staleAfterMs, { clock, tell: (event) => this.#inbox.addEvent(event) });
    this.#keeper = new LeaseKeeper(settings, {
      ...{ clock, client },
      takeSign: () => this.#lane.takeSign(),
      tell: (news) => this.#learn(news),
    });
    this.#lane.onMove = () => this.#keeper.moved();
    this.#context = new RunContext({
      ...{ client, clock, log, args, clientId: settings.clientId, board: this.#board, state: this.#state },
      stop: (message) => this.#end({ kind: 'STRATEGY', message }),
    });
  }

  /** Runs it to its end and returns the exit code. */
  async run(): Promise<ExitCode> {
    const { log, warn, settings } = this.#parts;
    const unknown = await this.#unknownSymbol();
    if (unknown !== null) return refused(warn, unknown);
    const forget = this.#listen();
    try {
      const grant = await this.#keeper.take();
      if (!grant.ok) {
        warn(`${grant.message}; the strategy was not started`);
        return grant.kind === 'refused' ? EXIT.refused : EXIT.unavailable;
      }
      if (this.#isEnding) return this.#crash === null ? await this.#leave() : this.#abandon(stackOf(this.#crash));
      const { leaseS, onExpiry, clientId } = settings;
      log.info('started', { client_id: clientId, lease_s: leaseS, on_expiry: onExpiry, mode: this.#context.mode });
      this.#keeper.start();
      const pumping = this.#pump();
      return await this.#finish(await this.#ending, pumping);
    } finally {
      forget();
      this.#board.stop();
      this.#parts.client.close();
      await this.#keeper.stop();
    }
  }

  /** Gives out what comes until the run ends, one callback at a time. */
  async #pump(): Promise<void> {
    const { strategy } = this.#parts;
    if (!this.#took(await this.#lane.run('onStart', () => strategy.onStart?.(this.#context)))) return;
    for (let next = await this.#inbox.next(); next !== null; next = await this.#inbox.next()) {
      const end = await this.#deliver(next);
      if (end !== null && !this.#took(end)) return;
    }
  }

  #deliver(delivery: Delivery): Promise<CallbackEnd> | null {
    const { strategy } = this.#parts;
    const context = this.#context;
    switch (delivery.kind) {
      case 'event':
        if (strategy.onEvent === undefined) return null;
        return this.#lane.run('onEvent', () => strategy.onEvent?.(delivery.event, context));
      case 'tick':
        if (strategy.onTick === undefined) return null;
        this.#ticksGiven += 1;
        return this.#lane.run('onTick', () => strategy.onTick?.(delivery.tick, context));
      default:
        return assertNever(delivery, 'delivery');
    }
  }

  /** Whether the callback ended well; otherwise the run ends. */
  #took(end: CallbackEnd): boolean {
    if (!end.ok) this.#crashed(`${end.name} failed: ${textOf(end.error)}`, end.error);
    return end.ok;
  }

  #crashed(message: string, error: unknown): void {
    this.#crash ??= { kind: 'CRASH', message, error };
    this.#end(this.#crash);
  }

  /** The first reason counts. */
  #end(reason: StopReason): void {
    this.#isEnding = true;
    this.#settle(reason);
  }

  async #finish(first: StopReason, pumping: Promise<void>): Promise<ExitCode> {
    const { log, clock, settings, strategy } = this.#parts;
    const { leaseS } = settings;
    this.#inbox.close();
    if ((await within(clock, leaseS * 1_000, pumping)) === 'late')
      return this.#abandon(`${this.#lane.running ?? 'a callback'} has not ended within ${leaseS} s: given up`);
    const reason = this.#crash ?? first;
    log[isOrderly(reason) ? 'info' : 'error']('ending', { why: reason.message });
    const stopping = this.#lane.run('onStop', () => strategy.onStop?.(reason, this.#context));
    const stopped = await within(clock, leaseS * 1_000, stopping);
    log.info('ended', { ticks: this.#ticksGiven, skipped: this.#inbox.missedTicks });
    if (stopped !== 'late') this.#took(stopped);
    if (!isOrderly(reason) || this.#crash !== null) return this.#abandon(stackOf(this.#crash ?? reason));
    if (stopped === 'late') return this.#abandon(`onStop has not ended within ${leaseS} s: given up`);
    return await this.#leave();
  }

  /** An orderly end: the lease ends without firing. */
  async #leave(): Promise<ExitCode> {
    await this.#keeper.stop();
    if (await this.#keeper.bye()) return EXIT.ok;
    this.#parts.warn(`the gateway did not answer the goodbye: ${this.#leaseWarning()}`);
    return EXIT.unavailable;
  }

  /** No goodbye: the lease does what it is for. */
  #abandon(message: string): ExitCode {
    this.#parts.warn(`${message}\nThe lease was not ended: ${this.#leaseWarning()}`);
    return EXIT.refused;
  }

  #leaseWarning(): string {
    const { leaseS, onExpiry } = this.#parts.settings;
    return `unless "${this.#parts.settings.clientId}" renews it, the gateway does "${onExpiry}" when it runs out, in at most ${leaseS} s`;
  }

  /** Opens what the run hears; returns how to close it. */
  #listen(): () => void {
    const { client, settings, stop, faults } = this.#parts;
    const onStop = () => this.#end({ kind: 'SIGNAL', message: 'the program was told to end' });
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop, { once: true });
    const forgetFaults = faults((error) => this.#crashed(`an error that nothing caught: ${textOf(error)}`, error));
    void this.#readEvents(client);
    if (settings.symbols.length > 0) void this.#readTicks(client);
    return () => {
      stop.removeEventListener('abort', onStop);
      forgetFaults();
    };
  }

  async #readTicks(client: ZmqClient): Promise<void> {
    for await (const tick of client.streamData({ symbols: this.#parts.settings.symbols })) {
      this.#board.accept(tick);
      this.#inbox.addTick(tick);
    }
  }

  async #readEvents(client: ZmqClient): Promise<void> {
    for await (const event of client.events({ kinds: KINDS })) {
      this.#state.happened(event, this.#parts.clock.monoMs());
      this.#inbox.addEvent(event);
    }
  }

  #learn(news: LinkNews): void {
    switch (news.kind) {
      case 'answered':
        this.#learnState(news);
        return;
      case 'lost':
        this.#state.forget();
        this.#parts.log.warn(this.#parts.client.refusal ?? 'the gateway does not answer');
        this.#tell({ event: 'CONNECTION', data: { state: 'lost', silent_ms: news.silentMs } });
        return;
      case 'restored':
        this.#parts.log.info('the gateway answers again', { silent_ms: news.silentMs });
        this.#tell({ event: 'CONNECTION', data: { state: 'restored', silent_ms: news.silentMs } });
        return;
      case 'session':
        this.#board.startSequences();
        this.#tell({ event: 'SESSION', data: { session: news.session, before: news.before } });
        return;
      case 'refused':
        this.#end({ kind: 'LEASE', message: news.message });
        return;
      default:
        assertNever(news, 'news');
    }
  }

  /** A mode that no event has told: the event was lost, or the gateway is another one. The first is no news. */
  #learnState({ data, askedMonoMs }: Extract<LinkNews, { kind: 'answered' }>): void {
    const { log, clock } = this.#parts;
    const isFirst = this.#isFirstAnswer;
    this.#isFirstAnswer = false;
    if (!this.#state.answered(data, askedMonoMs)) return;
    const { mode } = this.#state;
    if (mode !== 'TRADING') log.warn(`the gateway's mode is ${mode}`);
    if (isFirst) return;
    const state = { mode, epoch: data.epoch ?? null };
    this.#inbox.addEvent({ event: 'TRADING_STATE', timestamp: data.time ?? clock.nowMs() / 1000, data: state });
  }

  #tell(news: Pick<RunnerEvent, 'event' | 'data'>): void {
    this.#inbox.addEvent({ timestamp: this.#parts.clock.nowMs() / 1000, ...news } as RunnerEvent);
  }

  /** A symbol that the gateway does not know would be silent for ever. Null where all are known, or nobody says. */
  async #unknownSymbol(): Promise<string | null> {
    const { client, settings } = this.#parts;
    for (const symbol of settings.symbols) {
      const reply = await client.sendCommand('GET_SYMBOL', { symbol }).catch(() => null);
      if (reply === null) return null;
      if (reply.status === 'ERROR' && reply.code === 'NOT_FOUND') return reply.error ?? `no symbol ${symbol}`;
    }
    return null;
  }
}

function refused(warn: (message: string) => void, message: string): ExitCode {
  warn(message);
  return EXIT.refused;
}

function within<T>(clock: Clock, limitMs: number, promise: Promise<T>): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve('late'));
    promise.finally(cancel).then(resolve, reject);
  });
}

function isOrderly({ kind }: StopReason): boolean {
  return kind === 'SIGNAL' || kind === 'STRATEGY';
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function stackOf(reason: StopReason): string {
  const stack = reason.kind === 'CRASH' && reason.error instanceof Error ? reason.error.stack : undefined;
  return stack === undefined ? reason.message : `${reason.message}\n${stack}`;
}
