import { onTestFinished, describe, expect, it } from 'vitest';
import { BookWatch } from '../../../main/gateway/book-watch.ts';
import { isOwn } from '../../../main/gateway/trade-marks.ts';
import type { Log } from '../../../main/log.ts';
import type { Mt5Handler } from '../../../main/mt5/handler.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { FakeSafety } from '../../fakes/fake-safety.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';
import { MemoryAuditLog } from '../../fakes/memory-audit-log.ts';
import { PaperRig } from '../../fakes/paper-rig.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

const MAGIC_BASE = 5_550_000;
const OURS = 5_550_007n;
const TAG = 'abcdefghijkl';
const TAGGED = `mine~${TAG}`;
const SETTLE_MS = 2_000;
const MINUTE_MS = 60_000;

interface Parts<T> {
  readonly clock?: SimulatedClock;
  readonly terminal?: T;
  readonly audit?: MemoryAuditLog;
}

/** A watch on a terminal, and what it does. */
function rig<T extends Mt5Handler = FakeTerminal>(parts: Parts<T> = {}) {
  const clock = parts.clock ?? new SimulatedClock();
  const terminal = (parts.terminal ?? new FakeTerminal(clock)) as T;
  const audit = parts.audit ?? new MemoryAuditLog();
  const safety = new FakeSafety(clock);
  const lines: string[] = [];
  const note = (event: string) => void lines.push(event);
  const log: Log = { info: note, warn: note, error: note };
  const flight = { trades: 0 };
  const watch = new BookWatch({
    ...{ clock, terminal, audit, safety, log },
    isOwn: (item) => isOwn(item, MAGIC_BASE),
    tradesInFlight: () => flight.trades,
  });
  onTestFinished(() => watch.stop());
  const reasons = () => safety.triggers.map(({ reason }) => reason);
  return { clock, terminal, audit, safety, lines, flight, watch, reasons };
}

describe('a position or order with our mark that no row explains', () => {
  it('allows only closing, and is named', async () => {
    const { clock, terminal, safety, watch, reasons } = rig();
    const { ticket } = terminal.open({ magic: OURS, symbol: 'EURUSD' });
    watch.start();
    await clock.advance(SETTLE_MS);
    expect(safety.triggers).toMatchObject([
      { kind: 'RECONCILIATION', mode: 'REDUCE_ONLY', flatten: 'none', actor: 'gateway', standing: false },
    ]);
    expect(reasons()[0]).toContain(`position ${ticket} EURUSD`);
  });

  it.each([
    ['our magic number', { magic: OURS, comment: '' }],
    ['a tag of ours under a magic number of the client', { magic: 42n, comment: TAGGED }],
  ])('is found by %s', async (_by, marks) => {
    const { clock, terminal, safety, watch } = rig();
    terminal.place(marks);
    watch.start();
    await clock.advance(SETTLE_MS);
    expect(safety.triggers).toHaveLength(1);
  });

  it('is judged on two looks 2 s apart, not before', async () => {
    const { clock, terminal, safety, watch } = rig();
    terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(SETTLE_MS - 1);
    expect(safety.triggers).toEqual([]);
    await clock.advance(1);
    expect(safety.triggers).toHaveLength(1);
  });

  it('is nothing when its row comes between the two looks', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    const { ticket } = terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(1_000);
    await audit.append([outcome(keyOf('late'), { ticket: String(ticket) })]);
    await clock.advance(MINUTE_MS);
    expect(safety.triggers).toEqual([]);
  });

  it('is nothing when it is gone at the second look', async () => {
    const { clock, terminal, safety, watch } = rig();
    const { ticket } = terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(1_000);
    terminal.book.delete(ticket);
    await clock.advance(SETTLE_MS);
    terminal.open({ ticket, magic: OURS });
    await clock.advance(MINUTE_MS - SETTLE_MS - 1);
    expect(safety.triggers).toEqual([]);
  });

  it('is raised once, however long it is there', async () => {
    const { clock, terminal, safety, watch } = rig();
    terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(5 * MINUTE_MS);
    expect(safety.triggers).toHaveLength(1);
  });

  it('is raised together with the others of a look, the first ten by name', async () => {
    const { clock, terminal, safety, watch, reasons } = rig();
    for (let n = 0; n < 12; n += 1) terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(MINUTE_MS);
    expect(safety.triggers).toHaveLength(1);
    expect(reasons()[0]).toMatch(/(position \d+ EURUSD, ){9}position \d+ EURUSD and 2 more/);
  });

  it('is one thing as an order that is filled in part', async () => {
    const { clock, terminal, reasons, watch } = rig();
    const { ticket } = terminal.open({ magic: OURS });
    terminal.place({ ticket, position: ticket, magic: OURS });
    watch.start();
    await clock.advance(SETTLE_MS);
    expect(reasons()).toHaveLength(1);
    expect(reasons()[0]?.split(String(ticket))).toHaveLength(2);
  });
});

