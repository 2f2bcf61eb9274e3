import { describe, expect, test } from 'vitest';
import { delay } from '../../../main/clock.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { answered, LOST } from '../../fakes/fake-terminal.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, OWN_MAGIC, tradingRig, type Rig } from './rig.ts';

const phase = (rig: Rig) => rig.safety.state().flattenPhase;
const ticketRows = (rig: Rig) =>
  rig.audit.rows.filter(({ type }) => type === 'FLATTEN_TICKET').map(({ ticket, status }) => `${ticket} ${status}`);

describe('a flatten on an empty book', () => {
  test('is called flat after two empty looks two seconds apart, not before', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await rig.clock.advance(1_999);
    expect(phase(rig)).toBe('EMPTY');
    await rig.clock.advance(1_001);
    expect(phase(rig)).toBe('FLAT');
    expect(rig.audit.types()).toEqual(expect.arrayContaining(['FLATTEN_STARTED', 'FLAT_VERIFIED']));
    expect(rig.events.at(-1)).toMatchObject({ event: 'KILL_SWITCH', data: { flatten_phase: 'FLAT' } });
  });

  test('is not called flat while the terminal has not acked the latch', async () => {
    const rig = await tradingRig();
    rig.terminal.acks = false;
    rig.safety.raise(kill());
    await rig.clock.advance(30_000);
    expect(phase(rig)).toBe('EMPTY');
    rig.terminal.acks = true;
    await rig.clock.advance(15_000);
    expect(phase(rig)).toBe('FLAT');
  });

  test('is not called flat while an order is in flight or UNKNOWN', async () => {
    const rig = await tradingRig();
    rig.tradesInFlight = 1;
    rig.safety.raise(kill());
    await rig.clock.advance(60_000);
    expect(phase(rig)).toBe('FLATTENING');
    expect(rig.audit.types()).not.toContain('FLAT_VERIFIED');
  });

  test('is not called flat while the link is down, and counts anew when it is back', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await rig.clock.advance(1_500);
    rig.terminal.become({ linked: false });
    await rig.clock.advance(10_000);
    expect(phase(rig)).toBe('BLOCKED');
    rig.terminal.become({ linked: true });
    await rig.clock.advance(1_900);
    expect(phase(rig)).toBe('EMPTY');
    await rig.clock.advance(1_100);
    expect(phase(rig)).toBe('FLAT');
  });

  test('is not called flat on the word of a terminal that has lost its broker', async () => {
    const rig = await tradingRig();
    rig.terminal.become({ connected: false });
    rig.safety.raise(kill());
    await rig.clock.advance(10_000);
    expect(phase(rig)).not.toBe('FLAT');
  });
});

