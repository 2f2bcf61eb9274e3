import { connect, type Socket } from 'node:net';
import * as z from 'zod';
import { FrameReader, greeting, pongCommand, readyCommand, requestMessage } from '../bench/zmtp.ts';

const replySchema = z.object({
  req_id: z.string(),
  status: z.enum(['SUCCESS', 'ERROR', 'PENDING']),
  data: z.unknown(),
  error: z.nullable(z.string()),
  code: z.nullable(z.string()),
  duplicate: z.optional(z.boolean()),
});

/** A reply as it stands on the wire. */
export type Reply = z.infer<typeof replySchema>;

type Waiting = (reply: Reply | null) => void;

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * A ZeroMQ client (DEALER) on a plain socket, with nothing of this project between: several requests may be in flight,
 * and every reply that the gateway has handed to the system before it died is still read.
 */
export class WireClient {
  /** Resolves when the connection has ended and all that had arrived has been read. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting = new Map<string, Waiting[]>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const waiting of this.#waiting.values()) for (const answer of waiting) answer(null);
        this.#waiting.clear();
        resolve();
      });
    });
  }

  /** Connects to a command port of this machine. Rejects when there is no handshake within 5 s. */
  static open(port: number): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true });
      const client = new WireClient(socket);
      const timer = setTimeout(() => socket.destroy(), CONNECT_TIMEOUT_MS);
      const reader = new FrameReader({
        frame: (bytes, start, end, more) => {
          if (!more) client.#take(bytes.toString('utf8', start, end));
        },
        command: (body) => {
          const name = body.toString('latin1', 1, 1 + body[0]!);
          if (name === 'READY') {
            clearTimeout(timer);
            resolve(client);
          } else if (name === 'PING') socket.write(pongCommand(body));
        },
      });
      socket.on('data', (chunk) => reader.push(chunk));
      // A gateway that is killed resets the connection; `closed` tells.
      socket.on('error', () => {});
      socket.once('close', () => reject(new Error(`no ZeroMQ handshake on port ${port}`)));
      socket.write(Buffer.concat([greeting(), readyCommand('DEALER')]));
    });
  }

  /** Sends bytes and waits for the reply to them; null when the connection ends before. */
  ask(reqId: string, bytes: Buffer): Promise<Reply | null> {
    if (this.#socket.destroyed) return Promise.resolve(null);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(reqId) ?? [];
      waiting.push(resolve);
      this.#waiting.set(reqId, waiting);
      this.#socket.write(requestMessage(bytes));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    const reply = replySchema.parse(JSON.parse(text));
    const waiting = this.#waiting.get(reply.req_id);
    const answer = waiting?.shift();
    if (waiting?.length === 0) this.#waiting.delete(reply.req_id);
    answer?.(reply);
  }
}