describe('what explains a position or order', () => {
  it('is a row with its tag', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    await audit.claim(keyOf('a'), [intent(keyOf('a'), { tag: TAG })]);
    terminal.open({ magic: OURS, comment: TAGGED });
    terminal.place({ magic: OURS, comment: TAGGED });
    watch.start();
    await clock.advance(2 * MINUTE_MS);
    expect(safety.triggers).toEqual([]);
  });

  it('is not the tag of an order that was told not to have happened: it did, late', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    await audit.claim(keyOf('a'), [intent(keyOf('a'), { tag: TAG })]);
    await audit.append([outcome(keyOf('a'), { status: 'EXPIRED' })]);
    terminal.open({ magic: OURS, comment: TAGGED });
    watch.start();
    await clock.advance(2 * MINUTE_MS);
    expect(safety.triggers).toMatchObject([{ kind: 'RECONCILIATION', mode: 'REDUCE_ONLY' }]);
  });

  it('is a row with its ticket, or with its identifier', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    await audit.append([outcome(keyOf('a'), { ticket: '11' }), outcome(keyOf('b'), { ticket: '12' })]);
    terminal.open({ magic: OURS, ticket: toTicket(11) });
    terminal.open({ magic: OURS, ticket: toTicket(99), identifier: toTicket(12) });
    watch.start();
    await clock.advance(2 * MINUTE_MS);
    expect(safety.triggers).toEqual([]);
  });

  it('is asked once for each: a ticket stays explained', async () => {
    const { clock, terminal, audit, watch } = rig();
    await audit.append([outcome(keyOf('a'), { ticket: '11' })]);
    let asked = 0;
    const knows = audit.knows.bind(audit);
    audit.knows = (mark) => {
      asked += 1;
      return knows(mark);
    };
    terminal.open({ magic: OURS, ticket: toTicket(11) });
    watch.start();
    await clock.advance(5 * MINUTE_MS);
    expect(asked).toBe(1);
  });

  it('is the ticket where the broker has rewritten the comment', async () => {
    const paper = await PaperRig.start();
    const { clock, terminal, audit, safety, watch } = rig({ clock: paper.clock, terminal: paper.terminal });
    paper.terminal.inject({ commentsRewritten: true });
    const market = await paper.send({ magic: OURS, comment: TAGGED });
    const pending = await paper.send({ magic: OURS, comment: TAGGED, type: 'LIMIT', price: 1.05 });
    expect((await paper.positions())[0]?.comment).not.toContain(TAG);
    await audit.append([
      outcome(keyOf('a'), { ticket: String(market.position) }),
      outcome(keyOf('b'), { ticket: String(pending.order), status: 'PLACED' }),
    ]);
    watch.start();
    await clock.advance(MINUTE_MS);
    // The pending order becomes a position of the same ticket.
    paper.quote('EURUSD', 1.0498, 1.0499);
    await clock.advance(MINUTE_MS);
    expect(await terminal.orders()).toMatchObject({ value: [] });
    expect(safety.triggers).toEqual([]);
  });

  it('is the identifier on a netting account whose position was turned round', async () => {
    const paper = await PaperRig.start({ marginMode: 'NETTING' });
    const { clock, audit, safety, watch } = rig({ clock: paper.clock, terminal: paper.terminal });
    const { position } = await paper.send({ magic: OURS, comment: '' });
    await audit.append([outcome(keyOf('a'), { ticket: String(position) })]);
    await paper.send({ magic: OURS, comment: '', side: 'SELL', volumeLots: 0.3 });
    expect((await paper.positions())[0]?.ticket).not.toBe(position);
    watch.start();
    await clock.advance(MINUTE_MS);
    expect(safety.triggers).toEqual([]);
  });
});

