import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../main/log.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { toTicket, type Ticket } from '../../../main/protocol/ticket.ts';
import { OperatorClose, type OperatorCloseResult } from '../../../main/safety/operator-close.ts';
import { answered, LOST, type FakeTerminal } from '../../fakes/fake-terminal.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, tradingRig, type Rig } from './rig.ts';

interface Desk {
  readonly rig: Rig;
  readonly desk: OperatorClose;
}

async function desk(): Promise<Desk> {
  const rig = await tradingRig();
  const { clock, terminal, audit, safety } = rig;
  return { rig, desk: new OperatorClose({ clock, terminal, audit, safety, log: silentLog }) };
}

/** A desk in a gateway that is halted and keeps its positions. */
async function haltedDesk(): Promise<Desk> {
  const state = await desk();
  state.rig.safety.raise(kill({ flatten: 'none' }));
  await settle();
  return state;
}

/** Closes on the simulated clock: `result` is null while there is no answer. */
function closing({ desk: at }: Desk, ticket: Ticket): { result: OperatorCloseResult | null } {
  const waiting: { result: OperatorCloseResult | null } = { result: null };
  void at.close(ticket, 'operator@here', 'too large').then((result) => {
    waiting.result = result;
  });
  return waiting;
}

const close = ({ desk: at }: Desk, ticket: Ticket) => at.close(ticket, 'operator@here', 'too large');
const rows = ({ rig }: Desk) =>
  rig.audit.rows.filter(({ type }) => type === 'OPERATOR_CLOSE').map(({ ticket, status }) => `${ticket} ${status}`);
const opposite = (terminal: FakeTerminal) => [...terminal.book.values()].filter(({ side }) => side === 'SELL');

describe('a position that an operator closes', () => {
  test('is closed while trading is halted, as far as it is open, and no other', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open({ volumeLots: 0.37 });
    const other = state.rig.terminal.open();
    expect(await close(state, ticket)).toMatchObject({
      kind: 'done',
      ticket: { ticket, kind: 'position', state: 'CLOSED', attempts: 1 },
      message: 'closed',
      recorded: true,
    });
    expect(state.rig.terminal.closes).toMatchObject([{ ticket, volumeLots: 0.37, epoch: 2 }]);
    expect([...state.rig.terminal.book.keys()]).toEqual([other.ticket]);
    expect(state.rig.safety.state().mode).toBe('HALTED');
  });

  test.each(['TRADING', 'SUSPENDED', 'REDUCE_ONLY'] as const)('is closed in %s too', async (mode) => {
    const state = await desk();
    if (mode !== 'TRADING') state.rig.safety.raise(kill({ mode, flatten: 'none' }));
    const { ticket } = state.rig.terminal.open();
    expect(await close(state, ticket)).toMatchObject({ kind: 'done' });
    expect(state.rig.safety.state().mode).toBe(mode);
  });

  test('is recorded before it is closed and after, with who and why', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    let recordedBefore: readonly string[] = [];
    state.rig.terminal.closeScripts.push((_close, execute) => {
      recordedBefore = rows(state);
      return execute();
    });
    await close(state, ticket);
    expect(recordedBefore).toEqual([`${ticket} INTENT`]);
    expect(rows(state)).toEqual([`${ticket} INTENT`, `${ticket} CLOSED`]);
    for (const row of state.rig.audit.rows.filter(({ type }) => type === 'OPERATOR_CLOSE')) {
      expect(row).toMatchObject({ actorKind: 'operator', actor: 'operator@here', reason: 'too large', mode: 'HALTED' });
    }
  });

  test('is closed by its volume of that moment, not by that of the question before', async () => {
    const state = await haltedDesk();
    const position = state.rig.terminal.open({ volumeLots: 0.5 });
    state.rig.audit.hold();
    const waiting = closing(state, position.ticket);
    await settle();
    state.rig.terminal.book.set(position.ticket, { ...position, volumeLots: 0.2 });
    state.rig.audit.release();
    await settle();
    expect(waiting.result).toMatchObject({ kind: 'done' });
    expect(state.rig.terminal.closes).toMatchObject([{ volumeLots: 0.2 }]);
  });

  test('that another hand closes meanwhile is not closed once more', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.audit.hold();
    const waiting = closing(state, ticket);
    await settle();
    state.rig.terminal.book.delete(ticket);
    state.rig.audit.release();
    await settle();
    expect(waiting.result).toMatchObject({ kind: 'done', ticket: { state: 'GONE' } });
    expect(state.rig.terminal.closes).toEqual([]);
  });

  test('that is closed in part is not closed further', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open({ volumeLots: 0.5 });
    state.rig.terminal.closeScripts.push(() => answered(RETCODE.DONE_PARTIAL, { volumeLots: 0.3 }));
    expect(await close(state, ticket)).toMatchObject({
      kind: 'partial',
      ticket: { state: 'PARTIAL', rest: 0.2 },
      message: 'closed in part: 0.2 lots are still open',
    });
    expect(state.rig.terminal.closes).toHaveLength(1);
    expect(rows(state)).toEqual([`${ticket} INTENT`, `${ticket} PARTIAL`]);
  });

  test('that the broker refuses to close is not tried again', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push(() => answered(RETCODE.MARKET_CLOSED));
    expect(await close(state, ticket)).toMatchObject({
      kind: 'failed',
      ticket: { state: 'FAILED', code: 'MARKET_CLOSED' },
      message: 'the position is still there (MARKET_CLOSED): Market is closed',
    });
    await state.rig.clock.advance(60_000);
    expect(state.rig.terminal.closes).toHaveLength(1);
    expect(state.rig.audit.rows.at(-1)).toMatchObject({ status: 'FAILED', code: 'MARKET_CLOSED' });
  });

  test('can be closed again after that', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push(() => answered(RETCODE.MARKET_CLOSED));
    await close(state, ticket);
    expect(await close(state, ticket)).toMatchObject({ kind: 'done', ticket: { state: 'CLOSED' } });
  });
});

