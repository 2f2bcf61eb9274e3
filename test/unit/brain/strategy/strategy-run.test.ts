import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandTimeout } from '../../../../main/brain/errors.ts';
import { StrategyRun } from '../../../../main/brain/strategy/strategy-run.ts';
import type {
  Strategy,
  StrategyContext,
  StrategyEvent,
  StrategyTick,
} from '../../../../main/brain/strategy/strategy.ts';
import { ZmqClient } from '../../../../main/brain/zmq-client.ts';
import { systemClock } from '../../../../main/clock.ts';
import { FakeGateway, refusalOf, sleep, successTo, until, type Script } from '../../../fakes/fake-gateway.ts';
import { countOf, leasing, renewals } from '../../../fakes/leasing-gateway.ts';

const story = { mode: 'TRADING', session: 'one' };
let gateway: FakeGateway;
let stop: AbortController;
let warnings: string[];
let raiseFault: (error: unknown) => void;
let client: ZmqClient;

beforeEach(async () => {
  story.mode = 'TRADING';
  story.session = 'one';
  gateway = await FakeGateway.start(leasing(story));
  stop = new AbortController();
  warnings = [];
});
afterEach(async () => {
  client.close();
  await gateway.shut();
});

/** Answers `action` by `script`, everything else as before. */
function answering(action: string, script: Script): void {
  const others = gateway.script;
  gateway.script = (request) => (request.action === action ? script(request) : others(request));
}

function start(strategy: Strategy, { leaseS = 5, staleAfterMs = 5_000, symbols = ['EURUSD'] } = {}): Promise<number> {
  client = new ZmqClient({ ...gateway.client, timeoutMs: 300, clientId: 'me' });
  const settings = { clientId: 'me', symbols, leaseS, onExpiry: 'halt', staleAfterMs } as const;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const faults = (listener: (error: unknown) => void) => {
    raiseFault = listener;
    return () => {};
  };
  const parts = { strategy, settings, args: ['a'], client, clock: systemClock, log, stop: stop.signal, faults };
  return new StrategyRun({ ...parts, warn: (message) => void warnings.push(message) }).run();
}

const actions = () => gateway.received.map(({ action }) => action).filter((action) => action !== 'HEARTBEAT');
const price = (seq: number, symbol = 'EURUSD') => ({ symbol, bid: 1, ask: 2, time_msc: seq, seq });
const event = (kind: string, data: object) => JSON.stringify({ event: kind, timestamp: Date.now() / 1000 + 1, data });

/** Publishes until the run has heard one: a subscription takes its time. */
async function publishUntil(publish: (n: number) => Promise<void>, heard: () => boolean): Promise<void> {
  for (let n = 1; !heard(); n += 1) {
    await publish(n);
    await sleep(5);
  }
}