describe('positions and orders of others', () => {
  it('are listed and held against nothing', async () => {
    const { clock, terminal, safety, watch } = rig();
    const position = terminal.open({ magic: 0n, comment: 'by hand' });
    const order = terminal.place({ magic: 12n });
    watch.start();
    expect(watch.foreign()).toBeNull();
    await clock.advance(2 * MINUTE_MS);
    expect(watch.foreign()).toEqual({ positions: [position.ticket], orders: [order.ticket] });
    expect(safety.triggers).toEqual([]);
  });

  it('are not known while the terminal cannot be asked', async () => {
    const { clock, terminal, watch } = rig();
    terminal.open();
    watch.start();
    await clock.advance(1_000);
    terminal.become({ linked: false });
    await clock.advance(MINUTE_MS);
    expect(watch.foreign()).toBeNull();
  });
});

describe('when BookWatch looks', () => {
  it('does not judge while a command of ours is under way, at either look', async () => {
    const { clock, terminal, flight, safety, watch } = rig();
    terminal.open({ magic: OURS });
    flight.trades = 1;
    watch.start();
    await clock.advance(2 * MINUTE_MS);
    expect(safety.triggers).toEqual([]);
    flight.trades = 0;
    await clock.advance(SETTLE_MS);
    flight.trades = 1;
    await clock.advance(MINUTE_MS);
    expect(safety.triggers).toEqual([]);
    flight.trades = 0;
    await clock.advance(2 * SETTLE_MS);
    expect(safety.triggers).toHaveLength(1);
  });

  it('does not judge what a command that began during the look may have opened', async () => {
    const { clock, terminal, flight, safety, watch } = rig();
    terminal.latencyMs = 100;
    terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(SETTLE_MS);
    // The second look is under way, and ends with a command in flight.
    await clock.advance(250);
    flight.trades = 1;
    await clock.advance(MINUTE_MS);
    expect(safety.triggers).toEqual([]);
  });

  it('does not judge by a look that began with a command under way', async () => {
    const { clock, terminal, flight, safety, watch } = rig();
    terminal.latencyMs = 100;
    terminal.open({ magic: OURS });
    flight.trades = 1;
    watch.start();
    await clock.advance(50);
    flight.trades = 0;
    await clock.advance(4_000);
    expect(safety.triggers).toEqual([]);
    await clock.advance(1_000);
    expect(safety.triggers).toHaveLength(1);
  });

  it('does not count two looks as two that follow each other too soon', async () => {
    const { clock, terminal, safety, watch } = rig();
    // The first look takes 2 s, and a transaction calls for the next soon after it.
    terminal.latencyMs = 1_000;
    watch.start();
    await clock.advance(100);
    terminal.transact({ kind: 'POSITION_OPENED', position: terminal.open({ magic: OURS }) });
    await clock.advance(1_900);
    terminal.latencyMs = 0;
    await clock.advance(1_999);
    expect(safety.triggers).toEqual([]);
    expect(terminal.count('positions')).toBe(2);
    await clock.advance(1_000);
    expect(safety.triggers).toHaveLength(1);
  });

  it('looks again within 4 s of a transaction that opens something', async () => {
    const { clock, terminal, safety, watch } = rig();
    watch.start();
    await clock.advance(10_000);
    const position = terminal.open({ magic: OURS });
    terminal.transact({ kind: 'POSITION_OPENED', position });
    await clock.advance(2 * SETTLE_MS - 1);
    expect(safety.triggers).toEqual([]);
    await clock.advance(1);
    expect(safety.triggers).toHaveLength(1);
  });

  it('looks again after a transaction that comes while it looks', async () => {
    const { clock, terminal, watch } = rig();
    terminal.latencyMs = 3_000;
    watch.start();
    await clock.advance(100);
    terminal.transact({ kind: 'POSITION_OPENED', position: terminal.open() });
    await clock.advance(9_900);
    expect(terminal.count('orders')).toBe(2);
  });

  it('looks once for many transactions', async () => {
    const { clock, terminal, watch } = rig();
    watch.start();
    await clock.advance(10_000);
    const before = terminal.count('positions');
    for (let n = 0; n < 50; n += 1) terminal.transact({ kind: 'ORDER_ADDED', order: terminal.place() });
    await clock.advance(SETTLE_MS);
    expect(terminal.count('positions')).toBe(before + 1);
  });

  it('looks once a minute when nothing happens, also after the terminal was away, and says so once', async () => {
    const { clock, terminal, safety, lines, watch } = rig();
    terminal.become({ linked: false });
    watch.start();
    await clock.advance(3 * MINUTE_MS);
    expect(lines).toEqual(['book-not-compared']);
    terminal.become({ linked: true });
    terminal.open({ magic: OURS });
    await clock.advance(MINUTE_MS + SETTLE_MS);
    expect(safety.triggers).toHaveLength(1);
  });

  it('changes nothing when the log cannot be asked', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    const knows = audit.knows.bind(audit);
    audit.knows = () => Promise.reject(new Error('the worker is gone'));
    terminal.open({ magic: OURS });
    watch.start();
    await clock.advance(MINUTE_MS);
    expect(safety.triggers).toEqual([]);
    audit.knows = knows;
    await clock.advance(2 * SETTLE_MS);
    expect(safety.triggers).toHaveLength(1);
  });

  it('looks no more after it was stopped', async () => {
    const { clock, terminal, safety, watch } = rig();
    terminal.open({ magic: OURS });
    watch.start();
    watch.start();
    await clock.advance(1_000);
    expect(terminal.count('positions')).toBe(1);
    watch.stop();
    watch.stop();
    await clock.advance(5 * MINUTE_MS);
    expect(safety.triggers).toEqual([]);
    expect(terminal.count('positions')).toBe(1);
  });
});

