import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runBrain } from '../../../main/brain/index.ts';
import { FakeGateway, sleep, successTo, until } from '../../fakes/fake-gateway.ts';
import { recordedIo } from './recorded-io.ts';

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await FakeGateway.start((request) => ({ body: successTo(request, request.payload) }));
});
afterEach(() => gateway.shut());

/** A strategy at the other end of the pipes. */
class Strategy {
  readonly #lines: (Uint8Array | null)[] = [];
  #wake: () => void = () => {};
  readonly world = recordedIo({}, this.#input());
  readonly ended: Promise<number>;

  constructor(...options: string[]) {
    this.ended = runBrain(['serve', ...gateway.flags, ...options], this.world.io);
  }

  /** What came out, line by line. */
  get heard(): Record<string, unknown>[] {
    const lines = this.world.said.out.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  write(text: string): void {
    this.#lines.push(Buffer.from(text));
    this.#wake();
  }

  say(request: object): void {
    this.write(`${JSON.stringify(request)}\n`);
  }

  endInput(): void {
    this.#lines.push(null);
    this.#wake();
  }

  async *#input(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const line = this.#lines.shift();
      if (line === null) return;
      if (line !== undefined) yield line;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

describe('serve', () => {
  it('answers requests with their id, in the order of the answers, and ends with the input', async () => {
    gateway.script = (request) => ({
      body: successTo(request, request.payload),
      afterMs: request.action === 'GET_TICK' ? 80 : 0,
    });
    const strategy = new Strategy();
    strategy.say({ id: 1, action: 'GET_TICK', payload: { symbol: 'EURUSD' } });
    strategy.say({ id: { any: 'value' }, action: 'HEARTBEAT' });
    strategy.endInput();
    expect(await strategy.ended).toBe(0);
    expect(strategy.heard).toMatchObject([
      { id: { any: 'value' }, reply: { status: 'SUCCESS' } },
      { id: 1, reply: { status: 'SUCCESS', data: { symbol: 'EURUSD' } } },
    ]);
    expect(strategy.world.said.err).toBe('');
  });

  it('keeps tickets exact both ways, in id and payload', async () => {
    const strategy = new Strategy();
    strategy.write('{"id":9007199254740993,"action":"CLOSE_POSITION","payload":{"ticket":9007199254740993}}\n');
    strategy.endInput();
    await strategy.ended;
    expect(gateway.received[0]?.bytes).toContain('"ticket":9007199254740993}');
    expect(strategy.world.said.out).toMatch(/^\{"id":9007199254740993,"reply":/);
  });

  it('passes req_id, ttl_ms and timeout_ms on, tells of a missing reply, and resends when told to', async () => {
    gateway.script = () => null;
    const strategy = new Strategy();
    const order = { symbol: 'EURUSD', volume: 0.01, side: 'BUY' };
    strategy.say({ id: 1, action: 'OPEN_ORDER', payload: order, req_id: 'A', ttl_ms: 700, timeout_ms: 60 });
    await until(() => strategy.heard.length === 1);
    expect(strategy.heard[0]).toMatchObject({ id: 1, error: { code: 'NO_REPLY', req_id: 'A', sent: true } });
    gateway.script = (request) => ({ body: successTo(request) });
    strategy.say({ id: 2, resend: 'A' });
    await until(() => strategy.heard.length === 2);
    expect(strategy.heard[1]).toMatchObject({ id: 2, reply: { req_id: 'A', status: 'SUCCESS' } });
    expect(gateway.received).toMatchObject([{ req_id: 'A', ttl_ms: 700 }, { req_id: 'A' }]);
    expect(gateway.received[0]?.bytes).toBe(gateway.received[1]?.bytes);
    strategy.endInput();
    await strategy.ended;
  });

  it.each([
    ['not JSON', 'not JSON'],
    ['[]', 'one JSON object'],
    ['{"id":1}', '"action", "resend"'],
    ['{"id":1,"action":"open_order"}', 'action is'],
    ['{"id":1,"action":"HEARTBEAT","payload":5}', 'payload is an object'],
    ['{"id":1,"action":"HEARTBEAT","req_id":5}', 'req_id is'],
    ['{"id":1,"action":"HEARTBEAT","req_id":""}', 'reqId is'],
    ['{"id":1,"action":"HEARTBEAT","timeout_ms":"5"}', 'timeout_ms is'],
    ['{"id":1,"action":"HEARTBEAT","timeout_ms":0}', 'timeoutMs is'],
    ['{"id":1,"resend":"unheard-of"}', 'no unanswered command'],
    ['{"subscribe":"EURUSD"}', 'subscribe is a list'],
    ['{"events":["NOISE"]}', 'events is true'],
    ['x'.repeat(70_000), 'at most 65536 bytes'],
  ])('says what is wrong with %s and goes on', async (line, wrong) => {
    const strategy = new Strategy();
    strategy.write(`${line}\n\n`);
    strategy.say({ id: 2, action: 'HEARTBEAT' });
    strategy.endInput();
    expect(await strategy.ended).toBe(0);
    expect(strategy.heard).toHaveLength(2);
    const [said, reply] = strategy.heard as { id: unknown; error: { message: string } }[];
    expect(said).toMatchObject({ error: { code: 'BAD_REQUEST' } });
    expect(said?.error.message).toContain(wrong);
    expect(reply).toMatchObject({ id: 2, reply: { status: 'SUCCESS' } });
  });

  it('passes ticks and events on once they are asked for, and no longer', async () => {
    const strategy = new Strategy();
    strategy.say({ subscribe: ['EURUSD'] });
    strategy.say({ events: ['TRADE'] });
    while (!strategy.heard.some((line) => 'tick' in line) || !strategy.heard.some((line) => 'event' in line)) {
      await gateway.publishTick({ symbol: 'XAUUSD', bid: 1 });
      await gateway.publishTick({ symbol: 'EURUSD', bid: 1 });
      await gateway.publishEvent('{"event":"TERMINAL","timestamp":1,"data":{}}');
      await gateway.publishEvent('{"event":"TRADE","timestamp":1,"data":{"ticket":9007199254740993}}');
      await sleep(10);
    }
    expect(strategy.world.said.out).not.toMatch(/XAUUSD|TERMINAL/);
    expect(strategy.world.said.out).toContain(
      '{"event":{"event":"TRADE","timestamp":1,"data":{"ticket":9007199254740993}}}',
    );
    strategy.say({ unsubscribe: ['EURUSD'] });
    strategy.say({ events: [] });
    await sleep(80);
    const before = strategy.heard.length;
    await gateway.publishTick({ symbol: 'EURUSD', bid: 2 });
    await gateway.publishEvent('{"event":"TRADE","timestamp":1,"data":{}}');
    await sleep(50);
    expect(strategy.heard).toHaveLength(before);
    strategy.endInput();
    expect(await strategy.ended).toBe(0);
  });

  it('reads requests that come in pieces, and a last one without its line end', async () => {
    const strategy = new Strategy();
    for (const piece of ['{"id":1,"act', 'ion":"HEARTBEAT"}\n{"id":2,', '"action":"HEARTBEAT"}']) strategy.write(piece);
    strategy.endInput();
    await strategy.ended;
    expect(strategy.heard.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('ends with 0 when it is told to stop', async () => {
    gateway.script = () => null;
    const strategy = new Strategy();
    strategy.say({ id: 1, action: 'HEARTBEAT' });
    strategy.say({ subscribe: ['EURUSD'] });
    await until(() => gateway.received.length === 1);
    strategy.world.stop.abort();
    expect(await strategy.ended).toBe(0);
  });
});