describe('what a flatten closes', () => {
  test('pending orders go before positions', async () => {
    const rig = await tradingRig();
    rig.terminal.concurrency = 1;
    rig.terminal.open();
    rig.terminal.place();
    rig.safety.raise(kill());
    await settle();
    const trades = rig.terminal.calls.filter((call) => /^(cancel|close)/.test(call));
    expect(trades).toEqual(['cancel 2', 'close 2']);
  });

  test('with the scope of the gateway leaves alone what others opened', async () => {
    const rig = await tradingRig();
    const foreign = rig.terminal.open();
    const foreignOrder = rig.terminal.place();
    rig.terminal.open({ magic: OWN_MAGIC });
    rig.terminal.place({ magic: OWN_MAGIC });
    rig.safety.raise(kill({ flatten: 'gateway' }));
    await rig.clock.advance(3_000);
    expect([...rig.terminal.book.keys()]).toEqual([foreign.ticket]);
    expect([...rig.terminal.pending.keys()]).toEqual([foreignOrder.ticket]);
    expect(phase(rig)).toBe('FLAT');
  });

  test('widens to the account while it runs', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.safety.raise(kill({ flatten: 'gateway' }));
    await rig.clock.advance(1_500);
    rig.safety.raise(kill());
    await settle();
    expect(rig.terminal.book.size).toBe(0);
  });

  test('two looks count only at the same scope', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill({ flatten: 'gateway' }));
    await rig.clock.advance(1_500);
    rig.safety.raise(kill());
    await rig.clock.advance(1_400);
    expect(phase(rig)).toBe('EMPTY');
  });

  test('a slow order that fills meanwhile is found and closed', async () => {
    const rig = await tradingRig();
    rig.tradesInFlight = 1;
    rig.safety.raise(kill());
    await rig.clock.advance(3_000);
    rig.terminal.open();
    rig.tradesInFlight = 0;
    await rig.clock.advance(5_000);
    expect(rig.terminal.book.size).toBe(0);
    expect(phase(rig)).toBe('FLAT');
  });

  test('a pending order that triggers meanwhile is found and closed', async () => {
    const rig = await tradingRig();
    const order = rig.terminal.place();
    rig.terminal.cancelScripts.push(() => {
      rig.terminal.pending.delete(order.ticket);
      rig.terminal.open({ ticket: order.ticket });
      return answered(RETCODE.INVALID_ORDER);
    });
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(rig.terminal.book.size).toBe(0);
    expect(phase(rig)).toBe('FLAT');
  });

  test('a pending order that triggers between two questions is not missed', async () => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.place();
    const orders = rig.terminal.orders.bind(rig.terminal);
    const positions = rig.terminal.positions.bind(rig.terminal);
    let asked = 0;
    const triggerSecond = () => {
      asked += 1;
      if (asked === 2 && rig.terminal.pending.delete(ticket)) rig.terminal.open({ ticket });
    };
    rig.terminal.orders = () => {
      triggerSecond();
      return orders();
    };
    rig.terminal.positions = (filter) => {
      triggerSecond();
      return positions(filter);
    };
    rig.safety.raise(kill());
    const report = rig.safety.killReport();
    await rig.clock.advance(1_000);
    expect(await report).toMatchObject({ positions_closed: 1, total_positions: 1 });
  });

  test('a manual position that appears meanwhile is found and closed', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await rig.clock.advance(1_500);
    rig.terminal.open({ comment: 'by hand' });
    await rig.clock.advance(1_000);
    expect(rig.terminal.book.size).toBe(0);
    expect(phase(rig)).toBe('EMPTY');
    await rig.clock.advance(3_000);
    expect(phase(rig)).toBe('FLAT');
  });

  test('a position that the user closes by hand meanwhile is gone, and not closed a second time', async () => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.open();
    rig.terminal.closeScripts.push(() => answered(RETCODE.REQUOTE));
    rig.safety.raise(kill());
    await settle();
    rig.terminal.book.delete(ticket);
    await rig.clock.advance(4_000);
    expect(rig.terminal.closes).toHaveLength(1);
    expect(rig.terminal.book.size).toBe(0);
    expect(ticketRows(rig).at(-1)).toBe(`${ticket} CLOSED`);
    expect(phase(rig)).toBe('FLAT');
  });

  test('a look that began before a close was answered says nothing about it', async () => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.open();
    const positions = rig.terminal.positions.bind(rig.terminal);
    rig.terminal.positions = async (filter) => {
      const answer = await positions(filter);
      if (filter === undefined) await delay(rig.clock, 500);
      return answer;
    };
    rig.terminal.everyClose = async (_close, execute) => {
      await delay(rig.clock, 1_200);
      return execute();
    };
    rig.safety.raise(kill());
    await rig.clock.advance(6_000);
    expect(ticketRows(rig)).toEqual([`${ticket} OPEN`, `${ticket} CLOSED`]);
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 1 });
  });

  test('always with position, symbol and the volume that is live right before', async () => {
    const rig = await tradingRig();
    const position = rig.terminal.open({ symbol: 'XAUUSD', volumeLots: 0.5 });
    rig.terminal.closeScripts.push(() => {
      rig.terminal.book.set(position.ticket, { ...position, volumeLots: 0.2 });
      return answered(RETCODE.REQUOTE);
    });
    rig.safety.raise(kill());
    await rig.clock.advance(1_000);
    expect(rig.terminal.closes).toMatchObject([
      { ticket: position.ticket, symbol: 'XAUUSD', volumeLots: 0.5 },
      { ticket: position.ticket, symbol: 'XAUUSD', volumeLots: 0.2 },
    ]);
    expect(rig.terminal.closes[0]?.comment).toMatch(/^kill~[a-z2-7]{12}$/);
  });

  test('more than the symbol takes at once goes in parts', async () => {
    const rig = await tradingRig();
    rig.terminal.open({ volumeLots: 120 });
    rig.safety.raise(kill());
    await rig.clock.advance(3_000);
    expect(rig.terminal.closes.map(({ volumeLots }) => volumeLots)).toEqual([50, 50, 20]);
    expect(rig.terminal.book.size).toBe(0);
  });

  test('at most so many at once as the terminal takes', async () => {
    const rig = await tradingRig();
    rig.terminal.concurrency = 4;
    rig.terminal.latencyMs = 100;
    for (let n = 0; n < 10; n += 1) rig.terminal.open();
    let running = 0;
    let most = 0;
    rig.terminal.everyClose = (_close, execute) => {
      running += 1;
      most = Math.max(most, running);
      return new Promise((resolve) => {
        rig.clock.after(50, () => {
          running -= 1;
          resolve(execute());
        });
      });
    };
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(most).toBe(4);
    expect(rig.terminal.book.size).toBe(0);
  });
});

