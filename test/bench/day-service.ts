import {
  CONTROL_CALLS,
  type ControlFeed,
  type ControlHandlers,
  type ControlService,
  type ControlTopic,
  type TopicValue,
} from '../../main/control/contract.ts';
import { ordinaryDay, ordinarySettings } from '../renderer/values.ts';

const PACE_SECONDS = 300;
/** Plots and figures once a second would make a day take an hour. */
const OTHERS_EVERY_MS = 10_000;
type Listener = (value: never) => void;

/** A gateway's service whose day is played by hand: a screen follows it as it follows a real one. */
export class DayService implements ControlService {
  readonly handlers: ControlHandlers = { ...refusing(), settings: () => Promise.resolve(ordinarySettings) };
  readonly feed: ControlFeed = { subscribe: (topic, listener) => this.#subscribe(topic, listener) };
  readonly #values = new Map<ControlTopic, unknown>(Object.entries(ordinaryDay) as [ControlTopic, unknown][]);
  readonly #listeners = new Map<ControlTopic, Set<Listener>>();
  #pace: TopicValue<'pace'> = ordinaryDay.pace;
  #atMs = Date.UTC(2026, 10, 27);
  #ticks = 0;

  /** One second of a busy day: prices so many times, and every tenth second all else that moves. */
  playSecond(quotes: number): void {
    this.#atMs += 1_000;
    for (let turn = 0; turn < quotes; turn += 1) this.push('quotes', this.#quotes());
    if (this.#atMs % OTHERS_EVERY_MS === 0) this.#playOthers();
  }

  #playOthers(): void {
    const second = {
      at_ms: this.#atMs,
      requests: 20,
      rejects: 0,
      ticks: 200,
      p50_ms: 0.3,
      p99_ms: 2 + (this.#ticks % 9),
    };
    this.#pace = [...this.#pace.slice(1 - PACE_SECONDS), second];
    this.push('pace', this.#pace);
    const { channels, account, book, clients, audit } = ordinaryDay;
    this.push('channels', { ...channels, data: { ...channels.data, ticks: this.#ticks } });
    this.push('account', { ...account, account: { ...account.account!, equity: 10_000 + (this.#ticks % 100) } });
    this.push('book', { ...book, positions: book.positions.map((one) => ({ ...one, profit: this.#ticks % 100 })) });
    this.push('clients', { ...clients, clients: clients.clients.map((one) => ({ ...one, requests: this.#ticks })) });
    this.push('audit', { ...audit, head: { ...audit.head, seq: this.#ticks } });
  }

  /** The price that was played last, as the screen shows it. */
  get lastBid(): string {
    return this.#bid.toFixed(5);
  }

  push<T extends ControlTopic>(topic: T, value: TopicValue<T>): void {
    this.#values.set(topic, value);
    for (const listener of this.#listeners.get(topic) ?? []) listener(value as never);
  }

  get #bid(): number {
    return 1 + (this.#ticks % 90_000) / 100_000;
  }

  #quotes(): TopicValue<'quotes'> {
    this.#ticks += 1;
    return ordinaryDay.quotes.map((quote, at) =>
      at === 0 ? { ...quote, bid: this.#bid, ask: this.#bid + 0.0001 } : quote,
    );
  }

  #subscribe<T extends ControlTopic>(topic: T, listener: (value: TopicValue<T>) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set<Listener>();
    this.#listeners.set(topic, listeners.add(listener));
    listener(this.#values.get(topic) as TopicValue<T>);
    return () => listeners.delete(listener);
  }
}

function refusing(): ControlHandlers {
  const refuse = () => Promise.reject(new Error('not on this day'));
  return Object.fromEntries(Object.keys(CONTROL_CALLS).map((call) => [call, refuse])) as unknown as ControlHandlers;
}
