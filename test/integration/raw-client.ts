import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { Context, Request, Subscriber } from 'zeromq';

/** A reply as it stands on the wire. */
export interface WireReply {
  readonly req_id: string;
  readonly status: string;
  readonly timestamp: number;
  readonly data: Record<string, unknown>;
  readonly error: string | null;
  readonly code: string | null;
  readonly duplicate?: boolean;
}

/** A REQ socket as a client of the original protocol has it: bytes out, bytes in, nothing of this project between. */
export class RawClient {
  readonly #context = new Context();
  readonly #socket: Request;

  constructor(endpoint: string, timeoutMs = 5_000) {
    this.#socket = new Request({
      context: this.#context,
      linger: 0,
      receiveTimeout: timeoutMs,
      sendTimeout: timeoutMs,
    });
    this.#socket.connect(endpoint);
    onTestFinished(() => {
      this.close();
    });
  }

  /** Sends bytes and waits for the reply. Rejects with EAGAIN when none comes in time. */
  async exchange(body: string | Buffer): Promise<WireReply> {
    await this.#socket.send(body);
    const [reply] = await this.#socket.receive();
    return JSON.parse(String(reply)) as WireReply;
  }

  /** Sends a request of protocol 1.0. */
  send(action: string, payload: object = {}, more: object = {}): Promise<WireReply> {
    return this.exchange(requestBytes(action, payload, more));
  }

  close(): void {
    this.#socket.close();
  }
}

/** A request's bytes. */
export function requestBytes(action: string, payload: object = {}, more: object = {}): string {
  return JSON.stringify({ action, req_id: randomUUID(), timestamp: Date.now() / 1000, payload, ...more });
}

/** The list under a reply's `data`. */
export function listOf(reply: WireReply): Record<string, unknown>[] {
  if (!Array.isArray(reply.data)) throw new Error(`no list: ${JSON.stringify(reply)}`);
  return reply.data as Record<string, unknown>[];
}

/** Messages of a SUB socket: `count` of them, each with its frames. */
export async function subscribe(endpoint: string, topic: string, count: number): Promise<Buffer[][]> {
  const socket = new Subscriber({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
  socket.connect(endpoint);
  socket.subscribe(topic);
  const messages: Buffer[][] = [];
  try {
    while (messages.length < count) messages.push(await socket.receive());
  } finally {
    socket.close();
  }
  return messages;
}

/** Asks until the answer is as wished, for at most `timeoutMs`; the last answer comes back either way. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wished: (answer: T) => boolean,
  timeoutMs = 8_000,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (wished(answer) || performance.now() > until) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