describe('a close that does not work', () => {
  test('kill switch 24: a close that is requoted three times is tried again with more deviation each time', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    for (let n = 0; n < 3; n += 1) rig.terminal.closeScripts.push(() => answered(RETCODE.REQUOTE));
    rig.safety.raise(kill());
    await rig.clock.advance(10_000);
    expect(rig.terminal.closes.map(({ deviationPoints }) => deviationPoints)).toEqual([20, 40, 80, 160]);
    expect(phase(rig)).toBe('FLAT');
  });

  test('kill switch 25: a close that is filled in part is followed by a close of the rest', async () => {
    const rig = await tradingRig();
    const position = rig.terminal.open({ volumeLots: 0.3 });
    rig.terminal.closeScripts.push(() => {
      rig.terminal.book.set(position.ticket, { ...position, volumeLots: 0.1 });
      return answered(RETCODE.DONE_PARTIAL, { volumeLots: 0.2 });
    });
    rig.safety.raise(kill());
    await rig.clock.advance(3_000);
    expect(rig.terminal.closes.map(({ volumeLots }) => volumeLots)).toEqual([0.3, 0.1]);
    expect(ticketRows(rig)).toContain(`${position.ticket} PARTIAL`);
    expect(rig.terminal.book.size).toBe(0);
  });

  test('kill switch 26: with one market closed its position is BLOCKED while the others close, and closes when it opens', async () => {
    const rig = await tradingRig();
    const closed = rig.terminal.open({ symbol: 'XAUUSD' });
    rig.terminal.open();
    let isOpen = false;
    rig.terminal.everyClose = ({ symbol }, execute) =>
      symbol === 'XAUUSD' && !isOpen ? answered(RETCODE.MARKET_CLOSED) : execute();
    rig.safety.raise(kill());
    await rig.clock.advance(3_600_000);
    expect([...rig.terminal.book.keys()]).toEqual([closed.ticket]);
    expect(phase(rig)).toBe('BLOCKED');
    expect(rig.audit.types().filter((type) => type === 'FLATTEN_BLOCKED')).toHaveLength(1);
    isOpen = true;
    await rig.clock.advance(15_000);
    expect(phase(rig)).toBe('FLAT');
  });

  test('kill switch 26: a closed market is named with its next opening, where the terminal knows it', async () => {
    const rig = await tradingRig();
    rig.terminal.open({ symbol: 'XAUUSD' });
    rig.terminal.everyClose = () => answered(RETCODE.MARKET_CLOSED);
    const symbol = rig.terminal.symbol.bind(rig.terminal);
    rig.terminal.symbol = async (name) => {
      const spec = await symbol(name);
      return spec.ok ? { ...spec, value: { ...spec.value, opensAtMs: Date.UTC(2026, 0, 11, 22) } } : spec;
    };
    rig.safety.raise(kill());
    await rig.clock.advance(3_000);
    const report = rig.safety.killReport();
    await rig.clock.advance(1_000);
    const { tickets } = await report;
    expect(tickets).toMatchObject([{ state: 'BLOCKED', code: 'MARKET_CLOSED' }]);
    expect(tickets[0]?.['message']).toContain('it opens at 2026-01-11T22:00:00.000Z');
  });

  test('with AutoTrading switched off midway is BLOCKED, says which switch, and goes on at once when it is back', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.closeScripts.push(() => answered(RETCODE.CLIENT_DISABLES_AT));
    rig.safety.raise(kill());
    await settle();
    rig.terminal.become({ tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'] });
    await rig.clock.advance(60_000);
    expect(rig.terminal.closes).toHaveLength(1);
    expect(phase(rig)).toBe('BLOCKED');
    const blocked = rig.audit.rows.findLast(({ type }) => type === 'FLATTEN_TICKET');
    expect(blocked).toMatchObject({ status: 'BLOCKED', code: 'TRADING_DISABLED' });
    expect(blocked?.reason).toContain('TERMINAL_TRADE_ALLOWED');
    rig.terminal.become({ tradingBlockedBy: [] });
    await settle();
    expect(rig.terminal.book.size).toBe(0);
  });

  test('with the terminal killed midway is BLOCKED, and goes on at once when it is back', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.open();
    rig.terminal.concurrency = 1;
    rig.terminal.latencyMs = 100;
    rig.safety.raise(kill());
    await rig.clock.advance(550);
    expect(rig.terminal.book.size).toBe(1);
    rig.terminal.become({ linked: false, linkFault: 'the terminal is gone' });
    await rig.clock.advance(60_000);
    expect(phase(rig)).toBe('BLOCKED');
    expect(rig.audit.types()).toContain('FLATTEN_BLOCKED');
    rig.terminal.become({ linked: true, linkFault: null });
    await rig.clock.advance(4_000);
    expect(rig.terminal.book.size).toBe(0);
    expect(phase(rig)).toBe('FLAT');
  });

  test('is never given up', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    let isBroken = true;
    rig.terminal.everyClose = (_close, execute) => (isBroken ? answered(RETCODE.REJECT) : execute());
    rig.safety.raise(kill());
    await rig.clock.advance(24 * 3_600_000);
    expect(rig.terminal.closes.length).toBeGreaterThan(8_000);
    isBroken = false;
    await rig.clock.advance(15_000);
    expect(phase(rig)).toBe('FLAT');
  });

  test('is written once for each new reason, not once a try', async () => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.open();
    rig.terminal.everyClose = () => answered(RETCODE.REJECT);
    rig.safety.raise(kill());
    await rig.clock.advance(600_000);
    expect(ticketRows(rig).filter((row) => row === `${ticket} RETRY`).length).toBeLessThanOrEqual(1);
    expect(rig.audit.rows.length).toBeLessThan(40);
  });

  test('is tried again when the terminal fences or expires it, with the epoch of now', async () => {
    const rig = await tradingRig();
    rig.terminal.open();
    rig.terminal.closeScripts.push(
      () => ({ kind: 'fenced', message: 'epoch' }),
      () => ({ kind: 'expired', message: 'late' }),
      () => ({ kind: 'unsent', message: 'no link' }),
    );
    rig.safety.raise(kill());
    await rig.clock.advance(10_000);
    expect(phase(rig)).toBe('FLAT');
  });

  test('kill switch 32: 500 positions on a broker that throttles are all closed, and the throttle is respected', async () => {
    const rig = await tradingRig();
    for (let n = 0; n < 500; n += 1) rig.terminal.open();
    let budget = 0;
    const refill = () => {
      budget = 20;
      rig.clock.after(1_000, refill);
    };
    refill();
    let refused = 0;
    rig.terminal.everyClose = (_close, execute) => {
      if (budget > 0) {
        budget -= 1;
        return execute();
      }
      refused += 1;
      return answered(RETCODE.TOO_MANY_REQUESTS);
    };
    rig.safety.raise(kill());
    await rig.clock.advance(180_000);
    expect(rig.terminal.book.size).toBe(0);
    expect(phase(rig)).toBe('FLAT');
    expect(refused).toBeLessThan(500);
  });
});