describe('a requote', () => {
  const requote = () => answered(RETCODE.REQUOTE);

  test('is tried again three times at a wider deviation', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push(requote, requote, requote);
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(300);
    expect(waiting.result).toMatchObject({ kind: 'done', ticket: { state: 'CLOSED', attempts: 4 } });
    expect(state.rig.terminal.closes.map(({ deviationPoints }) => deviationPoints)).toEqual([20, 40, 80, 160]);
  });

  test('is tried no fourth time', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.everyClose = requote;
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(60_000);
    expect(waiting.result).toMatchObject({ kind: 'failed', ticket: { code: 'REQUOTE' } });
    expect(state.rig.terminal.closes).toHaveLength(4);
  });

  test('that ends in another answer is over with that', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push(requote, () => answered(RETCODE.REJECT));
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(60_000);
    expect(waiting.result).toMatchObject({ kind: 'failed', ticket: { code: 'REJECT' } });
    expect(state.rig.terminal.closes).toHaveLength(2);
  });
});

describe('a close whose answer is lost', () => {
  test('is looked for and never sent again: on a netting account that would open the other side', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push((_close, execute) => {
      execute();
      return LOST;
    });
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(250);
    expect(waiting.result).toMatchObject({ kind: 'done', ticket: { state: 'CLOSED' } });
    expect(rows(state)).toEqual([`${ticket} INTENT`, `${ticket} UNKNOWN`, `${ticket} CLOSED`]);
    expect(state.rig.terminal.closes).toHaveLength(1);
    expect(opposite(state.rig.terminal)).toEqual([]);
  });

  test('and that has not happened is said to have failed, once the terminal has settled', async () => {
    const state = await haltedDesk();
    state.rig.terminal.settleMs = 2_000;
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push(() => LOST);
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(1_999);
    expect(waiting.result).toBeNull();
    await state.rig.clock.advance(7_000);
    expect(waiting.result).toMatchObject({ kind: 'failed', ticket: { code: 'NOT_EXECUTED' } });
    expect(state.rig.terminal.closes).toHaveLength(1);
    expect(rows(state).at(-1)).toBe(`${ticket} FAILED`);
  });

  test('is answered as unknown after ten seconds, looked for all the same, and recorded when it is known', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push((_close, execute) => {
      execute();
      state.rig.terminal.become({ linked: false });
      return LOST;
    });
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(9_999);
    expect(waiting.result).toBeNull();
    await state.rig.clock.advance(1);
    expect(waiting.result).toMatchObject({ kind: 'unknown', ticket: { ticket, state: 'UNKNOWN' }, recorded: true });
    await state.rig.clock.advance(3_600_000);
    expect(rows(state)).toEqual([`${ticket} INTENT`, `${ticket} UNKNOWN`]);
    state.rig.terminal.become({ linked: true });
    await state.rig.clock.advance(10_000);
    expect(rows(state).at(-1)).toBe(`${ticket} CLOSED`);
    expect(state.rig.terminal.closes).toHaveLength(1);
  });

  test('keeps the ticket: nobody can close it a second time meanwhile', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push(() => LOST);
    state.rig.terminal.traces = { orders: [], recorded: [], complete: false };
    closing(state, ticket);
    await state.rig.clock.advance(60_000);
    expect(await close(state, ticket)).toMatchObject({ kind: 'refused', refusal: { code: 'BUSY' } });
    state.rig.safety.raise(kill());
    await state.rig.clock.advance(60_000);
    expect(state.rig.terminal.closes).toHaveLength(1);
    state.rig.terminal.traces = { orders: [], recorded: [], complete: true };
    await state.rig.clock.advance(20_000);
    expect(state.rig.terminal.closes).toHaveLength(2);
    expect(state.rig.safety.state().flattenPhase).toBe('FLAT');
    expect(opposite(state.rig.terminal)).toEqual([]);
  });

  test('carries another tag than the closes of a flatten', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open({ volumeLots: 0.2 });
    state.rig.terminal.closeScripts.push(() => answered(RETCODE.MARKET_CLOSED));
    await close(state, ticket);
    state.rig.safety.raise(kill());
    await state.rig.clock.advance(5_000);
    const comments = state.rig.terminal.closes.map(({ comment }) => comment);
    expect(comments).toHaveLength(2);
    expect(comments[0]).toMatch(/^operator~[a-z2-7]{12}$/);
    expect(new Set(comments.map((comment) => comment.slice(-12))).size).toBe(2);
  });
});

