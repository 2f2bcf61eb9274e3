import { networkInterfaces } from 'node:os';
import { Context, Dealer, Request, Subscriber } from 'zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/clock.ts';
import { Gateway } from '../../../main/gateway/gateway.ts';
import type { GatewayOptions } from '../../../main/gateway/gateway-options.ts';
import { silentLog } from '../../../main/log.ts';
import type { TradeOutcome } from '../../../main/mt5/handler.ts';
import { encodeJson, parseTrustedJson } from '../../../main/protocol/json.ts';
import { eventTopic } from '../../../main/protocol/events.ts';
import { LOST } from '../../fakes/fake-terminal.ts';
import { FakeSafety } from '../../fakes/fake-safety.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { TradingTerminal } from '../../fakes/trading-terminal.ts';
import { ORDER } from './rig.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface LooseReply {
  readonly req_id: string;
  readonly status: string;
  readonly code?: string | null;
  readonly duplicate?: boolean;
  readonly data: Record<string, unknown>;
}

const OPTIONS: GatewayOptions = {
  host: '127.0.0.1',
  commandPort: 0,
  dataPort: 0,
  eventPort: 0,
  commandDeadlineMs: 1_500,
  ttlMs: 5_000,
  magicBase: 5_550_000,
  symbols: ['USDJPY'],
  version: '1.2.3',
  session: 'a-session',
};

function build(options: Partial<GatewayOptions> = {}) {
  const audit = new MemoryAuditLog();
  const terminal = new TradingTerminal(systemClock);
  const safety = new FakeSafety(systemClock);
  const gateway = new Gateway({ ...OPTIONS, ...options }, { clock: systemClock, log: silentLog, audit, terminal });
  closers.push(() => gateway.stop());
  return { gateway, audit, terminal, safety };
}

async function start(options: Partial<GatewayOptions> = {}) {
  const built = build(options);
  const started = await built.gateway.start({ safety: built.safety });
  if (!started.ok) throw new Error(started.message);
  return { ...built, endpoints: started.endpoints };
}

let requests = 0;

/** A request as text; `req_id` is new unless one is given. */
function message(action: string, payload: object = {}, extra: object = {}): string {
  requests += 1;
  return encodeJson({ action, req_id: `r-${requests}`, timestamp: Date.now() / 1000, payload, ...extra });
}

