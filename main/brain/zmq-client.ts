import { isTradingAction, type Action } from '../protocol/actions.ts';
import { MAX_BODY_BYTES, MAX_REQ_ID_LENGTH, PROTOCOL_VERSION } from '../protocol/constants.ts';
import { tcpEndpoint } from '../protocol/endpoint.ts';
import { eventTopic, type EventKind, type FabricEvent } from '../protocol/events.ts';
import { encodeJson } from '../protocol/json.ts';
import { CommandChannel } from './command-channel.ts';
import { CommandTimeout } from './errors.ts';
import { createRequest, type Request } from './messages.ts';
import { newReqId } from './new-req-id.ts';
import { checkMs, resolveOptions, type ClientSettings, type ZmqClientOptions } from './options.ts';
import { parseEvent } from './parse-messages.ts';
import type { ActionWithoutPayload, PayloadOf } from './payload-types.ts';
import type { Reply, ReplyTo } from './reply-types.ts';
import { TickStream } from './tick-stream.ts';
import { WireStream, type StopSignal } from './wire-stream.ts';

/** How long after it was made a trading command may still start, unless the call says otherwise; the gateway's own default. */
export const DEFAULT_TTL_MS = 5_000;

/** What may be set for one command. */
export interface CommandOptions {
  /** Idempotency key, 1 to 128 characters; a random UUID where it is left out. The gateway runs a key only once. */
  readonly reqId?: string | undefined;
  /** How long after now a trading command may still start, in milliseconds; default 5000. */
  readonly ttlMs?: number | undefined;
  /** How long to wait for the reply, in milliseconds; the client's `timeoutMs` where it is left out. */
  readonly timeoutMs?: number | undefined;
}

/** Which ticks; absent symbols mean all, an empty list none until `subscribe`. */
export interface TickOptions {
  readonly symbols?: readonly string[] | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: StopSignal | undefined;
  /** Called when the gateway turns this brain's key away, with why; the stream goes on trying. */
  readonly refused?: ((why: string) => void) | undefined;
}

/** Which events; absent kinds mean all. */
export interface EventOptions {
  readonly kinds?: readonly EventKind[] | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: StopSignal | undefined;
  /** Called when the gateway turns this brain's key away, with why; the stream goes on trying. */
  readonly refused?: ((why: string) => void) | undefined;
}

/**
 * A brain's way to the gateway. It connects on first use and reconnects by itself; any number of commands may be under
 * way at once. It never gets stuck, and it never sends a command a second time on its own.
 * An open client keeps the process alive: `close` it, or declare it with `await using`.
 */
export class ZmqClient implements AsyncDisposable {
  readonly settings: ClientSettings;
  readonly #commands: CommandChannel;
  readonly #streams = new Set<() => void>();
  #closed = false;