describe('a pending order that an operator cancels', () => {
  test('is cancelled', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.place();
    expect(await close(state, ticket)).toMatchObject({
      kind: 'done',
      ticket: { ticket, kind: 'order', state: 'CANCELLED' },
      message: 'cancelled',
    });
    expect(state.rig.terminal.pending.size).toBe(0);
    expect(rows(state)).toEqual([`${ticket} INTENT`, `${ticket} CANCELLED`]);
  });

  test('goes before a position with the same number, which stays', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.place();
    state.rig.terminal.open({ ticket });
    expect(await close(state, ticket)).toMatchObject({ ticket: { kind: 'order', state: 'CANCELLED' } });
    expect(state.rig.terminal.book.has(ticket)).toBe(true);
    expect(state.rig.terminal.closes).toEqual([]);
  });

  test('that has ended meanwhile is said to be gone', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.place();
    state.rig.terminal.cancelScripts.push(() => {
      state.rig.terminal.pending.delete(ticket);
      return answered(RETCODE.INVALID);
    });
    expect(await close(state, ticket)).toMatchObject({ kind: 'done', ticket: { state: 'GONE' } });
  });

  test('that the broker does not cancel is still there', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.place();
    state.rig.terminal.cancelScripts.push(() => answered(RETCODE.MARKET_CLOSED));
    expect(await close(state, ticket)).toMatchObject({ kind: 'failed', ticket: { code: 'MARKET_CLOSED' } });
    expect(state.rig.terminal.cancels).toHaveLength(1);
  });

  test('and whose answer is lost is looked for', async () => {
    const state = await haltedDesk();
    const first = state.rig.terminal.place().ticket;
    const second = state.rig.terminal.place().ticket;
    state.rig.terminal.cancelScripts.push(
      (_ticket, execute) => {
        execute();
        return LOST;
      },
      () => LOST,
    );
    expect(await close(state, first)).toMatchObject({ kind: 'done', ticket: { state: 'GONE' } });
    expect(await close(state, second)).toMatchObject({ kind: 'unknown', ticket: { state: 'UNKNOWN' } });
    expect(state.rig.terminal.cancels).toHaveLength(2);
  });
});

describe('a broken audit log', () => {
  test('does not keep risk from being reduced, and the answer says that it is not recorded', async () => {
    const state = await desk();
    state.rig.audit.breakDown();
    const { ticket } = state.rig.terminal.open();
    expect(await close(state, ticket)).toMatchObject({ kind: 'done', recorded: false });
    expect(state.rig.terminal.book.size).toBe(0);
    expect(rows(state)).toEqual([]);
  });

  test('that hangs is waited for no longer than a second', async () => {
    const state = await haltedDesk();
    state.rig.audit.hold();
    const { ticket } = state.rig.terminal.open();
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(999);
    expect(state.rig.terminal.closes).toEqual([]);
    await state.rig.clock.advance(1_001);
    expect(waiting.result).toMatchObject({ kind: 'done', recorded: false });
    expect(state.rig.terminal.book.size).toBe(0);
  });

  test('is said also where only the outcome could not be written', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.closeScripts.push((_close, execute) => {
      state.rig.audit.breakDown();
      return execute();
    });
    expect(await close(state, ticket)).toMatchObject({ kind: 'done', recorded: false });
    expect(rows(state)).toEqual([`${ticket} INTENT`]);
  });
});