describe('a close whose answer is lost', () => {
  test('but which worked is never followed by a second one: no opposite position', async () => {
    const rig = await tradingRig();
    rig.terminal.become({ marginMode: 'NETTING' });
    rig.terminal.open();
    rig.terminal.closeScripts.push((_close, execute) => {
      execute();
      return LOST;
    });
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(rig.terminal.closes).toHaveLength(1);
    expect(rig.terminal.book.size).toBe(0);
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 1 });
    expect(phase(rig)).toBe('FLAT');
  });

  test('kill switch 29: a netting close whose reply is lost and which works late is waited for: no opposite position', async () => {
    const rig = await tradingRig();
    rig.terminal.become({ marginMode: 'NETTING' });
    rig.terminal.settleMs = 60_000;
    rig.terminal.open();
    rig.terminal.closeScripts.push((_close, execute) => {
      rig.clock.after(30_000, execute);
      return LOST;
    });
    rig.safety.raise(kill());
    await rig.clock.advance(29_000);
    expect(phase(rig)).toBe('UNKNOWN');
    await rig.clock.advance(60_000);
    expect(rig.terminal.closes).toHaveLength(1);
    expect(rig.terminal.book.size).toBe(0);
    expect(phase(rig)).toBe('FLAT');
  });

  test('and which did not work is sent again, after the terminal has had its time', async () => {
    const rig = await tradingRig();
    rig.terminal.settleMs = 10_000;
    rig.terminal.open();
    rig.terminal.closeScripts.push(() => LOST);
    rig.safety.raise(kill());
    await rig.clock.advance(9_999);
    expect(rig.terminal.closes).toHaveLength(1);
    await rig.clock.advance(15_000);
    expect(rig.terminal.closes).toHaveLength(2);
    expect(rig.terminal.book.size).toBe(0);
  });

  test('and which a program had only begun is sent again, after the terminal has had its time', async () => {
    const rig = await tradingRig();
    rig.terminal.settleMs = 10_000;
    rig.terminal.traces = { orders: [], recorded: [{ result: null }], complete: true };
    rig.terminal.open();
    rig.terminal.closeScripts.push(() => LOST);
    rig.safety.raise(kill());
    await rig.clock.advance(9_999);
    expect(rig.terminal.closes).toHaveLength(1);
    await rig.clock.advance(15_000);
    expect(rig.terminal.closes).toHaveLength(2);
    expect(rig.terminal.book.size).toBe(0);
  });

  test('is not sent again while the history says nothing', async () => {
    const rig = await tradingRig();
    rig.terminal.traces = { orders: [], recorded: [], complete: false };
    rig.terminal.open();
    rig.terminal.closeScripts.push(() => LOST);
    rig.safety.raise(kill());
    await rig.clock.advance(300_000);
    expect(rig.terminal.closes).toHaveLength(1);
    expect(phase(rig)).toBe('UNKNOWN');
  });

  test.each([10_011, 10_012, 10_031, 0, 10_099])('counts as lost with retcode %i', async (retcode) => {
    const rig = await tradingRig();
    rig.terminal.settleMs = 5_000;
    rig.terminal.open();
    rig.terminal.closeScripts.push((_close, execute) => {
      rig.clock.after(1_000, execute);
      return answered(retcode);
    });
    rig.safety.raise(kill());
    await rig.clock.advance(10_000);
    expect(rig.terminal.closes).toHaveLength(1);
    expect(rig.terminal.book.size).toBe(0);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('a broken adapter'))],
    ['never comes', () => new Promise<never>(() => {})],
  ])('counts as lost when it %s', async (_how, fail) => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.open();
    rig.terminal.closeScripts.push(fail);
    rig.safety.raise(kill());
    await rig.clock.advance(15_100);
    expect(ticketRows(rig)).toContain(`${ticket} UNKNOWN`);
    await rig.clock.advance(10_000);
    expect(phase(rig)).toBe('FLAT');
  });
});

describe('an operator', () => {
  test('takes a ticket out that cannot be closed, on record, and the rest is verified', async () => {
    const rig = await tradingRig();
    const { ticket } = rig.terminal.open();
    rig.terminal.open();
    rig.terminal.everyClose = (close, execute) => (close.ticket === ticket ? answered(RETCODE.REJECT) : execute());
    rig.safety.raise(kill());
    await rig.clock.advance(5_000);
    expect(rig.safety.takeOut(ticket, 'operator@desk', 'the broker closes it')).toBe(true);
    await rig.clock.advance(3_000);
    expect(phase(rig)).toBe('FLAT');
    expect([...rig.terminal.book.keys()]).toEqual([ticket]);
    expect(rig.audit.rows.find(({ status }) => status === 'TAKEN_OUT')).toMatchObject({
      ticket: ticket.toString(),
      actor: 'operator@desk',
      reason: 'the broker closes it',
    });
  });

  test('cannot take out what is not there', async () => {
    const rig = await tradingRig();
    rig.safety.raise(kill());
    await settle();
    expect(rig.safety.takeOut(toTicket(99), 'operator', 'why not')).toBe(false);
  });
});
