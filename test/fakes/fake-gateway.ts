import { Publisher, Router } from 'zeromq';

/** A request as the fake received it. */
export interface ReceivedRequest {
  readonly bytes: string;
  readonly action: string;
  readonly req_id: string;
  readonly payload: Record<string, unknown>;
  readonly [field: string]: unknown;
}

/** What the fake does with one request: nothing, or replies with their delay. */
export interface ScriptedReply {
  /** The reply as text, or as a value to encode. */
  readonly body: unknown;
  readonly afterMs?: number;
}
export type Script = (request: ReceivedRequest) => ScriptedReply | readonly ScriptedReply[] | null;

/** The reply of a gateway to which all went well. */
export function successTo(request: ReceivedRequest, data: unknown = {}): Record<string, unknown> {
  return { req_id: request.req_id, status: 'SUCCESS', timestamp: Date.now() / 1000, data, error: null, code: null };
}

/** The reply of a gateway that says no. */
export function refusalOf(request: ReceivedRequest, code: string, error: string, status = 'ERROR'): object {
  return { ...successTo(request), status, code, error };
}

const alive: Script = (request) => ({ body: successTo(request, { status: 'alive', service: 'MT5 Gateway' }) });

/** A gateway as a client sees it: a ROUTER that answers by script, and PUB sockets for ticks and events. */
export class FakeGateway implements AsyncDisposable {
  /** What was received, in order. */
  readonly received: ReceivedRequest[] = [];
  script: Script;
  /** How many sockets are connected to the data channel now. */
  tickSubscribers = 0;
  #ports = { command: 0, data: 0, event: 0 };
  #router: Router | null = null;
  #ticks: Publisher | null = null;
  #events: Publisher | null = null;
  #sending: Promise<void> = Promise.resolve();

  private constructor(script: Script) {
    this.script = script;
  }

  static async start(script: Script = alive): Promise<FakeGateway> {
    const gateway = new FakeGateway(script);
    await gateway.open();
    return gateway;
  }

  /** Ports of a gateway that is not there: bound once, then let go. */
  static async absent(script: Script = alive): Promise<FakeGateway> {
    const gateway = await FakeGateway.start(script);
    await gateway.shut();
    return gateway;
  }

  /** Options of a client for this gateway. */
  get client(): { host: string; reqPort: number; subPort: number; eventPort: number } {
    return { host: '127.0.0.1', reqPort: this.#ports.command, subPort: this.#ports.data, eventPort: this.#ports.event };
  }

  /** The same as options of the command line. */
  get flags(): string[] {
    const { command, data, event } = this.#ports;
    const ports = ['--command-port', String(command), '--data-port', String(data), '--event-port', String(event)];
    return ['--host', '127.0.0.1', ...ports];
  }

  /** Opens its ports, the same ones each time. */
  async open(): Promise<void> {
    this.#router = new Router({ linger: 0 });
    this.#ticks = new Publisher({ linger: 0, sendHighWaterMark: 1_000_000 });
    this.#events = new Publisher({ linger: 0 });
    this.#ports = {
      command: await bind(this.#router, this.#ports.command),
      data: await bind(this.#ticks, this.#ports.data),
      event: await bind(this.#events, this.#ports.event),
    };
    this.#ticks.events.on('accept', () => (this.tickSubscribers += 1));
    this.#ticks.events.on('disconnect', () => (this.tickSubscribers -= 1));
    void this.#serve(this.#router);
  }

  /** Closes its ports; they are free when this resolves. */
  async shut(): Promise<void> {
    for (const socket of [this.#router, this.#ticks, this.#events]) socket?.close();
    this.#router = this.#ticks = this.#events = null;
    this.tickSubscribers = 0;
    await sleep(50);
  }

  async publishTick(tick: object): Promise<void> {
    await this.#ticks?.send(JSON.stringify(tick));
  }

  async publishEvent(text: string): Promise<void> {
    await this.#events?.send(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shut();
  }

  async #serve(router: Router): Promise<void> {
    for await (const [identity, delimiter, body] of router) {
      const bytes = body!.toString();
      const request = { ...(JSON.parse(bytes) as ReceivedRequest), bytes };
      this.received.push(request);
      for (const reply of [this.script(request) ?? []].flat()) {
        setTimeout(() => this.#reply(router, [identity!, delimiter!, textOf(reply.body)]), reply.afterMs ?? 0);
      }
    }
  }

  // One send at a time, as zeromq.js asks for.
  #reply(router: Router, frames: (Buffer | string)[]): void {
    this.#sending = this.#sending.then(async () => {
      if (!router.closed) await router.send(frames);
    });
  }
}

/** Resolves when `condition` holds; throws after `withinMs`. */
export async function until(condition: () => boolean, withinMs = 3_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    await sleep(5);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

async function bind(socket: Router | Publisher, port: number): Promise<number> {
  await socket.bind(`tcp://127.0.0.1:${port === 0 ? '*' : port}`);
  return Number(socket.lastEndpoint?.split(':').at(-1));
}