describe('an operator and a flatten', () => {
  test('do not close the same position at once: the flatten has it', async () => {
    const state = await desk();
    state.rig.terminal.latencyMs = 100;
    const { ticket } = state.rig.terminal.open();
    state.rig.safety.raise(kill());
    await state.rig.clock.advance(450);
    expect(await close(state, ticket)).toMatchObject({ kind: 'refused', refusal: { code: 'BUSY' } });
    await state.rig.clock.advance(20_000);
    expect(state.rig.terminal.closes).toHaveLength(1);
    expect(opposite(state.rig.terminal)).toEqual([]);
  });

  test('do not close the same position at once: the operator has it', async () => {
    const state = await haltedDesk();
    state.rig.terminal.latencyMs = 100;
    const { ticket } = state.rig.terminal.open();
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(250);
    state.rig.safety.raise(kill());
    await state.rig.clock.advance(30_000);
    expect(waiting.result).toMatchObject({ kind: 'done', ticket: { state: 'CLOSED' } });
    expect(state.rig.terminal.closes).toHaveLength(1);
    expect(opposite(state.rig.terminal)).toEqual([]);
    expect(state.rig.safety.state().flattenPhase).toBe('FLAT');
  });

  test('go on with each other: what the operator could not close the flatten closes', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.everyClose = () => answered(RETCODE.REQUOTE);
    closing(state, ticket);
    await settle();
    state.rig.safety.raise(kill());
    await state.rig.clock.advance(300);
    state.rig.terminal.everyClose = (_close, execute) => execute();
    await state.rig.clock.advance(30_000);
    expect(state.rig.terminal.book.size).toBe(0);
    expect(state.rig.safety.state().flattenPhase).toBe('FLAT');
  });

  test('a ticket that is taken out of a flatten is the operator’s to close, once its last close has ended', async () => {
    const state = await desk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.everyClose = (_close, execute) =>
      new Promise((resolve) => {
        state.rig.clock.after(3_000, () => {
          resolve(state.rig.terminal.closes.length > 1 ? execute() : answered(RETCODE.MARKET_CLOSED));
        });
      });
    state.rig.safety.raise(kill());
    await state.rig.clock.advance(1_000);
    expect(state.rig.safety.takeOut(ticket, 'operator@here', 'mine')).toBe(true);
    expect(await close(state, ticket)).toMatchObject({ kind: 'refused', refusal: { code: 'BUSY' } });
    await state.rig.clock.advance(3_000);
    const waiting = closing(state, ticket);
    await state.rig.clock.advance(3_000);
    expect(waiting.result).toMatchObject({ kind: 'done', ticket: { state: 'CLOSED' } });
    expect(state.rig.terminal.closes).toHaveLength(2);
  });

  test('a flatten of the gateway’s own positions leaves the others to the operator', async () => {
    const state = await desk();
    const { ticket } = state.rig.terminal.open({ magic: 1n });
    state.rig.safety.raise(kill({ flatten: 'gateway' }));
    await settle();
    expect(await close(state, ticket)).toMatchObject({ kind: 'done' });
  });
});

describe('nothing is sent', () => {
  test('for a number that neither a position nor an order has, and the number is free again', async () => {
    const state = await haltedDesk();
    const ticket = toTicket(4_711);
    expect(await close(state, ticket)).toMatchObject({ kind: 'refused', refusal: { code: 'NOT_FOUND' } });
    state.rig.terminal.open({ ticket });
    expect(await close(state, ticket)).toMatchObject({ kind: 'done' });
  });

  test('while the terminal is away', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.terminal.become({ linked: false });
    expect(await close(state, ticket)).toMatchObject({ kind: 'refused', refusal: { code: 'TERMINAL_DISCONNECTED' } });
    expect(rows(state)).toEqual([]);
  });

  test('after a stop', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.desk.stop();
    state.desk.stop();
    expect(await close(state, ticket)).toMatchObject({ kind: 'refused', refusal: { code: 'BUSY' } });
    expect(state.rig.terminal.closes).toEqual([]);
  });

  test('when the gateway stops between the intent and the close', async () => {
    const state = await haltedDesk();
    const { ticket } = state.rig.terminal.open();
    state.rig.audit.hold();
    const waiting = closing(state, ticket);
    await settle();
    state.desk.stop();
    state.rig.audit.release();
    await settle();
    expect(waiting.result).toMatchObject({ kind: 'failed', ticket: { code: 'NOT_SENT' } });
    expect(state.rig.terminal.closes).toEqual([]);
  });
});

test('a stop ends the search for a lost close, which is recorded as unknown', async () => {
  const state = await haltedDesk();
  const { ticket } = state.rig.terminal.open();
  state.rig.terminal.closeScripts.push(() => LOST);
  state.rig.terminal.traces = { orders: [], recorded: [], complete: false };
  const waiting = closing(state, ticket);
  await state.rig.clock.advance(1_000);
  state.desk.stop();
  await settle();
  expect(waiting.result).toMatchObject({ kind: 'unknown' });
  expect(rows(state)).toEqual([`${ticket} INTENT`, `${ticket} UNKNOWN`]);
  const searches = state.rig.terminal.count('find');
  await state.rig.clock.advance(60_000);
  expect(state.rig.terminal.count('find')).toBe(searches);
});
