import type { Clock } from '../../main/clock.ts';
import type { Dispatcher } from '../../main/gateway/dispatcher.ts';
import type { Reply } from '../../main/protocol/envelope.ts';
import { encodeJson, parseTrustedJson } from '../../main/protocol/json.ts';
import { received } from '../fakes/received.ts';

/** A reply as loose data, for assertions. */
export type LooseReply = Omit<Reply, 'data'> & { readonly data: Record<string, unknown>; readonly duplicate?: boolean };

/** What a request says beside its action and payload; what is absent is filled in. */
export interface Saying {
  readonly reqId?: string;
  /** Unix seconds; now when absent. */
  readonly timestamp?: number;
  readonly ttlMs?: number;
}

/** A request under way. */
export class Sent {
  readonly reqId: string;
  readonly bytes: Uint8Array;
  reply: LooseReply | null = null;
  /** The reply as it came. */
  text = '';
  replies = 0;

  constructor(reqId: string, bytes: Uint8Array) {
    this.reqId = reqId;
    this.bytes = bytes;
  }

  /** The reply; throws while there is none. */
  get answer(): LooseReply {
    if (this.reply === null) throw new Error(`${this.reqId} has not been answered`);
    return this.reply;
  }
}

/** A client of the gateway, with the socket left out. */
export class Brain {
  readonly #dispatcher: Dispatcher;
  readonly #clock: Clock;
  readonly #name: string | undefined;
  readonly #onSend: (sent: Sent) => void;
  #count = 0;

  constructor(dispatcher: Dispatcher, clock: Clock, name?: string, onSend: (sent: Sent) => void = () => {}) {
    this.#dispatcher = dispatcher;
    this.#clock = clock;
    this.#name = name;
    this.#onSend = onSend;
  }

  /** Sends a request and waits for nothing. */
  send(action: string, payload: object = {}, { reqId, timestamp, ttlMs }: Saying = {}): Sent {
    this.#count += 1;
    const id = reqId ?? `${this.#name ?? 'anonymous'}-${this.#count}`;
    const request = {
      ...{ action, req_id: id, timestamp: timestamp ?? this.#clock.nowMs() / 1_000, payload },
      ...(this.#name === undefined ? {} : { client_id: this.#name }),
      ...(ttlMs === undefined ? {} : { ttl_ms: ttlMs }),
    };
    return this.sendBytes(Buffer.from(encodeJson(request)), id);
  }

  /** Sends the same bytes once more. */
  again(sent: Sent): Sent {
    return this.sendBytes(sent.bytes, sent.reqId);
  }

  sendBytes(bytes: Uint8Array, reqId = 'bytes'): Sent {
    const sent = new Sent(reqId, bytes);
    this.#onSend(sent);
    this.#dispatcher.receive(received(bytes), (text) => {
      sent.replies += 1;
      sent.text = text;
      sent.reply = parseTrustedJson(text) as LooseReply;
    });
    return sent;
  }

  /** A market buy of 0.1 EURUSD, or what is said instead. */
  open(order: object = {}, saying: Saying = {}): Sent {
    return this.send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.1, side: 'BUY', ...order }, saying);
  }
}