/** Sends over a REQ of its own and resolves with the reply. */
async function ask(endpoint: string, text: string): Promise<LooseReply> {
  const socket = new Request({ context: new Context(), linger: 0, receiveTimeout: 10_000 });
  closers.push(() => socket.close());
  socket.connect(endpoint);
  await socket.send(text);
  const [reply] = await socket.receive();
  return parseTrustedJson(String(reply)) as never;
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('starting', () => {
  it('opens three ports of its choice and answers its own HEARTBEAT through one of them', async () => {
    const { gateway, endpoints, safety } = await start();
    const ports = Object.values(endpoints).map((endpoint: string) => Number(new URL(endpoint).port));
    expect(new Set(ports).size).toBe(3);
    expect(ports.every((port) => port > 0)).toBe(true);
    expect(await gateway.selfTest()).toEqual({ ok: true });
    expect(await gateway.start({ safety })).toEqual({ ok: true, endpoints });
  });

  it('serves IPv6 where this machine has it', async () => {
    const has = Object.values(networkInterfaces()).some((device) => device?.some(({ address }) => address === '::1'));
    const { gateway, safety } = build({ host: '::1' });
    const started = await gateway.start({ safety });
    expect(started).toMatchObject(has ? { ok: true } : { ok: false, code: 'CANNOT_BIND' });
    expect(await gateway.selfTest()).toMatchObject({ ok: has });
  });

  it.each(['commandPort', 'dataPort', 'eventPort'] as const)(
    'a %s in use is a value, and no port stays open',
    async (name) => {
      const taken = await start();
      const port = Number(new URL(taken.endpoints.data).port);
      const { gateway, safety } = build({ [name]: port });
      expect(await gateway.start({ safety })).toMatchObject({
        ok: false,
        code: 'PORT_IN_USE',
        endpoint: `tcp://127.0.0.1:${port}`,
      });
      expect((await gateway.selfTest()).ok).toBe(false);
    },
  );

  it('a self-test before the start fails with words', async () => {
    const { gateway } = build();
    expect(await gateway.selfTest()).toMatchObject({ ok: false });
  });
});

describe('stopping', () => {
  it('twice is once, and lets an order that is under way end and be answered', async () => {
    const { gateway, terminal, endpoints, audit } = await start();
    const outcome = Promise.withResolvers<undefined>();
    terminal.sendScripts.push(async (_order, fill) => {
      await outcome.promise;
      return fill();
    });
    const asked = ask(endpoints.command, message('OPEN_ORDER', ORDER));
    await until(() => terminal.sent.length === 1);
    const stopping = Promise.all([gateway.stop(), gateway.stop()]);
    outcome.resolve(undefined);
    expect((await asked).status).toBe('SUCCESS');
    await stopping;
    expect(audit.rows.at(-1)?.type).not.toBe('DISPATCH');
  });

  it('does not wait longer than two seconds for one that hangs', async () => {
    const { gateway, terminal, endpoints } = await start();
    terminal.sendScripts.push(() => new Promise(() => {}));
    void ask(endpoints.command, message('OPEN_ORDER', ORDER)).catch(() => {});
    await until(() => terminal.sent.length === 1);
    const startedMs = performance.now();
    await gateway.stop();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

describe('lanes', () => {
  it('HEARTBEAT and KILL are answered while an order takes its time and the disk hangs', async () => {
    const { terminal, audit, safety, endpoints } = await start();
    terminal.sendScripts.push(() => new Promise(() => {}));
    void ask(endpoints.command, message('OPEN_ORDER', ORDER)).catch(() => {});
    await until(() => terminal.sent.length === 1);
    audit.hold();
    void ask(endpoints.command, message('OPEN_ORDER', ORDER)).catch(() => {});
    expect((await ask(endpoints.command, message('HEARTBEAT'))).status).toBe('SUCCESS');
    expect((await ask(endpoints.command, message('GET_POSITIONS'))).status).toBe('SUCCESS');
    const kill = await ask(endpoints.command, message('KILL_SWITCH'));
    expect(kill).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED' } });
    expect(safety.state().mode).toBe('HALTED');
    audit.release();
    await until(() => audit.rows.some(({ status }) => status === 'FENCED'));
    expect(terminal.sent).toHaveLength(1);
  });

  it('kill switch 16: a KILL that waits behind an order while the event loop is blocked for 500 ms is acted on first', async () => {
    const { terminal, safety, endpoints } = await start();
    const brain = new Dealer({ context: new Context(), linger: 0 });
    const operator = new Dealer({ context: new Context(), linger: 0 });
    for (const socket of [brain, operator]) {
      closers.push(() => socket.close());
      socket.connect(endpoints.command);
      await socket.send(['', message('HEARTBEAT')]);
      await socket.receive();
    }
    // Sent in this turn and received by libzmq's own thread, while this thread sees none of it.
    void brain.send(['', message('OPEN_ORDER', ORDER)]);
    void operator.send(['', message('KILL_SWITCH')]);
    const untilMs = performance.now() + 500;
    while (performance.now() < untilMs);
    const [, order] = await brain.receive();
    expect(JSON.parse(String(order))).toMatchObject({ status: 'ERROR', code: 'KILL_SWITCH_ENGAGED' });
    expect(safety.state().mode).toBe('HALTED');
    expect(terminal.sent).toEqual([]);
  });

  it('100 connections that send the same order make one', async () => {
    const { terminal, endpoints } = await start();
    const text = message('OPEN_ORDER', ORDER);
    const replies = await Promise.all(Array.from({ length: 100 }, () => ask(endpoints.command, text)));
    expect(terminal.sent).toHaveLength(1);
    expect(new Set(replies.map((reply) => reply.data['ticket']))).toEqual(new Set([9_007_199_254_740_993n]));
    expect(replies.filter((reply) => reply.duplicate === true)).toHaveLength(99);
  });
});

describe('the channels', () => {
  it('streams what the settings and live subscriptions name', async () => {
    const { terminal, endpoints } = await start();
    expect([...terminal.subscribed]).toEqual(['USDJPY']);
    const socket = new Subscriber({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
    closers.push(() => socket.close());
    socket.connect(endpoints.data);
    socket.subscribe('{"symbol":"EURUSD",');
    await until(() => terminal.subscribed.has('EURUSD'));
    terminal.stream({ symbol: 'USDJPY', bid: 157.1, ask: 157.102 }, { bid: 1.1, ask: 1.10002 });
    expect(String(await socket.receive())).toMatch(/^\{"symbol":"EURUSD","bid":1\.10000,"ask":1\.10002,.*"seq":1\}$/);
    socket.close();
    await until(() => !terminal.subscribed.has('EURUSD'));
  });

  it('announces the outcome of a command that was answered PENDING, and changes of book and terminal', async () => {
    const { terminal, endpoints, gateway } = await start({ commandDeadlineMs: 50 });
    const socket = new Subscriber({ context: new Context(), linger: 0, receiveTimeout: 5_000 });
    closers.push(() => socket.close());
    socket.connect(endpoints.events);
    socket.subscribe(...(['COMMAND', 'TRADE', 'TERMINAL'] as const).map(eventTopic));
    const heard: Record<string, unknown>[] = [];
    void (async () => {
      for await (const [frame] of socket) heard.push(JSON.parse(String(frame)) as Record<string, unknown>);
    })().catch(() => {});
    // A subscription takes its time to arrive.
    await until(() => {
      terminal.become({ connected: false });
      return heard.length > 0;
    });
    expect(heard[0]).toMatchObject({ event: 'TERMINAL', data: { connected: false } });
    const end = Promise.withResolvers<undefined>();
    terminal.sendScripts.push(async (_order, fill): Promise<TradeOutcome> => {
      await end.promise;
      return fill();
    });
    const reply = await ask(endpoints.command, message('OPEN_ORDER', ORDER, { client_id: 'alpha' }));
    expect(reply).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(gateway.tradesInFlight()).toBe(1);
    end.resolve(undefined);
    await until(() => heard.some(({ event }) => event === 'COMMAND'));
    expect(heard.find(({ event }) => event === 'COMMAND')).toMatchObject({
      data: { req_id: reply.req_id, client_id: 'alpha', state: 'DONE', status: 'SUCCESS' },
    });
    expect(gateway.tradesInFlight()).toBe(0);
    terminal.transact({ kind: 'POSITION_CLOSED', position: terminal.onlyPosition() });
    await until(() => heard.some(({ event }) => event === 'TRADE'));
    expect(heard.find(({ event }) => event === 'TRADE')).toMatchObject({ data: { kind: 'POSITION_CLOSED' } });
  });

  it('tells how many commands are being searched for', async () => {
    const { gateway, terminal, endpoints } = await start();
    expect(gateway.unknownOrders()).toBe(0);
    terminal.isHistoryComplete = false;
    terminal.sendScripts.push(() => LOST);
    expect((await ask(endpoints.command, message('OPEN_ORDER', ORDER))).status).toBe('PENDING');
    expect([gateway.unknownOrders(), gateway.tradesInFlight()]).toEqual([1, 1]);
  });

  it('tells its clients and figures', async () => {
    const { gateway, endpoints } = await start();
    await ask(endpoints.command, message('HEARTBEAT', {}, { client_id: 'alpha' }));
    await ask(endpoints.command, message('GET_TICK', {}, { client_id: 'alpha' }));
    expect(gateway.clients()).toMatchObject([{ name: 'alpha', requests: 2, rejects: 1, topReject: 'INVALID_PAYLOAD' }]);
    expect(gateway.stats()).toMatchObject({ commands: { received: 2, dropped: 0 }, tradesInFlight: 0 });
  });
});
