import { describe, expect, it } from 'vitest';
import type { TradeOutcome } from '../../../main/mt5/handler.ts';
import type { Fault } from '../../../main/mt5/paper/paper-options.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { answered, LOST } from '../../fakes/fake-terminal.ts';
import { Rig } from './rig.ts';

const LOST_AND_DONE: Fault = { kind: 'lose', executed: true };
const NOT_DONE: Fault = { kind: 'lose', executed: false };

/** A rig on paper with these volumes of EURUSD bought. */
async function holding(...volumes: readonly number[]) {
  const { rig, paper } = await Rig.onPaper();
  const tickets = [];
  for (const volumeLots of volumes) tickets.push((await paper.send({ volumeLots })).position);
  const closeAll = (payload: object = {}, reqId = 'all') => rig.ask('CLOSE_ALL', { payload, reqId });
  return { rig, paper, tickets, closeAll };
}

describe('CLOSE_ALL', () => {
  it('closes every position in one command, and leaves pending orders alone', async () => {
    const { rig, paper, tickets, closeAll } = await holding(0.1, 0.2, 0.3, 0.4, 0.5);
    await paper.send({ type: 'LIMIT', price: 1.09 });
    const { answer } = await closeAll();
    expect(answer).toMatchObject({
      status: 'SUCCESS',
      data: {
        status: 'SUCCESS',
        positions_closed: 5,
        total_positions: 5,
        tickets: tickets.map((ticket, at) => ({
          ticket: Number(ticket),
          symbol: 'EURUSD',
          state: 'CLOSED',
          volume: (at + 1) / 10,
          price: 1.1,
          retcode: RETCODE.DONE,
        })),
      },
    });
    expect(await paper.positions()).toEqual([]);
    expect(await paper.orders()).toHaveLength(1);
    expect(rig.statuses('all')).toEqual(['ACCEPTED', 'DISPATCHING', 'DONE']);
  });

  it('closes only what the filter names', async () => {
    const { paper, closeAll } = await holding(0.1);
    await paper.send({ symbol: 'USDJPY', magic: 5n });
    await paper.send({ symbol: 'USDJPY', magic: 6n });
    expect((await closeAll({ symbol: 'USDJPY', magic: 5 }, 'a')).answer.data).toMatchObject({ total_positions: 1 });
    expect((await paper.positions()).map(({ symbol, magic }) => [symbol, magic])).toEqual([
      ['EURUSD', 7n],
      ['USDJPY', 6n],
    ]);
    expect((await closeAll({ magic: 6 }, 'b')).answer.data).toMatchObject({ positions_closed: 1 });
  });

  it('of an empty account is SUCCESS with nothing', async () => {
    const { closeAll } = await holding();
    const { answer } = await closeAll();
    expect(answer.data).toEqual({ status: 'SUCCESS', positions_closed: 0, total_positions: 0, tickets: [] });
  });

  it('runs once: the same request again gets the recorded reply', async () => {
    const { paper, closeAll } = await holding(0.1);
    const first = await closeAll();
    await paper.send();
    expect((await closeAll()).answer).toMatchObject({ duplicate: true, data: first.answer.data });
    expect(await paper.positions()).toHaveLength(1);
  });

  it('records the filter with the intent and every ticket with its volume before the first is closed', async () => {
    const { rig, tickets, closeAll } = await holding(0.1, 0.2);
    await closeAll({ symbol: 'EURUSD' });
    const [intent, dispatch] = rig.audit.rows.filter(({ reqId }) => reqId === 'all');
    expect(intent).toMatchObject({ type: 'INTENT', symbol: 'EURUSD', payload: '{"symbol":"EURUSD"}' });
    expect(intent?.tag).toMatch(/^[a-z2-7]{12}$/);
    expect(JSON.parse(dispatch?.payload ?? '')).toMatchObject({
      positions: [
        { ticket: Number(tickets[0]), volume: 0.1, symbol: 'EURUSD', side: 'BUY' },
        { ticket: Number(tickets[1]), volume: 0.2 },
      ],
    });
  });

  it('of which the broker refuses some is SUCCESS and PARTIAL, and says what is still open and why', async () => {
    const { rig, paper, tickets, closeAll } = await holding(0.1, 0.2, 0.3);
    const next: Fault[] = [
      { kind: 'none' },
      { kind: 'refuse', retcode: RETCODE.REJECT },
      { kind: 'fill-part', share: 0.5 },
    ];
    paper.terminal.inject({ next });
    const { answer } = await closeAll();
    expect(answer).toMatchObject({
      status: 'SUCCESS',
      data: {
        status: 'PARTIAL',
        positions_closed: 1,
        total_positions: 3,
        tickets: [
          { state: 'CLOSED', volume: 0.1 },
          { ticket: Number(tickets[1]), state: 'REJECTED', volume: 0, code: 'REJECTED', retcode: RETCODE.REJECT },
          { ticket: Number(tickets[2]), state: 'PARTIAL', volume: 0.15 },
        ],
      },
    });
    expect(rig.statuses('all').at(-1)).toBe('PARTIAL');
    expect((await paper.positions()).map(({ volumeLots }) => volumeLots)).toEqual([0.2, 0.15]);
  });

  it('of which nothing is closed is the ERROR of the first', async () => {
    const { rig, paper, closeAll } = await holding(0.1, 0.2);
    paper.terminal.inject({ closedMarkets: ['EURUSD'] });
    const { answer } = await closeAll();
    expect(answer).toMatchObject({ status: 'ERROR', code: 'REJECTED', retcode: RETCODE.MARKET_CLOSED });
    expect(answer.data).toMatchObject({ positions_closed: 0, total_positions: 2 });
    expect(rig.statuses('all').at(-1)).toBe('REJECTED');
  });

  it('a position that closes by itself meanwhile counts as closed', async () => {
    const { paper, closeAll } = await holding(0.1);
    paper.terminal.inject({ next: [{ kind: 'refuse', retcode: RETCODE.POSITION_CLOSED }] });
    expect((await closeAll()).answer.data).toMatchObject({
      status: 'SUCCESS',
      tickets: [{ state: 'CLOSED', volume: 0 }],
    });
  });

  it('runs in REDUCE_ONLY, not in HALTED', async () => {
    const { rig, paper, closeAll } = await holding(0.1);
    rig.safety.become('REDUCE_ONLY');
    expect((await closeAll({}, 'a')).answer.status).toBe('SUCCESS');
    await paper.send({}, { epoch: 99, validUntilMonoMs: Infinity });
    rig.safety.become('HALTED');
    expect((await closeAll({}, 'b')).answer.code).toBe('KILL_SWITCH_ENGAGED');
    expect(await paper.positions()).toHaveLength(1);
  });
});

