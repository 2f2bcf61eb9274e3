import { randomUUID } from 'node:crypto';
import { Context, Dealer } from 'zeromq';
import { curveOptions, requestFrames, type Credentials } from './credentials.ts';
import type { HonestStart } from './honest-protocol.ts';

/** A reply, as far as the honest client looks at it. */
export interface HonestReply {
  readonly req_id: string;
  readonly status: string;
  readonly data: unknown;
}

interface Waiting {
  readonly frames: readonly (string | Buffer)[];
  readonly action: string;
  readonly sentMs: number;
  readonly answer: (reply: HonestReply, tookMs: number) => void;
}

/** A connection of the honest client: sends whenever it is told to, whether or not the last request was answered. */
export class HonestLine {
  readonly #socket: Dealer;
  readonly #credentials: Credentials | null;
  readonly #waiting = new Map<string, Waiting>();
  #sending: Promise<unknown> = Promise.resolve();

  constructor({ endpoint, credentials }: HonestStart) {
    this.#credentials = credentials;
    this.#socket = new Dealer({
      ...{ context: new Context(), linger: 0, reconnectInterval: 10 },
      ...curveOptions(credentials),
    });
    this.#socket.events.on('handshake', () => this.#repeatKills());
    this.#socket.connect(endpoint);
    void this.#read();
  }

  send(action: string, answer: Waiting['answer']): void {
    const credentials = this.#credentials;
    const reqId = randomUUID();
    const who = credentials === null ? {} : { client_id: credentials.client_id };
    const body = JSON.stringify({ action, req_id: reqId, timestamp: Date.now() / 1000, payload: {}, ...who });
    const frames = ['', ...requestFrames(body, credentials)];
    this.#waiting.set(reqId, { frames, action, sentMs: performance.now(), answer });
    this.#sendFrames(frames);
  }

  /** How long requests have been waiting that are not answered yet. */
  waitingMs(): readonly number[] {
    return [...this.#waiting.values()].map(({ sentMs }) => performance.now() - sentMs);
  }

  /** Gives up those that have waited longer; how many there were. */
  forgetOlderThan(limitMs: number): number {
    let forgotten = 0;
    for (const [reqId, { sentMs }] of this.#waiting) {
      if (performance.now() - sentMs < limitMs) break;
      this.#waiting.delete(reqId);
      forgotten += 1;
    }
    return forgotten;
  }

  /** As the protocol asks of a client: what was on its way when the connection ended is lost, and a kill is sent again. */
  #repeatKills(): void {
    for (const { action, frames } of this.#waiting.values()) if (action === 'KILL_SWITCH') this.#sendFrames(frames);
  }

  #sendFrames(frames: readonly (string | Buffer)[]): void {
    // One send at a time; what the socket does not take is lost, which shows.
    this.#sending = this.#sending.then(() => this.#socket.send([...frames])).catch(() => {});
  }

  async #read(): Promise<void> {
    for await (const frames of this.#socket) {
      const reply = JSON.parse(String(frames.at(-1))) as HonestReply;
      const asked = this.#waiting.get(reply.req_id);
      this.#waiting.delete(reply.req_id);
      asked?.answer(reply, performance.now() - asked.sentMs);
    }
  }
}