describe('a run of a strategy', () => {
  it('takes the lease, starts, hands over ticks and events, and ends in order with a goodbye', async () => {
    const calls: string[] = [];
    const running = start({
      onStart: ({ mode, clientId, args }) => void calls.push(`start ${mode} ${clientId} ${args.join()}`),
      onTick: ({ symbol }, { quotes }) => void calls.push(`tick ${symbol} ${quotes.get(symbol)?.ask}`),
      onEvent: ({ event: kind }) => void calls.push(`event ${kind}`),
      onStop: ({ kind }) => void calls.push(`stop ${kind}`),
    });
    await publishUntil(
      (n) => gateway.publishTick(price(n)),
      () => calls.includes('tick EURUSD 2'),
    );
    await publishUntil(
      () => gateway.publishEvent(event('TRADE', {})),
      () => calls.includes('event TRADE'),
    );
    stop.abort();
    expect(await running).toBe(0);
    expect(calls[0]).toBe('start TRADING me a');
    expect(calls.at(-1)).toBe('stop SIGNAL');
    expect(gateway.received.find(({ action }) => action === 'HEARTBEAT')?.payload).toEqual({
      lease_s: 5,
      on_expiry: 'halt',
    });
    expect(actions()).toEqual(['GET_SYMBOL', 'BYE']);
    expect(warnings).toEqual([]);
    expect(client.closed).toBe(true);
  });

  it('ends in order when the strategy asks for it, after the callback under way', async () => {
    const calls: string[] = [];
    const running = start({
      onStart: async ({ stop: end }) => {
        end('enough');
        await sleep(50);
        calls.push('started');
      },
      onStop: ({ kind, message }) => void calls.push(`${kind} ${message}`),
    });
    expect(await running).toBe(0);
    expect(calls).toEqual(['started', 'STRATEGY enough']);
    expect(countOf(gateway, 'BYE')).toBe(1);
  });

  it('does not begin without the lease', async () => {
    const calls: string[] = [];
    answering('HEARTBEAT', (request) => ({ body: refusalOf(request, 'BUSY', 'too many leases') }));
    expect(await start({ onStart: () => void calls.push('start'), onStop: () => void calls.push('stop') })).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('BUSY: too many leases; the strategy was not started')]);
    await gateway.shut();
    expect(await start({ onStart: () => void calls.push('start') })).toBe(75);
    expect(calls).toEqual([]);
  });

  it('does not begin with a symbol that the gateway does not know', async () => {
    answering('GET_SYMBOL', (request) => ({ body: refusalOf(request, 'NOT_FOUND', 'there is no symbol EURUSDD') }));
    expect(await start({ onTick: () => {} }, { symbols: ['EURUSDD'] })).toBe(1);
    expect(warnings).toEqual(['there is no symbol EURUSDD']);
    expect(renewals(gateway)).toBe(0);
  });

  it('ends when the gateway renews the lease no more', async () => {
    let reason: unknown;
    const running = start({ onStart: () => {}, onStop: (why) => void (reason = why) }, { leaseS: 1 });
    await until(() => renewals(gateway) === 1);
    answering('HEARTBEAT', (request) => ({ body: refusalOf(request, 'NOT_AUTHORISED', 'no longer') }));
    expect(await running).toBe(1);
    expect(reason).toMatchObject({ kind: 'LEASE' });
    expect(countOf(gateway, 'BYE')).toBe(0);
  });

  it.each<[string, Strategy]>([
    ['throws', { onStart: () => void JSON.parse('{') }],
    ['rejects', { onStart: () => Promise.reject(new SyntaxError('no')) }],
  ])('ends with 1 and no goodbye when a callback %s, and onStop is told', async (_, strategy) => {
    let reason: unknown;
    expect(await start({ ...strategy, onStop: (why) => void (reason = why) })).toBe(1);
    expect(reason).toMatchObject({ kind: 'CRASH', error: expect.any(SyntaxError) as Error });
    expect(countOf(gateway, 'BYE')).toBe(0);
    expect(warnings[0]).toContain('onStart failed: SyntaxError');
    expect(warnings[0]).toContain('The lease was not ended');
  });

  it('ends like a crash on an error that nothing caught, and when onStop itself fails', async () => {
    const running = start({ onStart: () => {} });
    await until(() => renewals(gateway) === 1);
    raiseFault(new Error('in a timer'));
    expect(await running).toBe(1);
    expect(warnings[0]).toContain('an error that nothing caught: Error: in a timer');

    const stopping = start({
      onStart: ({ stop: end }) => end('done'),
      onStop: () => Promise.reject(new Error('late')),
    });
    expect(await stopping).toBe(1);
    expect(warnings[1]).toContain('onStop failed: Error: late');
    expect(countOf(gateway, 'BYE')).toBe(0);
  });

  it('ends like a crash on an error that nothing caught also while the lease is being taken', async () => {
    const grant = gateway.script;
    answering('HEARTBEAT', (request) => {
      raiseFault(new Error('early'));
      return grant(request);
    });
    let hasStarted = false;
    const onStart = () => {
      hasStarted = true;
    };
    expect(await start({ onStart })).toBe(1);
    expect(warnings[0]).toContain('an error that nothing caught: Error: early');
    expect([hasStarted, countOf(gateway, 'BYE')]).toEqual([false, 0]);
  });

  it('counts a callback that fails while the run is ending as a crash', async () => {
    const running = start({
      onStart: async () => {
        stop.abort();
        await sleep(20);
        throw new Error('at the last moment');
      },
    });
    expect(await running).toBe(1);
    expect(countOf(gateway, 'BYE')).toBe(0);
  });

  it('says so when nobody answers the goodbye', async () => {
    answering('BYE', () => null);
    expect(await start({ onStart: ({ stop: end }) => end('done') })).toBe(75);
    expect(warnings).toEqual([expect.stringMatching(/did not answer the goodbye: .*"halt".* in at most 5 s$/)]);
  });
});