/** A rig on the fake terminal with `count` positions, whose closes end when the test says. */
function withHeldCloses(count: number, concurrency: number) {
  const rig = new Rig();
  rig.terminal.concurrency = concurrency;
  const ends: ((outcome: TradeOutcome) => void)[] = [];
  for (let at = 0; at < count; at += 1) rig.terminal.open({ ticket: toTicket(100 + at) });
  rig.terminal.everyClose = () => new Promise((resolve) => ends.push(resolve));
  return { rig, ends };
}

describe('the closes of a CLOSE_ALL', () => {
  it('are under way as many at once as the terminal works on, in one slot of the window', async () => {
    const { rig, ends } = withHeldCloses(5, 2);
    await rig.ask('CLOSE_ALL');
    expect(rig.terminal.closes).toHaveLength(2);
    expect(rig.core.lane.inFlight).toBe(1);
    ends[0]?.(answered(RETCODE.DONE, { volumeLots: 0.1 }));
    await rig.settle();
    expect(rig.terminal.closes.map(({ ticket }) => Number(ticket))).toEqual([100, 101, 102]);
  });

  it('carry the tag of the command and the magic of their position', async () => {
    const rig = new Rig();
    rig.terminal.open({ magic: 5n });
    rig.terminal.open({ magic: 6n });
    await rig.ask('CLOSE_ALL', { payload: { deviation: 3 }, reqId: 'all' });
    const tag = rig.audit.rows.find(({ reqId }) => reqId === 'all')?.tag;
    expect(rig.terminal.closes).toMatchObject([
      { magic: 5n, comment: `~${tag}`, deviationPoints: 3 },
      { magic: 6n, comment: `~${tag}`, deviationPoints: 3 },
    ]);
  });

  it('pass the gate each: after a halt none is written any more, and the reply tells which were not', async () => {
    const { rig, ends } = withHeldCloses(3, 1);
    const asked = await rig.ask('CLOSE_ALL', { reqId: 'all' });
    rig.safety.become('HALTED');
    ends[0]?.(answered(RETCODE.DONE, { volumeLots: 0.1 }));
    await rig.settle();
    expect(rig.terminal.closes).toHaveLength(1);
    expect(asked.answer.data).toMatchObject({
      status: 'PARTIAL',
      positions_closed: 1,
      tickets: [{ state: 'CLOSED' }, { state: 'REJECTED', code: 'KILL_SWITCH_ENGAGED' }, { state: 'REJECTED' }],
    });
    expect(rig.statuses('all').at(-1)).toBe('PARTIAL');
  });

  it('go on under the new epoch when trading is only reduced meanwhile', async () => {
    const { rig, ends } = withHeldCloses(2, 1);
    await rig.ask('CLOSE_ALL');
    rig.safety.become('REDUCE_ONLY');
    ends[0]?.(answered(RETCODE.DONE, { volumeLots: 0.1 }));
    await rig.settle();
    expect(rig.terminal.closes.map(({ epoch }) => epoch)).toEqual([7, 8]);
  });

  it('are not cut off by the age of a command that started in time', async () => {
    const { rig, ends } = withHeldCloses(2, 1);
    const fences: number[] = [];
    const close = rig.terminal.close.bind(rig.terminal);
    rig.terminal.close = (order, fence) => {
      fences.push(fence.validUntilMonoMs - rig.clock.monoMs());
      return close(order, fence);
    };
    await rig.ask('CLOSE_ALL', { reqId: 'all' });
    await rig.clock.advance(60_000);
    ends[0]?.(answered(RETCODE.DONE, { volumeLots: 0.1 }));
    await rig.settle();
    ends[1]?.(answered(RETCODE.DONE, { volumeLots: 0.1 }));
    await rig.settle();
    expect(fences).toEqual([5_000, 5_000]);
    expect(await rig.known('all')).toMatchObject({ state: 'DONE', data: { positions_closed: 2 } });
  });

  it('one that fails inside the gateway halts, is searched for, and leaves the outcome of the others', async () => {
    const rig = new Rig();
    rig.terminal.open();
    rig.terminal.closeScripts.push(() => Promise.reject(new Error('the link broke')));
    const asked = await rig.ask('CLOSE_ALL', { reqId: 'all' });
    expect(asked.answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(rig.safety.triggers).toMatchObject([{ kind: 'EXCEPTION', mode: 'HALTED' }]);
  });
});

describe('a CLOSE_ALL with a lost answer', () => {
  it('is PENDING, then told by the deals that carry its tag', async () => {
    const { rig, paper, closeAll } = await holding(0.1, 0.2, 0.3);
    paper.terminal.inject({ next: [{ kind: 'none' }, LOST_AND_DONE, { kind: 'none' }] });
    const { answer } = await closeAll();
    expect(answer).toMatchObject({ status: 'PENDING', code: 'OUTCOME_UNKNOWN' });
    expect(answer.error).toContain('1 of 3');
    expect(rig.core.lane.inFlight).toBe(1);
    await rig.clock.advance(1);
    expect(await rig.known('all')).toMatchObject({
      state: 'DONE',
      data: { status: 'SUCCESS', positions_closed: 3, total_positions: 3 },
    });
    expect(rig.events.some(({ event, data }) => event === 'COMMAND' && data['req_id'] === 'all')).toBe(true);
  });

  it('of which one did not happen is PARTIAL after three looks; what the broker refused keeps its reason', async () => {
    const { rig, paper, tickets, closeAll } = await holding(0.1, 0.2, 0.3);
    paper.terminal.inject({ next: [{ kind: 'refuse', retcode: RETCODE.REJECT }, NOT_DONE, { kind: 'none' }] });
    await closeAll();
    await rig.clock.advance(300);
    expect(await rig.known('all')).toMatchObject({ state: 'UNKNOWN' });
    await rig.clock.advance(2_000);
    const known = await rig.known('all');
    expect(known).toMatchObject({
      state: 'PARTIAL',
      status: 'SUCCESS',
      data: { status: 'PARTIAL', positions_closed: 1 },
    });
    const states = (known['data'] as { tickets: { ticket: number; state: string; code?: string }[] }).tickets;
    expect(new Map(states.map(({ ticket, state, code }) => [ticket, [state, code]]))).toEqual(
      new Map([
        [Number(tickets[0]), ['REJECTED', 'REJECTED']],
        [Number(tickets[1]), ['REJECTED', 'TERMINAL_TIMEOUT']],
        [Number(tickets[2]), ['CLOSED', undefined]],
      ]),
    );
  });

  it('of which nothing happened at all is ERROR: it did not happen', async () => {
    const { rig, paper, closeAll } = await holding(0.1);
    paper.terminal.inject({ next: [NOT_DONE] });
    await closeAll();
    await rig.clock.advance(2_000);
    expect(await rig.known('all')).toMatchObject({ state: 'EXPIRED', status: 'ERROR', code: 'TERMINAL_TIMEOUT' });
  });

  it('with a deal of the position that carries no tag stays UNKNOWN: a person decides', async () => {
    const rig = new Rig();
    const { ticket } = rig.terminal.open();
    rig.terminal.closeScripts.push(() => {
      rig.terminal.deal({ position: ticket, entry: 'OUT', comment: 'broker says', atMs: rig.clock.nowMs() });
      return LOST;
    });
    await rig.ask('CLOSE_ALL', { reqId: 'all' });
    await rig.clock.advance(600_000);
    expect(rig.statuses('all').at(-1)).toBe('UNKNOWN');
    expect(rig.core.lane.inFlight).toBe(1);
  });

  it('in a history that is not complete stays UNKNOWN', async () => {
    const rig = new Rig();
    rig.terminal.isHistoryComplete = false;
    rig.terminal.open();
    rig.terminal.closeScripts.push(() => LOST);
    await rig.ask('CLOSE_ALL', { reqId: 'all' });
    await rig.clock.advance(600_000);
    expect(rig.statuses('all').at(-1)).toBe('UNKNOWN');
  });
});

describe('a crash in the middle of a CLOSE_ALL', () => {
  it('is settled at the next start by the tag: what was closed was closed, the rest was not', async () => {
    const { rig: before, paper, closeAll } = await holding(0.1, 0.2, 0.3, 0.4, 0.5);
    const close = paper.terminal.close.bind(paper.terminal);
    let closes = 0;
    paper.terminal.close = async (...call) => {
      closes += 1;
      if (closes <= 2) await close(...call);
      return new Promise(() => {});
    };
    await closeAll();
    const rig = before.restarted();
    expect(await rig.recovered()).toEqual({ expired: 0, executed: 1, notExecuted: 0, unknown: 0 });
    const again = await rig.ask('CLOSE_ALL', { reqId: 'all' });
    expect(again.answer).toMatchObject({
      status: 'SUCCESS',
      duplicate: true,
      data: { status: 'PARTIAL', positions_closed: 2, total_positions: 5 },
    });
    expect(await paper.positions()).toHaveLength(3);
    expect(closes).toBe(4);
  });
});
