import { describe, expect, it } from 'vitest';
import { CONTROL_TOPICS, type ControlTopic, type TopicValue } from '../../../../main/control/contract.ts';
import { accountSource } from '../../../../main/control/live/account-source.ts';
import { AuditFault, auditSource } from '../../../../main/control/live/audit-source.ts';
import { bookSource } from '../../../../main/control/live/book-source.ts';
import { channelsSource, paceSource } from '../../../../main/control/live/channel-sources.ts';
import { clientSource } from '../../../../main/control/live/client-source.ts';
import { quoteSource } from '../../../../main/control/live/quote-source.ts';
import { RefusedCount, stateSource } from '../../../../main/control/live/state-source.ts';
import { terminalSource } from '../../../../main/control/live/terminal-source.ts';
import { Topic, type Source } from '../../../../main/control/live/topic.ts';
import { ChannelMeter } from '../../../../main/gateway/channel-meter.ts';
import type { ClientView } from '../../../../main/gateway/client-registry.ts';
import { silentLog } from '../../../../main/log.ts';
import { Listeners } from '../../../../main/mt5/listeners.ts';
import type { Account, Tick } from '../../../../main/mt5/market.ts';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import type { TicketReport } from '../../../../main/safety/safety-port.ts';
import { FakeSafety } from '../../../fakes/fake-safety.ts';
import { FakeTerminal } from '../../../fakes/fake-terminal.ts';
import { MemoryAuditLog } from '../../../fakes/memory-audit-log.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

const ENDPOINTS = { command: 'tcp://127.0.0.1:1', data: 'tcp://127.0.0.1:2', events: 'tcp://127.0.0.1:3' };

/** Follows a topic, checks each value against the contract, and gives all that came. */
function follow<T extends ControlTopic>(topic: T, source: Source<TopicValue<T>>, clock: SimulatedClock) {
  const got: TopicValue<T>[] = [];
  const live = new Topic(topic, source, { clock, log: silentLog });
  const end = live.subscribe((value) => {
    expect(CONTROL_TOPICS[topic].parse(value)).toEqual(value);
    got.push(value);
  });
  return { got, end };
}

describe('the trading state on a screen', () => {
  it('comes with the tickets of its flatten as they move, without a change of the state', async () => {
    const clock = new SimulatedClock();
    const safety = new FakeSafety(clock);
    const ticket = {
      ticket: toTicket(2n ** 60n),
      kind: 'position',
      symbol: 'EURUSD',
      state: 'OPEN',
      volume: 0.1,
    } as const;
    let tickets: TicketReport[] = [ticket];
    const ports = {
      clock,
      safety: Object.assign(safety, { flattenTickets: () => tickets }),
      refused: () => 0,
    };
    const { got } = follow('state', stateSource(ports), clock);
    tickets = [{ ...ticket, state: 'RETRY', message: 'requote' }];
    await clock.advance(300);
    safety.become('HALTED');
    await clock.advance(300);
    expect(got.map(({ state, tickets: [one] }) => [state.mode, one?.ticket, one?.state, one?.message])).toEqual([
      ['TRADING', '1152921504606846976', 'OPEN', undefined],
      ['TRADING', '1152921504606846976', 'RETRY', 'requote'],
      ['HALTED', '1152921504606846976', 'RETRY', 'requote'],
    ]);
  });

  it('counts what was refused since trading stopped, over a change of mode, and anew at the next stop', () => {
    const clock = new SimulatedClock();
    const [safety, meter] = [new FakeSafety(clock), new ChannelMeter(clock)];
    const refused = new RefusedCount(safety, { meter });
    safety.become('SUSPENDED');
    meter.rejected('TRADING_SUSPENDED');
    meter.rejected('STALE');
    safety.become('HALTED');
    meter.rejected('KILL_SWITCH_ENGAGED');
    expect(refused.count).toBe(2);
    safety.become('TRADING');
    expect(refused.count).toBe(0);
    safety.become('HALTED');
    meter.rejected('KILL_SWITCH_ENGAGED');
    expect(refused.count).toBe(1);
  });
});

