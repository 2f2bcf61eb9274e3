import { createHmac, randomBytes } from 'node:crypto';
import { Context, curveKeyPair, Publisher, Reply, Router } from 'zeromq';
import type { ConnectionFile } from '../../../main/brain/index.ts';
import { sleep } from '../../fakes/fake-gateway.ts';

/** A request as it came in: the body's bytes and what followed them. */
export interface SecureRequest {
  readonly body: string;
  readonly more: readonly Buffer[];
}

const DOMAIN = 'fabric';

/** A gateway in encrypted mode as a brain sees it: CURVE on its ports, a list of keys, and what it received. */
export class SecureGateway implements AsyncDisposable {
  readonly received: SecureRequest[] = [];
  /** Whether it lets the brain's key in; asked at each handshake. */
  isOpen = true;
  /** How often somebody asked to be let in. */
  knocks = 0;
  /** Answers nothing while false. */
  answers = true;
  readonly #context = new Context();
  readonly #keys = curveKeyPair();
  readonly #brain = curveKeyPair();
  readonly #macKey = randomBytes(32);
  readonly #zap: Reply;
  readonly #router: Router;
  readonly #ticks: Publisher;

  private constructor() {
    const { publicKey: curvePublicKey, secretKey: curveSecretKey } = this.#keys;
    // A new object for each socket: zeromq.js takes the context out of the one that it is given.
    const options = () => ({
      ...{ context: this.#context, linger: 0, curveServer: true, curvePublicKey, curveSecretKey },
      ...{ zapDomain: DOMAIN, zapEnforceDomain: true },
    });
    this.#zap = new Reply({ context: this.#context, linger: 0 });
    this.#router = new Router(options());
    this.#ticks = new Publisher(options());
  }

  static async start(): Promise<SecureGateway> {
    const gateway = new SecureGateway();
    await gateway.#zap.bind('inproc://zeromq.zap.01');
    void gateway.#guard();
    await gateway.#router.bind('tcp://127.0.0.1:*');
    await gateway.#ticks.bind('tcp://127.0.0.1:*');
    void gateway.#serve();
    return gateway;
  }

  /** What its paired brain reads. */
  get connection(): ConnectionFile {
    return {
      ...{ version: 1, client_id: 'alpha', role: 'trade', host: '127.0.0.1' },
      ...{ command_port: portOf(this.#router), data_port: portOf(this.#ticks), event_port: portOf(this.#ticks) },
      ...{ server_key: this.#keys.publicKey, public_key: this.#brain.publicKey, secret_key: this.#brain.secretKey },
      ...{ mac_key: this.#macKey.toString('hex'), expires: null },
    };
  }

  /** What the second frame has to be. */
  macOf(body: string): Buffer {
    return createHmac('sha256', this.#macKey).update(body).digest();
  }

  async publish(message: object): Promise<void> {
    await this.#ticks.send(JSON.stringify(message));
  }

  /** Publishes until it has been taken, for at most 5 s: a subscription takes a moment. */
  async publishUntil(taken: Promise<unknown>, message: object): Promise<void> {
    const over = new AbortController();
    void taken.then(() => over.abort());
    for (let round = 0; round < 500 && !over.signal.aborted; round += 1) {
      await this.publish(message);
      await sleep(10);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [this.#router, this.#ticks, this.#zap]) socket.close();
    return Promise.resolve();
  }

  async #guard(): Promise<void> {
    for await (const [version, id] of this.#zap) {
      this.knocks += 1;
      await this.#zap.send([version!, id!, this.isOpen ? '200' : '400', '', '', '']);
    }
  }

  async #serve(): Promise<void> {
    for await (const [identity, delimiter, body, ...more] of this.#router) {
      this.received.push({ body: String(body), more });
      const { req_id: reqId } = JSON.parse(String(body)) as { req_id: string };
      const reply = { req_id: reqId, status: 'SUCCESS', timestamp: 1, data: {}, error: null, code: null };
      if (this.answers) await this.#router.send([identity!, delimiter!, JSON.stringify(reply)]);
    }
  }
}

function portOf(socket: Router | Publisher): number {
  return Number(socket.lastEndpoint?.split(':').at(-1));
}