describe('accepting what was found', () => {
  async function raised() {
    const made = rig();
    const position = made.terminal.open({ magic: OURS, comment: TAGGED });
    made.watch.start();
    await made.clock.advance(SETTLE_MS);
    expect(made.safety.triggers).toHaveLength(1);
    return { ...made, position };
  }

  it('is recorded under the name and with the reason of the person who resumed', async () => {
    const { clock, audit, watch, position } = await raised();
    watch.accept('operator', 'opened by the old system');
    await clock.advance(0);
    expect(audit.rows).toMatchObject([
      {
        ...{ type: 'RECONCILED', actorKind: 'operator', actor: 'operator', reason: 'opened by the old system' },
        ...{ ticket: String(position.ticket), symbol: 'EURUSD', magic: String(OURS) },
      },
    ]);
  });

  it('explains it from then on, also after a restart', async () => {
    const { clock, terminal, audit, safety, watch } = await raised();
    watch.accept('operator', 'known');
    await clock.advance(5 * MINUTE_MS);
    expect(safety.triggers).toHaveLength(1);
    watch.stop();
    const next = rig({ clock, terminal, audit: audit.reopened() });
    next.watch.start();
    await clock.advance(5 * MINUTE_MS);
    expect(next.safety.triggers).toEqual([]);
  });

  it('does not explain another position with the same tag', async () => {
    const { clock, terminal, safety, watch } = await raised();
    watch.accept('operator', 'known');
    terminal.open({ magic: OURS, comment: TAGGED });
    await clock.advance(2 * MINUTE_MS);
    expect(safety.triggers).toHaveLength(2);
  });

  it('is found again after a restart where nobody accepted it', async () => {
    const { clock, terminal, audit, watch } = await raised();
    watch.stop();
    const next = rig({ clock, terminal, audit: audit.reopened() });
    next.watch.start();
    await clock.advance(SETTLE_MS);
    expect(next.safety.triggers).toHaveLength(1);
  });

  it('is raised again where it could not be recorded', async () => {
    const { clock, audit, safety, lines, watch } = await raised();
    audit.breakDown();
    watch.accept('operator', 'known');
    await clock.advance(2 * MINUTE_MS);
    expect(lines).toContain('accepted-tickets-not-recorded');
    expect(safety.triggers).toHaveLength(2);
  });

  it('accepts only what has been raised, and nothing where nothing was', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    watch.start();
    await clock.advance(1_000);
    watch.accept('operator', 'all is well');
    await clock.advance(0);
    expect(audit.rows).toEqual([]);
    terminal.open({ magic: OURS });
    await clock.advance(2 * MINUTE_MS);
    expect(safety.triggers).toHaveLength(1);
  });

  it('accepts no row that is about something else', async () => {
    const { clock, terminal, audit, safety, watch } = rig();
    await audit.append([entry('RECONCILED', { ticket: '77' })]);
    terminal.open({ magic: OURS, ticket: toTicket(78) });
    watch.start();
    await clock.advance(SETTLE_MS);
    expect(safety.triggers).toHaveLength(1);
  });
});
