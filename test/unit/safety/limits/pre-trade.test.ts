import { describe, expect, it } from 'vitest';
import type { FabricEvent } from '../../../../main/protocol/events.ts';
import type { OpenOrder } from '../../../../main/protocol/payloads.ts';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import { NO_LIMITS, type LimitSettings } from '../../../../main/safety/limits/limit-settings.ts';
import { PreTrade } from '../../../../main/safety/limits/pre-trade.ts';
import type { Admission } from '../../../../main/safety/safety-port.ts';
import { FakeSafety } from '../../../fakes/fake-safety.ts';
import { FakeTerminal } from '../../../fakes/fake-terminal.ts';
import { MemoryAuditLog } from '../../../fakes/memory-audit-log.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';
import { settle, SimulatedClock } from '../../../fakes/simulated-clock.ts';

const ORDER: OpenOrder = { symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volume: 0.1 };

function rig(settings: Partial<LimitSettings>) {
  const clock = new SimulatedClock();
  const terminal = new FakeTerminal(clock);
  const safety = new FakeSafety(clock);
  const audit = new MemoryAuditLog();
  const events: FabricEvent[] = [];
  const announce = (event: FabricEvent) => void events.push(event);
  const limits = new PreTrade({ clock, terminal, safety, audit, announce }, { ...NO_LIMITS, ...settings });
  const admit = (order: Partial<OpenOrder> = {}, client = 'alpha') => limits.admit({ ...ORDER, ...order }, client);
  const admitMany = async (count: number, order: Partial<OpenOrder> = {}) =>
    Promise.all(Array.from({ length: count }, () => admit(order)));
  return { clock, terminal, safety, audit, events, limits, admit, admitMany };
}

/** The refusal of an admission; throws where it was admitted. */
function refusalOf(admission: Admission) {
  if (admission.admitted) throw new Error('it was admitted');
  return admission.refusal;
}

function end(admission: Admission | undefined) {
  if (admission?.admitted !== true) throw new Error('it was not admitted');
  admission.ended();
}

const verdicts = (admissions: readonly Admission[]) => admissions.map(({ admitted }) => admitted);

describe('PreTrade without limits', () => {
  it('admits everything without asking the terminal', async () => {
    const { terminal, safety, events, limits, admitMany } = rig({});
    expect(verdicts(await admitMany(100, { volume: 1_000 }))).not.toContain(false);
    for (let n = 0; n < 100; n += 1) limits.rejected('alpha');
    expect(terminal.calls).toEqual([]);
    expect(safety.triggers).toEqual([]);
    expect(events).toEqual([]);
  });

  it('does not ask the terminal for limits that need no book', async () => {
    const { terminal, admit } = rig({ orderVolume: 1, ordersPerMinute: 10, rejectsPerMinute: 10 });
    await admit();
    expect(terminal.calls).toEqual([]);
  });
});

describe('volume of an order', () => {
  it('is admitted up to the limit, also where it is a binary sum', async () => {
    const { admit } = rig({ orderVolume: 0.3 });
    expect((await admit({ volume: 0.3 })).admitted).toBe(true);
    expect((await admit({ volume: 0.1 + 0.2 })).admitted).toBe(true);
  });

  it('is refused above it, naming both figures', async () => {
    const { admit, safety } = rig({ orderVolume: 0.3 });
    const refused = refusalOf(await admit({ volume: 0.31 }));
    expect(refused.code).toBe('RISK_LIMIT');
    expect(refused.message).toContain('an order of 0.31 lots is above the limit of 0.3 lots');
    expect(safety.triggers).toEqual([]);
  });
});

