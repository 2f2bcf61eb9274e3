import { randomUUID } from 'node:crypto';
import { Context, Dealer } from 'zeromq';
import * as z from 'zod';
import { curveOptions, requestFrames, type Credentials } from './credentials.ts';

const replySchema = z.object({ status: z.string(), code: z.nullable(z.string()) });

const ANSWER_LIMIT_MS = 2_000;

/** A ZeroMQ client that asks what it likes, and says in words how that was answered. One question at a time. */
export class Asker implements Disposable {
  readonly credentials: Credentials | null;
  readonly #socket: Dealer;

  constructor(endpoint: string, credentials: Credentials | null, routingId?: string) {
    this.credentials = credentials;
    this.#socket = new Dealer({
      ...{ context: new Context(), linger: 0, sendTimeout: ANSWER_LIMIT_MS, receiveTimeout: ANSWER_LIMIT_MS },
      ...(routingId === undefined ? {} : { routingId }),
      ...curveOptions(credentials),
    });
    this.#socket.connect(endpoint);
  }

  /** Sends a body as this client would, and says what became of it. */
  ask(body: Buffer | string, limitMs = ANSWER_LIMIT_MS): Promise<string> {
    return this.askFrames(['', ...requestFrames(body, this.credentials)], limitMs);
  }

  /** As `ask`, with frames of one's own. */
  async askFrames(frames: (Buffer | string)[], limitMs = ANSWER_LIMIT_MS): Promise<string> {
    try {
      await this.#socket.send(frames);
      return await this.answer(limitMs);
    } catch {
      return 'no reply';
    }
  }

  /** Sends, and does not wait for an answer. */
  async send(frames: (Buffer | string)[]): Promise<void> {
    await this.#socket.send(frames);
  }

  /** The next answer: "answered" for success, "refused CODE", or "no reply". */
  async answer(limitMs = ANSWER_LIMIT_MS): Promise<string> {
    this.#socket.receiveTimeout = limitMs;
    try {
      const frames = await this.#socket.receive();
      const { status, code } = replySchema.parse(JSON.parse(String(frames.at(-1))));
      return status === 'SUCCESS' ? 'answered' : `${status === 'ERROR' ? 'refused' : 'left open'} ${code}`;
    } catch {
      return 'no reply';
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** The JSON text of a request; `more` replaces and adds fields of the envelope. */
export function requestText(
  credentials: Pick<Credentials, 'client_id'> | null,
  action: string,
  payload: object = {},
  more: object = {},
): string {
  const who = credentials === null ? {} : { client_id: credentials.client_id };
  return JSON.stringify({ action, req_id: randomUUID(), timestamp: Date.now() / 1000, payload, ...who, ...more });
}
