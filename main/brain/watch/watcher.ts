import type { Clock } from '../../clock.ts';
import type { Action } from '../../protocol/actions.ts';
import { ClientClosed, CommandTimeout } from '../errors.ts';
import type { PayloadOf } from '../payload-types.ts';
import type { DataOf } from '../reply-types.ts';
import type { TickStream } from '../tick-stream.ts';
import type { ZmqClient } from '../zmq-client.ts';
import { refusalText } from '../cli/session.ts';
import { WatchModel } from './watch-model.ts';

const BEAT_MS = 500;
const POLL_MS = 1_000;
const TIMEOUT_MS = 1_000;

/** What became of a question: its data, why there is none, or null without an answer. */
type Asked<T> =
  | { readonly ok: true; readonly data: T; readonly monoMs: number }
  | { readonly ok: false; readonly message: string }
  | null;

/** Keeps a model of the gateway up to date until it is stopped. It only asks; it changes nothing. */
export class Watcher {
  readonly model: WatchModel;
  readonly #client: ZmqClient;
  readonly #clock: Clock;
  readonly #ticks: TickStream;
  readonly #subscribed = new Set<string>();
  readonly #pauses = new Set<() => void>();
  #stopped = false;

  constructor(client: ZmqClient, clock: Clock, symbols: readonly string[]) {
    this.#client = client;
    this.#clock = clock;
    const { host, reqPort } = client.settings;
    this.model = new WatchModel(`${host}:${reqPort}`, symbols, clock.monoMs());
    this.#ticks = client.streamData({ symbols: [] });
  }

  /** Runs until `stop`; rejects only where something is broken. */
  async run(): Promise<void> {
    await Promise.all([
      this.#repeat(BEAT_MS, () => this.beat()),
      this.#repeat(POLL_MS, () => this.poll()),
      this.#readTicks(),
      this.#readEvents(),
    ]);
  }

  /** May be called twice. Ends the client's streams with it. */
  stop(): void {
    this.#stopped = true;
    this.#client.close();
    this.#wake();
  }

  /** Asks once for the gateway's state. */
  async beat(): Promise<void> {
    const beat = await this.#ask('HEARTBEAT', {});
    if (beat?.ok === true) this.model.answered(beat.data, beat.monoMs);
    this.model.refusal = this.#client.refusal;
  }

  /** Asks once for everything else. */
  async poll(): Promise<void> {
    const [account, positions, orders] = await Promise.all([
      this.#ask('GET_ACCOUNT_INFO', {}),
      this.#ask('GET_POSITIONS', {}),
      this.#ask('GET_ORDERS', {}),
    ]);
    if (account !== null) this.model.tookAccount(account);
    if (positions !== null) this.model.tookPositions(positions);
    if (orders !== null) this.model.tookOrders(orders);
    await this.#followSymbols();
  }

  /** Subscribes to what is shown now, and asks once for what a new symbol is and where it stands. */
  async #followSymbols(): Promise<void> {
    const wanted = this.model.symbols;
    for (const gone of [...this.#subscribed].filter((symbol) => !wanted.includes(symbol))) {
      this.#subscribed.delete(gone);
      this.#ticks.unsubscribe(gone);
    }
    const fresh = wanted.filter((symbol) => !this.#subscribed.has(symbol));
    for (const symbol of fresh) this.#subscribed.add(symbol);
    this.#ticks.subscribe(...fresh);
    await Promise.all(fresh.map((symbol) => this.#meet(symbol)));
  }

  async #meet(symbol: string): Promise<void> {
    const [spec, tick] = await Promise.all([
      this.model.knows(symbol) ? null : this.#ask('GET_SYMBOL', { symbol }),
      this.#ask('GET_TICK', { symbol }),
    ]);
    if (spec?.ok === true) this.model.tookSpec(spec.data);
    if (tick?.ok === true) this.model.askedQuote(tick.data);
  }

  async #ask<A extends Action>(action: A, payload: PayloadOf<A>): Promise<Asked<DataOf<A>>> {
    try {
      const reply = await this.#client.sendCommand(action, payload, { timeoutMs: TIMEOUT_MS });
      if (reply.status === 'SUCCESS') return { ok: true, data: reply.data, monoMs: this.#clock.monoMs() };
      return { ok: false, message: refusalText(reply) };
    } catch (error) {
      if (error instanceof CommandTimeout || error instanceof ClientClosed) return null;
      throw error;
    }
  }

  async #repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      await work();
      await this.#pause(everyMs);
    }
  }

  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, () => end());
      const end = () => {
        cancel();
        this.#pauses.delete(end);
        resolve();
      };
      this.#pauses.add(end);
    });
  }

  #wake(): void {
    for (const end of [...this.#pauses]) end();
  }

  async #readTicks(): Promise<void> {
    for await (const tick of this.#ticks) this.model.tick(tick, this.#clock.monoMs());
  }

  async #readEvents(): Promise<void> {
    for await (const event of this.#client.events()) {
      if (event.event === 'AUDIT_HEAD') continue;
      this.model.happened(event);
      // The account has changed: no need to wait for the next round.
      if (event.event === 'TRADE') this.#wake();
    }
  }
}