describe('orders a minute', () => {
  it('refuses the order that exceeds the limit and halts, once, keeping positions', async () => {
    const { admitMany, safety } = rig({ ordersPerMinute: 5 });
    const admissions = await admitMany(8);
    expect(verdicts(admissions)).toEqual([true, true, true, true, true, false, false, false]);
    expect(refusalOf(admissions[5]!).code).toBe('RISK_LIMIT');
    expect(refusalOf(admissions[5]!).message).toContain('6 orders within a minute, the limit is 5');
    expect(safety.triggers).toHaveLength(1);
    expect(safety.triggers[0]).toMatchObject({ kind: 'LIMIT', mode: 'HALTED', flatten: 'none', actor: 'gateway' });
    expect(safety.triggers[0]?.standing ?? false).toBe(false);
    expect(safety.triggers[0]?.reason).toContain('client alpha');
  });

  it('counts a sliding minute: an order that is 60 s old counts no more', async () => {
    const { clock, admit, admitMany, safety } = rig({ ordersPerMinute: 2 });
    await admitMany(2);
    await clock.advance(59_999);
    expect(safety.triggers).toEqual([]);
    await clock.advance(1);
    expect((await admit()).admitted).toBe(true);
    expect((await admit()).admitted).toBe(true);
    expect((await admit()).admitted).toBe(false);
  });

  it('counts the orders of all clients together, and those that another limit refuses', async () => {
    const { admit, safety } = rig({ ordersPerMinute: 2, orderVolume: 1 });
    await admit({ volume: 2 }, 'alpha');
    await admit({ volume: 2 }, 'beta');
    await admit({}, 'gamma');
    expect(safety.triggers).toHaveLength(1);
    expect(safety.triggers[0]?.reason).toContain('client gamma');
  });

  it('is not confused by a change of the wall clock', async () => {
    const { clock, admit } = rig({ ordersPerMinute: 1 });
    await admit();
    clock.stepWall(3_600_000);
    expect((await admit()).admitted).toBe(false);
  });

  it('counts anew after a resume, and a second storm halts again', async () => {
    const { admit, admitMany, safety } = rig({ ordersPerMinute: 2 });
    await admitMany(3);
    safety.become('TRADING');
    expect((await admit()).admitted).toBe(true);
    expect((await admit()).admitted).toBe(true);
    expect(safety.triggers).toHaveLength(1);
    expect((await admit()).admitted).toBe(false);
    expect(safety.triggers).toHaveLength(2);
  });
});

describe('rejects a minute', () => {
  it('halts with the reject that exceeds the limit, once a storm', () => {
    const { limits, safety } = rig({ rejectsPerMinute: 3 });
    for (let n = 0; n < 3; n += 1) limits.rejected('alpha');
    expect(safety.triggers).toEqual([]);
    for (let n = 0; n < 3; n += 1) limits.rejected('alpha');
    expect(safety.triggers).toHaveLength(1);
    expect(safety.triggers[0]).toMatchObject({ kind: 'LIMIT', mode: 'HALTED', flatten: 'none' });
    expect(safety.triggers[0]?.reason).toContain('4 rejected orders within a minute, the limit is 3');
  });

  it('leaves admitted orders alone', async () => {
    const { limits, admit } = rig({ rejectsPerMinute: 1 });
    limits.rejected('alpha');
    expect((await admit()).admitted).toBe(true);
  });
});

describe('open positions on a hedging account', () => {
  it('admits the order that reaches the limit and refuses the next, naming both figures', async () => {
    const { terminal, admit } = rig({ openPositions: 2 });
    terminal.open();
    end(await admit());
    terminal.open();
    const refused = refusalOf(await admit());
    expect(refused.code).toBe('RISK_LIMIT');
    expect(refused.message).toContain('2 positions are open or on the way, the limit is 2');
  });

  it('counts positions of others too, and pending orders as positions to come', async () => {
    const { terminal, admit } = rig({ openPositions: 3 });
    terminal.open({ magic: 0n, comment: 'by hand' });
    terminal.place();
    end(await admit());
    terminal.place({ symbol: 'GBPUSD' });
    expect((await admit()).admitted).toBe(false);
  });

  it('counts an order that is filled in part once', async () => {
    const { terminal, admit } = rig({ openPositions: 2 });
    const position = terminal.open();
    terminal.place({ ticket: position.ticket, position: position.ticket, state: 'PARTIAL' });
    expect((await admit()).admitted).toBe(true);
  });

  it('lets no more through than there is room for, however many come at once', async () => {
    const { terminal, admitMany } = rig({ openPositions: 5 });
    terminal.latencyMs = 0;
    const admissions = await admitMany(10);
    expect(verdicts(admissions)).toEqual([...Array<boolean>(5).fill(true), ...Array<boolean>(5).fill(false)]);
  });

  it('counts one that ends while the book is being read: the reading may be older', async () => {
    const { clock, terminal, admit } = rig({ openPositions: 1 });
    const first = await admit();
    terminal.latencyMs = 50;
    const second = admit();
    end(first);
    await clock.advance(50);
    expect((await second).admitted).toBe(false);
  });

  it('gives the place back when the command has ended, and once only', async () => {
    const { admit } = rig({ openPositions: 1 });
    const first = await admit();
    expect((await admit()).admitted).toBe(false);
    end(first);
    const second = await admit();
    expect(second.admitted).toBe(true);
    end(first);
    expect((await admit()).admitted).toBe(false);
  });

  it('keeps no place for an order that it has refused', async () => {
    const { terminal, admit } = rig({ openPositions: 1 });
    const { ticket } = terminal.open();
    expect((await admit()).admitted).toBe(false);
    terminal.book.delete(ticket);
    expect((await admit()).admitted).toBe(true);
  });

  it('refuses what cannot be counted, with the code of the terminal', async () => {
    const { terminal, admit, safety } = rig({ openPositions: 1 });
    terminal.become({ linked: false });
    const refused = refusalOf(await admit());
    expect(refused.code).toBe('TERMINAL_DISCONNECTED');
    terminal.become({ linked: true });
    expect((await admit()).admitted).toBe(true);
    expect(safety.triggers).toEqual([]);
  });

  it('refuses what cannot be counted in time', async () => {
    const { clock, terminal, admit } = rig({ openPositions: 1 });
    terminal.latencyMs = 60_000;
    const asked = admit();
    await clock.advance(5_000);
    expect(refusalOf(await asked).code).toBe('TERMINAL_TIMEOUT');
  });
});