  /** Throws RangeError for an option that cannot be. */
  constructor(options: ZmqClientOptions = {}) {
    this.settings = resolveOptions(options);
    const { reqPort, pairing } = this.settings;
    this.#commands = new CommandChannel({ endpoint: this.#endpoint(reqPort), pairing });
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Why the gateway turned away this brain's key at the last attempt; null where it did not, or without encryption. */
  get refusal(): string | null {
    return this.#commands.refusal;
  }

  /** Replies that were thrown away: too late, twice, or not readable. */
  get strayReplies(): number {
    return this.#commands.strayReplies;
  }

  /**
   * Sends a command and resolves with the gateway's reply, whatever its status. Rejects with CommandTimeout when none
   * came in time (its `sent` tells whether the command can have been executed), with ClientClosed when the client was
   * closed, and with RangeError or TypeError for what is no request: a `reqId` in use, a body over 64 KiB, a NaN.
   */
  sendCommand<A extends ActionWithoutPayload>(
    action: A,
    payload?: PayloadOf<A>,
    options?: CommandOptions,
  ): Promise<ReplyTo<A>>;
  sendCommand<A extends Action>(action: A, payload: PayloadOf<A>, options?: CommandOptions): Promise<ReplyTo<A>>;
  async sendCommand(
    action: Action,
    payload: Readonly<Record<string, unknown>> = {},
    options: CommandOptions = {},
  ): Promise<Reply> {
    const reqId = checkReqId(options.reqId ?? newReqId());
    const timeoutMs = checkMs('timeoutMs', options.timeoutMs ?? this.settings.timeoutMs);
    const body = encodeRequest(this.#request(action, payload, reqId, options));
    return this.#commands.ask({ reqId, action, frames: this.#framesOf(body) }, timeoutMs);
  }

  /**
   * Sends the identical bytes of a command that ended with CommandTimeout or ClientClosed, and resolves with the reply:
   * the gateway executes it if it has not yet, and answers with what it recorded if it has. The last 1,000 are kept.
   * Throws as `sendCommand` does, and RangeError for a `reqId` that did not go unanswered.
   */
  resend(reqId: string, options: Pick<CommandOptions, 'timeoutMs'> = {}): Promise<Reply> {
    return this.#commands.resend(reqId, options.timeoutMs ?? this.settings.timeoutMs);
  }

  /** Whether the gateway answers, within the client's `timeoutMs`. */
  async checkHeartbeat(): Promise<boolean> {
    try {
      const reply = await this.sendCommand('HEARTBEAT');
      return reply.status === 'SUCCESS';
    } catch (error) {
      if (error instanceof CommandTimeout) return false;
      throw error;
    }
  }

  /**
   * Ticks as they come, on a connection of their own that opens at the first `next`; `break` closes it. A consumer that
   * is slower than the gateway gets the newest 10,000; `dropped` counts what was lost that way.
   */
  streamData({ symbols, signal, refused }: TickOptions = {}): TickStream {
    const { subPort, pairing } = this.settings;
    const target = { endpoint: this.#endpoint(subPort), pairing, refused };
    const stream: TickStream = new TickStream({ ...target, signal, ...this.#lifetime(() => stream.end()) }, symbols);
    return stream;
  }

  /** What happens at the gateway, as it happens; otherwise as `streamData`. */
  events({ kinds, signal, refused }: EventOptions = {}): WireStream<FabricEvent> {
    const { eventPort, pairing } = this.settings;
    const topics = kinds?.map(eventTopic) ?? [''];
    const stream: WireStream<FabricEvent> = new WireStream({
      ...{ endpoint: this.#endpoint(eventPort), pairing, refused },
      ...{ topics, signal, parse: parseEvent },
      ...this.#lifetime(() => stream.end()),
    });
    return stream;
  }

  /** Ends all commands under way with ClientClosed and all streams without an error. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#commands.close();
    for (const end of [...this.#streams]) end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #request(action: Action, payload: Request['payload'], reqId: string, { ttlMs }: CommandOptions): Request {
    const { clientId } = this.settings;
    return {
      ...createRequest(action, payload, reqId),
      ...(clientId === null ? {} : { client_id: clientId }),
      ...(isTradingAction(action) ? { ttl_ms: Math.round(checkMs('ttlMs', ttlMs ?? DEFAULT_TTL_MS)) } : {}),
      protocol: PROTOCOL_VERSION,
    };
  }

  /** A paired brain's name in the body proves nothing: the second frame does. */
  #framesOf(body: string): readonly (string | Buffer)[] {
    const { pairing } = this.settings;
    return pairing === null ? [body] : [body, pairing.macOf(body)];
  }

  #endpoint(port: number): string {
    return tcpEndpoint(this.settings.host, port);
  }

  /** Ties a stream to this client: it opens only while the client is open, and ends with it. */
  #lifetime(end: () => void) {
    const opening = (): boolean => {
      if (!this.#closed) this.#streams.add(end);
      return !this.#closed;
    };
    return { opening, ended: () => void this.#streams.delete(end) };
  }
}

function checkReqId(reqId: string): string {
  if (reqId.length >= 1 && reqId.length <= MAX_REQ_ID_LENGTH) return reqId;
  throw new RangeError(`reqId is a string of 1 to ${MAX_REQ_ID_LENGTH} characters`);
}

function encodeRequest(request: Request): string {
  const body = encodeJson(request);
  if (Buffer.byteLength(body) <= MAX_BODY_BYTES) return body;
  throw new RangeError(`a request takes at most ${MAX_BODY_BYTES} bytes`);
}
