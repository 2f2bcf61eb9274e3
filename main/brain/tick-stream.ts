import { tickTopic, type WireTick } from '../protocol/ticks.ts';
import { parseTick } from './parse-messages.ts';
import { WireStream, type StreamSource } from './wire-stream.ts';

/** Ticks as an async generator whose symbols may change on the way. */
export class TickStream extends WireStream<WireTick> {
  /** @internal Ticks of `symbols`; of every symbol where that is undefined. */
  constructor(source: Omit<StreamSource<WireTick>, 'topics' | 'parse'>, symbols: readonly string[] | undefined) {
    super({ ...source, topics: symbols?.map(tickTopic) ?? [''], parse: parseTick });
  }

  /** Adds symbols; one that is there already is left as it is. */
  subscribe(...symbols: readonly string[]): void {
    for (const symbol of symbols) this.addTopic(tickTopic(symbol));
  }

  /** Takes symbols out; one that is not there is left alone. */
  unsubscribe(...symbols: readonly string[]): void {
    for (const symbol of symbols) this.dropTopic(tickTopic(symbol));
  }
}