describe('the lease of a run', () => {
  it('is kept up while callbacks come to an end, and while there are none', async () => {
    const running = start({ onStart: () => {} }, { leaseS: 1 });
    await until(() => renewals(gateway) >= 4);
    stop.abort();
    expect(await running).toBe(0);
  });

  it('is not kept up for a callback whose promise never settles, although the gateway is still asked', async () => {
    const running = start({ onStart: () => new Promise(() => {}) }, { leaseS: 1 });
    await until(() => countOf(gateway, 'HEARTBEAT') >= 6);
    // One when it was taken, and one that the beginning of the callback was worth.
    expect(renewals(gateway)).toBeLessThanOrEqual(2);
    stop.abort();
    expect(await running).toBe(1);
    expect(warnings[0]).toContain('onStart has not ended within 1 s: given up');
    expect(countOf(gateway, 'BYE')).toBe(0);
  });

  it('is not kept up by a thread that is blocked', async () => {
    const blockedFor = (ms: number) => {
      for (const endMs = performance.now() + ms; performance.now() < endMs;);
    };
    let during = 0;
    const running = start(
      {
        onStart: async () => {
          await sleep(50);
          const before = renewals(gateway);
          blockedFor(1_500);
          during = renewals(gateway) - before;
        },
      },
      { leaseS: 1 },
    );
    await sleep(1_700);
    // What the fake gateway has received is read on the same thread: nothing can have been sent meanwhile.
    expect(during).toBe(0);
    stop.abort();
    expect(await running).toBe(0);
  });

  it('cannot be renewed or ended by the strategy', async () => {
    const errors: unknown[] = [];
    const running = start({
      onStart: async ({ send, stop: end }) => {
        await send('HEARTBEAT', { lease_s: 60 }).catch((error: unknown) => errors.push(error));
        await send('BYE').catch((error: unknown) => errors.push(error));
        await send('HEARTBEAT');
        end('done');
      },
    });
    expect(await running).toBe(0);
    expect(errors).toEqual([expect.any(RangeError), expect.any(RangeError)]);
    expect(countOf(gateway, 'BYE')).toBe(1);
  });
});

