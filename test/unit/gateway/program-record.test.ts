import { describe, expect, it } from 'vitest';
import { lookFor } from '../../../main/gateway/evidence.ts';
import type { Finding, Search, Sought } from '../../../main/gateway/search.ts';
import type { History, Query, RecordedCall, Traces, TradeResult } from '../../../main/mt5/handler.ts';
import type { Deal } from '../../../main/mt5/market.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

const TAG = 'abcdefghijkl';
const SUBJECT = { symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volumeLots: 0.1, magic: 7n, tag: TAG } as const;
const POSITION = {
  ticket: toTicket(900),
  positionId: toTicket(900),
  symbol: 'EURUSD',
  side: 'BUY',
  magic: 7n,
} as const;

class TracedTerminal extends FakeTerminal {
  readonly #traces: Partial<Traces>;

  constructor(traces: Partial<Traces>) {
    super(new SimulatedClock());
    this.#traces = traces;
  }

  override find(): Promise<Query<Traces>> {
    const nothing = { complete: true, positions: [], pending: [], orders: [], deals: [], recorded: [] };
    return Promise.resolve({ ok: true, value: { ...nothing, ...this.#traces } });
  }

  override history(): Promise<Query<History>> {
    return Promise.resolve({ ok: true, value: { orders: [], deals: [] } });
  }
}

function lookedFor(sought: Sought, traces: Partial<Traces>): Promise<Finding> {
  const search: Search = { ...sought, reqId: 'a', client: 'alpha', receivedAtMs: 0, lostAtMs: 1_000 };
  return lookFor(search, new TracedTerminal(traces));
}

function recorded(change: Partial<TradeResult> = {}): RecordedCall {
  const tickets = { order: toTicket(900), deal: toTicket(901), position: toTicket(900) };
  const filled = { retcode: 10_009, message: '', volumeLots: 0.1, price: 1.1, bid: 1.1, ask: 1.1 };
  return { result: { ...tickets, ...filled, ...change } };
}

describe("the terminal program's own record", () => {
  const order = { kind: 'open', subject: SUBJECT } as const;

  it.each([
    ['done', recorded(), 'DONE', 900n],
    ['done in part', recorded({ retcode: 10_010, volumeLots: 0.05 }), 'PARTIAL', 900n],
    ['placed', recorded({ retcode: 10_008, position: toTicket(0), order: toTicket(905) }), 'PLACED', 905n],
  ])('proves an order %s whose tag the broker has taken away', async (_how, call, state, ticket) => {
    const finding = await lookedFor(order, { recorded: [call] });
    expect(finding).toMatchObject({
      kind: 'proof',
      ending: { state, answer: { status: 'SUCCESS', data: { ticket } } },
    });
  });

  it('proves a refusal, with its retcode', async () => {
    const refused = recorded({ retcode: 10_019, volumeLots: 0 });
    const finding = await lookedFor(order, { recorded: [refused] });
    expect(finding).toMatchObject({ kind: 'proof', ending: { state: 'REJECTED', answer: { retcode: 10_019 } } });
  });

  it('that was refused first and done at the second try proves that it was done', async () => {
    const finding = await lookedFor(order, { recorded: [recorded({ retcode: 10_004 }), recorded()] });
    expect(finding).toMatchObject({ kind: 'proof', ending: { state: 'DONE' } });
  });

  it.each([
    ['without a result', { result: null }],
    ['that is ambiguous itself', recorded({ retcode: 10_012 })],
  ])('%s proves nothing', async (_how, call) => {
    expect(await lookedFor(order, { recorded: [call] })).toEqual({ kind: 'nothing' });
    expect(await lookedFor(order, { recorded: [call], complete: false })).toMatchObject({ kind: 'unclear' });
  });

  it('of a close says done where the position had gone already', async () => {
    const close = { kind: 'close', subject: { ...SUBJECT, ticket: toTicket(900) }, positionId: toTicket(900) } as const;
    const gone = recorded({ retcode: 10_036, volumeLots: 0, deal: toTicket(0) });
    expect(await lookedFor(close, { recorded: [gone] })).toMatchObject({ kind: 'proof', ending: { state: 'DONE' } });
    expect(await lookedFor(order, { recorded: [gone] })).toMatchObject({ ending: { state: 'REJECTED' } });
  });

  it('of a CLOSE_ALL tells of each position what was closed', async () => {
    const other = { ...POSITION, ticket: toTicket(910), positionId: toTicket(910), volumeLots: 0.2 };
    const positions = [{ ...POSITION, volumeLots: 0.1 }, other];
    const closeAll = { kind: 'close-all', tag: TAG, positions, ended: [] } as const;
    const both = [recorded(), recorded({ position: toTicket(910), volumeLots: 0.2 })];
    expect(await lookedFor(closeAll, { recorded: both })).toMatchObject({ kind: 'proof', ending: { state: 'DONE' } });
    expect(await lookedFor(closeAll, { recorded: both.slice(1) })).toMatchObject({
      kind: 'part',
      ending: { state: 'PARTIAL', answer: { data: { positions_closed: 1, total_positions: 2 } } },
    });
  });
});

describe('an order of unknown outcome that turned a netted position over', () => {
  it("is found under the order's ticket, which the position has now", async () => {
    const deal: Deal = {
      ...{ ticket: toTicket(951), order: toTicket(950), position: toTicket(900), symbol: 'EURUSD', side: 'BUY' },
      ...{ entry: 'INOUT', reason: 'EXPERT', volumeLots: 0.1, price: 1.1, profit: 0, commission: 0, swap: 0 },
      ...{ magic: 7n, comment: `~${TAG}`, atMs: 1 },
    };
    const finding = await lookedFor({ kind: 'open', subject: SUBJECT }, { deals: [deal] });
    expect(finding).toMatchObject({ kind: 'proof', ending: { answer: { data: { ticket: 950n, position: 950n } } } });
  });
});