describe('open positions on a netting account', () => {
  function nettingRig(openPositions: number) {
    const made = rig({ openPositions });
    made.terminal.become({ marginMode: 'NETTING' });
    return made;
  }

  it('admits what adds to, reduces or turns round a position that is there, also at the limit and beyond', async () => {
    const { terminal, admit } = nettingRig(1);
    terminal.open({ symbol: 'EURUSD', side: 'BUY' });
    terminal.open({ symbol: 'GBPUSD' });
    expect((await admit({ side: 'SELL', volume: 0.05 })).admitted).toBe(true);
    expect((await admit({ side: 'SELL', volume: 5 })).admitted).toBe(true);
    expect((await admit({ side: 'BUY' })).admitted).toBe(true);
  });

  it('refuses an order of another symbol at the limit', async () => {
    const { terminal, admit } = nettingRig(1);
    terminal.open({ symbol: 'GBPUSD' });
    expect(refusalOf(await admit()).message).toContain('1 position is open or on the way, the limit is 1');
  });

  it('counts several orders of one symbol that come at once as one position', async () => {
    const { admit, admitMany } = nettingRig(2);
    expect(verdicts(await admitMany(10))).not.toContain(false);
    expect((await admit({ symbol: 'GBPUSD' })).admitted).toBe(true);
    expect((await admit({ symbol: 'USDJPY' })).admitted).toBe(false);
  });

  it('counts a pending order as the position of its symbol', async () => {
    const { terminal, admit } = nettingRig(1);
    terminal.place({ symbol: 'GBPUSD' });
    expect((await admit({ symbol: 'GBPUSD' })).admitted).toBe(true);
    expect((await admit({ symbol: 'EURUSD' })).admitted).toBe(false);
  });

  it('holds on the paper broker over a position that is turned round', async () => {
    const paper = await PaperRig.start({ marginMode: 'NETTING' });
    const { clock, terminal } = paper;
    const safety = new FakeSafety(clock);
    const ports = { clock, terminal, safety, audit: new MemoryAuditLog(), announce: () => {} };
    const limits = new PreTrade(ports, { ...NO_LIMITS, openPositions: 1 });
    await paper.send({ side: 'BUY', volumeLots: 0.1 });
    const turn = await limits.admit({ ...ORDER, side: 'SELL', volume: 0.3 }, 'alpha');
    await paper.send({ side: 'SELL', volumeLots: 0.3 });
    end(turn);
    expect(await paper.positions()).toMatchObject([{ side: 'SELL', volumeLots: 0.2 }]);
    expect((await limits.admit({ ...ORDER, symbol: 'GBPUSD' }, 'alpha')).admitted).toBe(false);
  });
});

describe('warnings before a trade', () => {
  it('come at 50, 75 and 90 % of the orders a minute, as event and row', async () => {
    const { admit, events, audit } = rig({ ordersPerMinute: 10 });
    for (let n = 0; n < 10; n += 1) await admit();
    await settle();
    const told = events.map(({ data }) => [data['limit'], data['level_percent'], data['value'], data['limit_value']]);
    expect(told).toEqual([
      ['ORDERS_PER_MINUTE', 50, 5, 10],
      ['ORDERS_PER_MINUTE', 75, 8, 10],
      ['ORDERS_PER_MINUTE', 90, 9, 10],
    ]);
    expect(audit.types()).toEqual(['LIMIT_WARNING', 'LIMIT_WARNING', 'LIMIT_WARNING']);
  });

  it('come once for open positions, and for rejects and volume as well', async () => {
    const { terminal, limits, admit, events } = rig({ openPositions: 4, rejectsPerMinute: 2, orderVolume: 0.2 });
    terminal.open({ ticket: toTicket(1) });
    end(await admit());
    end(await admit());
    limits.rejected('alpha');
    expect(events.map(({ data }) => [data['limit'], data['level_percent']])).toEqual([
      ['ORDER_VOLUME', 50],
      ['OPEN_POSITIONS', 50],
      ['REJECTS_PER_MINUTE', 50],
    ]);
  });
});
