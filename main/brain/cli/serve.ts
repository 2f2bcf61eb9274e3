import { assertNever } from '../../assert-never.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { MAX_BODY_BYTES } from '../../protocol/constants.ts';
import type { EventKind, FabricEvent } from '../../protocol/events.ts';
import type { JsonValue } from '../../protocol/json-value.ts';
import { encodeJson } from '../../protocol/json.ts';
import { ClientClosed, CommandTimeout } from '../errors.ts';
import type { Reply } from '../reply-types.ts';
import type { TickStream } from '../tick-stream.ts';
import type { WireStream } from '../wire-stream.ts';
import { readLines } from './line-reader.ts';
import { readServeRequest, type ServeRequest } from './serve-request.ts';
import type { Session } from './session.ts';

/** So many commands may be under way; further lines wait in the pipe. */
const MAX_UNDER_WAY = 1_000;

/** Takes requests as JSON lines until the input ends, then waits for the answers under way. Returns the exit code. */
export async function serve(session: Session): Promise<ExitCode> {
  const server = new LineServer(session);
  const ended = new Promise<'stopped'>((resolve) => {
    session.io.stop.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
  if (session.io.stop.aborted) return EXIT.ok;
  const end = await Promise.race([server.takeAll(), ended]);
  if (end !== 'stopped') await Promise.race([server.answered(), ended]);
  session.client.close();
  return EXIT.ok;
}

/** A strategy's line to the gateway: what it asks comes back with its `id`, in the order of the answers. */
class LineServer {
  readonly #session: Session;
  readonly #underWay = new Set<Promise<void>>();
  #ticks: TickStream | null = null;
  #events: WireStream<FabricEvent> | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  async takeAll(): Promise<void> {
    for await (const line of readLines(this.#session.io.input(), MAX_BODY_BYTES)) {
      if (line?.length === 0) continue;
      await this.#take(readServeRequest(line));
      if (this.#underWay.size >= MAX_UNDER_WAY) await Promise.race(this.#underWay);
    }
  }

  /** Resolves when every command has its answer. */
  async answered(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #take(request: ServeRequest): Promise<void> {
    const { client } = this.#session;
    switch (request.kind) {
      case 'command': {
        const { id, action, payload, options } = request;
        // The gateway checks payloads; here they are another program's words.
        this.#answer(id, () => client.sendCommand(action, payload as never, options));
        return;
      }
      case 'resend':
        this.#answer(request.id, () => client.resend(request.reqId));
        return;
      case 'subscribe':
        this.#openTicks().subscribe(...request.symbols);
        return;
      case 'unsubscribe':
        this.#ticks?.unsubscribe(...request.symbols);
        return;
      case 'events':
        this.#openEvents(request.kinds);
        return;
      case 'bad':
        await this.#say({ id: request.id, error: { code: 'BAD_REQUEST', message: request.message } });
        return;
      default:
        assertNever(request, 'request');
    }
  }

  #answer(id: JsonValue, ask: () => Promise<Reply<unknown>>): void {
    const answering = this.#ask(id, ask).finally(() => this.#underWay.delete(answering));
    this.#underWay.add(answering);
  }

  async #ask(id: JsonValue, ask: () => Promise<Reply<unknown>>): Promise<void> {
    try {
      await this.#say({ id, reply: await ask() });
    } catch (error) {
      await this.#say({ id, error: errorOf(error) });
    }
  }

  #openTicks(): TickStream {
    if (this.#ticks !== null) return this.#ticks;
    const ticks = this.#session.client.streamData({ symbols: [], refused: this.#complain });
    this.#ticks = ticks;
    void this.#pass(ticks, 'tick');
    return ticks;
  }

  /** Another choice of kinds replaces the one before. */
  #openEvents(kinds: readonly EventKind[]): void {
    this.#events?.end();
    this.#events = kinds.length === 0 ? null : this.#session.client.events({ kinds, refused: this.#complain });
    if (this.#events !== null) void this.#pass(this.#events, 'event');
  }

  /** Each message waits until the output takes it: a slow reader gets the newest, and is told how many it has lost. */
  async #pass<T>(stream: WireStream<T>, name: 'tick' | 'event'): Promise<void> {
    let told = 0;
    for await (const message of stream) {
      await this.#say({ [name]: message, ...(stream.dropped === told ? {} : { lost: stream.dropped - told }) });
      told = stream.dropped;
    }
  }

  readonly #complain = (why: string): void => {
    const { io } = this.#session;
    io.err(`${io.program}: ${why}\n`);
  };

  #say(line: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#session.io.out(`${encodeJson(line)}\n`);
  }
}

function errorOf(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof CommandTimeout || error instanceof ClientClosed) {
    const { reqId, sent, message } = error;
    return { code: 'NO_REPLY', message, req_id: reqId, sent };
  }
  if (error instanceof RangeError || error instanceof TypeError) return { code: 'BAD_REQUEST', message: error.message };
  throw error;
}