describe('the terminal on a screen', () => {
  it('is sent once a second while it is heard, once when it falls silent, and again when it is back', async () => {
    const clock = new SimulatedClock();
    const terminal = new FakeTerminal(clock);
    const hear = () => terminal.become({ lastHeardMonoMs: clock.monoMs() });
    hear();
    const { got } = follow('terminal', terminalSource({ clock, terminal }), clock);
    for (let n = 0; n < 10; n += 1) {
      await clock.advance(500);
      hear();
    }
    expect(got.length).toBeGreaterThanOrEqual(5);
    expect(got.length).toBeLessThanOrEqual(8);
    await clock.advance(150);
    const whileHeard = got.length;
    await clock.advance(60_000);
    expect(got.length).toBe(whileHeard + 1);
    expect(got.at(-1)?.last_heard_ms_ago).toBeGreaterThan(2_000);
    hear();
    await clock.advance(200);
    expect(got.at(-1)?.last_heard_ms_ago).toBeLessThanOrEqual(200);
  });

  it('is sent at once when its link is lost', async () => {
    const clock = new SimulatedClock();
    const terminal = new FakeTerminal(clock);
    const { got } = follow('terminal', terminalSource({ clock, terminal }), clock);
    await clock.advance(500);
    terminal.become({ linked: false, linkFault: 'the pipe has broken' });
    await clock.advance(1);
    expect(got.at(-1)).toMatchObject({ linked: false, link_fault: 'the pipe has broken' });
  });
});

describe('the channels on a screen', () => {
  it('have rates of the last second and latencies of the last minutes', async () => {
    const clock = new SimulatedClock();
    const meter = new ChannelMeter(clock);
    const stats = () => ({
      commands: { received: 0, dropped: 0, replied: 0, clientsGone: 0, clientsFull: 0, rebuilds: 0 },
      ticks: { published: 12, unwanted: 0, dropped: 0, subscriptions: 1 },
      ...{ eventsPublished: 4, tradesInFlight: 2, tradesWaiting: 1, symbolsNamed: 3 },
    });
    meter.start(() => stats().ticks.published);
    const ports = { clock, gateway: { meter, stats }, endpoints: ENDPOINTS };
    const { got } = follow('channels', channelsSource(ports), clock);
    const pace = follow('pace', paceSource(ports), clock);
    for (let n = 0; n < 50; n += 1) meter.replied(meter.received());
    meter.rejected('BUSY');
    await clock.advance(1_200);
    expect(got.at(-1)).toMatchObject({
      command: {
        requests: 50,
        rejects: 1,
        requests_per_s: 50,
        rejects_per_s: 1,
        trades_in_flight: 2,
        last_ms_ago: 1_000,
      },
      data: { ticks: 12, ticks_per_s: 12, subscriptions: 3 },
      events: { endpoint: ENDPOINTS.events, published: 4 },
    });
    await clock.advance(3_000);
    expect(got.at(-1)?.command).toMatchObject({ requests: 50, requests_per_s: 0 });
    expect(pace.got.at(-1)?.map(({ requests }) => requests)).toEqual([50, 0, 0, 0]);
    const sent = got.length;
    await clock.advance(60_000);
    expect(got.length).toBe(sent);
  });
});

const ACCOUNT: Account = {
  ...{ login: 2n ** 60n, server: 'Broker-Live', name: 'A', company: 'B', currency: 'USD', leverage: 100, mode: 'REAL' },
  ...{ marginMode: 'NETTING', balance: 1_000, credit: 0, profit: 5, equity: 1_005, margin: 10, marginFree: 995 },
  ...{ marginLevel: 10_050, marginCallLevel: 50, marginStopOutLevel: 30, tradeAllowed: true, tradeExpert: true },
  limitOrders: 200,
};