describe('what a strategy is told', () => {
  async function hearing(options: Parameters<typeof start>[1] = {}, more: Strategy = {}) {
    const heard: StrategyEvent[] = [];
    let context: StrategyContext | null = null;
    const running = start(
      { ...more, onStart: (given) => void (context = given), onEvent: (one) => void heard.push(one) },
      options,
    );
    await until(() => context !== null);
    const end = async () => {
      stop.abort();
      return await running;
    };
    return {
      heard,
      context: context as unknown as StrategyContext,
      end,
      of: (kind: string) => heard.filter((one) => one.event === kind),
    };
  }

  it('only the newest tick of each symbol after a busy time, never the oldest, and one at a time', async () => {
    const ticks: StrategyTick[] = [];
    let under = 0;
    let most = 0;
    let letGo: () => void = () => {};
    const running = start({
      onTick: async (tick) => {
        most = Math.max(most, (under += 1));
        ticks.push(tick);
        if (ticks.length === 1) await new Promise<void>((resolve) => (letGo = resolve));
        under -= 1;
      },
    });
    await publishUntil(
      (n) => gateway.publishTick(price(n)),
      () => ticks.length > 0,
    );
    for (let seq = 1_000; seq <= 1_700; seq += 1) await gateway.publishTick(price(seq));
    await sleep(100);
    letGo();
    await until(() => ticks.length > 1);
    expect(ticks[1]).toMatchObject({ seq: 1_700 });
    expect(ticks[1]!.missed).toBeGreaterThanOrEqual(700);
    expect(most).toBe(1);
    stop.abort();
    expect(await running).toBe(0);
  });

  it('gaps, and quotes that are stale and fresh again', async () => {
    const { heard, context, end, of } = await hearing({ staleAfterMs: 150 });
    await publishUntil(
      (n) => gateway.publishTick(price(n)),
      () => context.quotes.size > 0,
    );
    await gateway.publishTick(price(5_000));
    await until(() => of('GAP').length > 0 && of('STALE').length > 0);
    expect(context.quotes.get('EURUSD')?.stale).toBe(true);
    await gateway.publishTick(price(5_001));
    await until(() => of('FRESH').length > 0);
    expect(heard.map((one) => one.event)).toEqual(['GAP', 'STALE', 'FRESH']);
    expect(await end()).toBe(0);
  });

  it('a mode that only a heartbeat has told, and one that an event has told, once each', async () => {
    const { context, end, of } = await hearing({ leaseS: 1 });
    expect(context.mode).toBe('TRADING');
    story.mode = 'REDUCE_ONLY';
    await until(() => of('TRADING_STATE').length === 1);
    expect(of('TRADING_STATE')[0]).toMatchObject({ data: { mode: 'REDUCE_ONLY', epoch: 1 } });
    story.mode = 'HALTED';
    await publishUntil(
      () => gateway.publishEvent(event('TRADING_STATE', { mode: 'HALTED' })),
      () => context.mode === 'HALTED',
    );
    const told = of('TRADING_STATE').length;
    await sleep(800);
    expect(of('TRADING_STATE')).toHaveLength(told);
    expect(await end()).toBe(0);
  });

  it('a lost connection at once, with the mode unknown, and a new gateway; the run goes on', async () => {
    const { context, end, of } = await hearing({ leaseS: 1 });
    await gateway.shut();
    await until(() => of('CONNECTION').length === 1);
    expect(of('CONNECTION')[0]).toMatchObject({ data: { state: 'lost' } });
    expect(context.mode).toBe('UNKNOWN');
    story.session = 'two';
    const before = renewals(gateway);
    await gateway.open();
    await until(() => of('SESSION').length === 1);
    expect(of('CONNECTION')[1]).toMatchObject({ data: { state: 'restored' } });
    expect(of('SESSION')[0]).toMatchObject({ data: { session: 'two', before: 'one' } });
    expect(renewals(gateway)).toBeGreaterThan(before);
    await until(() => context.mode === 'TRADING');
    expect(await end()).toBe(0);
  });

  it('an order that found no answer as an error with `sent`, and the order is sent once', async () => {
    const { context, end } = await hearing();
    answering('OPEN_ORDER', () => null);
    const failed: unknown = await context
      .send('OPEN_ORDER', { symbol: 'EURUSD', volume: 0.01, side: 'BUY' })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandTimeout);
    expect(failed).toMatchObject({ sent: true, action: 'OPEN_ORDER' });
    await gateway.shut();
    await gateway.open();
    await sleep(200);
    expect(countOf(gateway, 'OPEN_ORDER')).toBe(1);
    expect(await end()).toBe(0);
  });

  it('positions and account, or the refusal as an error', async () => {
    const { context, end } = await hearing();
    answering('GET_POSITIONS', (request) => ({ body: successTo(request, [{ ticket: 7 }]) }));
    answering('GET_ACCOUNT_INFO', (request) => ({ body: refusalOf(request, 'TERMINAL_DISCONNECTED', 'no link') }));
    expect(await context.positions({ symbol: 'EURUSD' })).toEqual([{ ticket: 7 }]);
    expect(gateway.received.at(-1)?.payload).toEqual({ symbol: 'EURUSD' });
    await expect(context.account()).rejects.toMatchObject({ name: 'CommandRefused', code: 'TERMINAL_DISCONNECTED' });
    expect(Math.abs(context.now() - Date.now())).toBeLessThan(1_000);
    expect(await end()).toBe(0);
  });
});