describe('account and book on a screen', () => {
  it('begin empty, and come as soon as the terminal has answered', async () => {
    const clock = new SimulatedClock();
    const terminal = Object.assign(new FakeTerminal(clock), {
      account: () => Promise.resolve({ ok: true, value: ACCOUNT } as const),
    });
    const { got } = follow('account', accountSource({ clock, terminal }), clock);
    await clock.advance(200);
    expect(got[0]).toEqual({ account: null, asked_ms_ago: null, fault: null });
    expect(got.at(-1)?.account).toMatchObject({ login: '1152921504606846976', mode: 'REAL', margin_free: 995 });
  });

  it('tell apart what this gateway has opened and what others have, with the decimals of each symbol', async () => {
    const clock = new SimulatedClock();
    const terminal = new FakeTerminal(clock);
    terminal.open({ symbol: 'USDJPY', magic: 7n });
    terminal.place({ symbol: 'EURUSD' });
    const ports = {
      ...{ clock, terminal },
      isOwn: ({ magic }: { magic: bigint }) => magic === 7n,
      digitsOf: (symbol: string) => (symbol === 'USDJPY' ? 3 : null),
    };
    const { got } = follow('book', bookSource(ports), clock);
    await clock.advance(200);
    expect(got.at(-1)?.positions).toMatchObject([{ symbol: 'USDJPY', own: true, digits: 3 }]);
    expect(got.at(-1)?.orders).toMatchObject([{ symbol: 'EURUSD', own: false, digits: 5, type: 'BUY_LIMIT' }]);
  });

  it('show a new position within a tenth of a second of its transaction', async () => {
    const clock = new SimulatedClock();
    const terminal = new FakeTerminal(clock);
    const ports = { clock, terminal, isOwn: () => false, digitsOf: () => 5 };
    const { got } = follow('book', bookSource(ports), clock);
    await clock.advance(1_500);
    terminal.transact({ kind: 'POSITION_OPENED', position: terminal.open() });
    await clock.advance(100);
    expect(got.at(-1)?.positions).toHaveLength(1);
  });
});

describe('quotes on a screen', () => {
  it('are the latest of each symbol in the order that is shown, and streamed only while somebody looks', async () => {
    const clock = new SimulatedClock();
    const ticks = new Listeners<readonly Tick[]>();
    let screens = 0;
    const gateway = {
      shownSymbols: () => ['XAUUSD', 'EURUSD'],
      digitsOf: () => 2,
      streamForScreen: () => {
        screens += 1;
        return () => void (screens -= 1);
      },
    };
    const source = quoteSource({ clock, gateway, terminal: { onTicks: (listener) => ticks.add(listener) } });
    const { got, end } = follow('quotes', source, clock);
    expect([got, screens]).toEqual([[[]], 1]);
    const tick = (symbol: string, bid: number) =>
      ({ symbol, bid, ask: bid + 1, last: 0, volume: 0, timeMsc: 5, flags: 6 }) as const;
    ticks.tell([tick('GBPUSD', 3), tick('EURUSD', 1)]);
    ticks.tell([tick('EURUSD', 2), tick('XAUUSD', 9)]);
    await clock.advance(150);
    expect(got.at(-1)?.map(({ symbol, bid }) => [symbol, bid])).toEqual([
      ['XAUUSD', 9],
      ['EURUSD', 2],
      ['GBPUSD', 3],
    ]);
    end();
    expect(screens).toBe(0);
  });
});

describe('brains on a screen', () => {
  it('are told at most twice a second', async () => {
    const clock = new SimulatedClock();
    let requests = 0;
    const alpha = (): ClientView => ({
      ...{ name: 'alpha', firstSeenMs: 1, lastSeenMs: clock.nowMs(), requests: (requests += 1), rejects: 0 },
      ...{ topReject: null, lastAction: 'HEARTBEAT', clockOffsetMs: 0.5 },
    });
    const ports = {
      clock,
      gateway: { clients: () => [alpha()], openSearches: () => [] },
      safeguards: { leases: { views: () => [] } },
    };
    const { got } = follow('clients', clientSource(ports), clock);
    await clock.advance(10_000);
    expect(got.length).toBeGreaterThanOrEqual(19);
    expect(got.length).toBeLessThanOrEqual(21);
  });
});

describe('the audit log on a screen', () => {
  const row = { type: 'MODE_CHANGED', tsUtcUs: 1, tsMonoUs: 1, actorKind: 'gateway', actor: 'gateway' } as const;

  it('shows each new head, and a fault until a row is written again', async () => {
    const clock = new SimulatedClock();
    const audit = new MemoryAuditLog();
    const fault = new AuditFault(audit);
    const integrity = { kind: 'unverified' } as const;
    const ports = { clock, audit, fault: () => fault.now, integrity: () => integrity };
    const { got } = follow('audit', auditSource(ports), clock);
    const write = async () => {
      await audit.append([row]);
      await clock.advance(300);
    };
    await write();
    audit.breakDown({ message: 'the disk is full' });
    await write();
    audit.repair();
    await write();
    expect(got.map(({ head, fault: why }) => [head.seq, why])).toEqual([
      [0, null],
      [1, null],
      [1, 'the disk is full'],
      [2, null],
    ]);
  });
});
