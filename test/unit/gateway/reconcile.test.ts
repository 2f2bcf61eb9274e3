import { describe, expect, it } from 'vitest';
import { LOST } from '../../fakes/fake-terminal.ts';
import { ORDER, Rig } from './rig.ts';

describe('commands of unknown outcome and the trading state', () => {
  it('the cause is cleared when the last of them is known, not before', async () => {
    const rig = new Rig();
    const unsure = (reqId: string) => {
      rig.terminal.sendScripts.push(() => LOST);
      return rig.open({ reqId });
    };
    await unsure('a');
    await rig.clock.advance(500);
    await unsure('b');
    await rig.clock.advance(300);
    expect([rig.statuses('a').includes('EXPIRED'), rig.core.lane.inFlight]).toEqual([true, 1]);
    expect(rig.safety.cleared).toEqual([]);
    await rig.clock.advance(1_000);
    expect(rig.core.lane.inFlight).toBe(0);
    expect(rig.safety.cleared).toEqual(['UNKNOWN_ORDER']);
  });
});

describe('a program that ended before its answer', () => {
  it('has begun a command and shows nothing of it: it did not happen', async () => {
    const rig = new Rig();
    rig.terminal.traces = { orders: [], recorded: [{ result: null }], complete: true };
    rig.terminal.sendScripts.push(() => LOST);
    await rig.open({ reqId: 'a' });
    await rig.clock.advance(700);
    expect(rig.statuses('a').at(-1)).toBe('UNKNOWN');
    await rig.clock.advance(100);
    expect(rig.statuses('a')).toContain('EXPIRED');
  });
});

describe('a terminal that comes back', () => {
  it('is asked at once, however long the pauses have grown meanwhile', async () => {
    const { rig, paper } = await Rig.onPaper();
    const send = paper.terminal.send.bind(paper.terminal);
    paper.terminal.send = async (...call) => {
      await send(...call);
      paper.terminal.inject({ linkDown: true });
      return LOST;
    };
    await rig.ask('OPEN_ORDER', { reqId: 'a', payload: ORDER });
    await rig.clock.advance(600_000);
    expect(rig.statuses('a').at(-1)).toBe('UNKNOWN');
    paper.terminal.inject({ linkDown: false });
    await rig.clock.advance(1);
    await rig.settle();
    expect(rig.statuses('a')).toContain('DONE');
  });
});

describe('a full close that was filled in part, and whose answer is lost', () => {
  it('is PARTIAL with what was closed', async () => {
    const { rig, paper } = await Rig.onPaper();
    const { position: ticket } = await paper.send({ volumeLots: 0.4 });
    const close = paper.terminal.close.bind(paper.terminal);
    paper.terminal.close = async (...call) => {
      paper.terminal.inject({ next: [{ kind: 'fill-part', share: 0.5 }] });
      await close(...call);
      return LOST;
    };
    await rig.ask('CLOSE_POSITION', { reqId: 'c', payload: { ticket } });
    await rig.clock.advance(1);
    expect(await rig.known('c')).toMatchObject({ state: 'PARTIAL', status: 'SUCCESS', data: { volume: 0.2 } });
  });

  it('is PARTIAL also after a crash: the row says how much went out', async () => {
    const { rig: before, paper } = await Rig.onPaper();
    const { position: ticket } = await paper.send({ volumeLots: 0.4 });
    const close = paper.terminal.close.bind(paper.terminal);
    paper.terminal.close = async (...call) => {
      paper.terminal.inject({ next: [{ kind: 'fill-part', share: 0.5 }] });
      await close(...call);
      return new Promise(() => {});
    };
    await before.ask('CLOSE_POSITION', { reqId: 'c', payload: { ticket } });
    const rig = before.restarted();
    expect(await rig.recovered()).toMatchObject({ executed: 1 });
    expect(await rig.known('c')).toMatchObject({ state: 'PARTIAL', data: { volume: 0.2, side: 'SELL' } });
  });
});

describe('a command that no evidence tells of', () => {
  async function unsure() {
    const rig = new Rig();
    rig.terminal.isHistoryComplete = false;
    rig.terminal.sendScripts.push(() => LOST);
    await rig.open({ reqId: 'a', client: 'alpha' });
    await rig.clock.advance(600_000);
    expect(rig.statuses('a')).toEqual(['ACCEPTED', 'DISPATCHING', 'UNKNOWN']);
    return rig;
  }
  const said = { by: 'operator@desk', reason: 'looked at the account' };

  it('is listed, with why it is not known', async () => {
    const rig = await unsure();
    expect(rig.reconciler.openSearches()).toMatchObject([
      { reqId: 'a', client: 'alpha', kind: 'open', why: expect.stringContaining('history') as string },
    ]);
  });

  it.each([
    [true, 'DONE', { status: 'SUCCESS', data: { status: 'SUCCESS', decided_by: 'operator@desk' } }],
    [false, 'EXPIRED', { status: 'ERROR', code: 'TERMINAL_TIMEOUT' }],
  ])('ends as a person says (%s): recorded with who and why, and told', async (hasHappened, state, answer) => {
    const rig = await unsure();
    expect(rig.reconciler.decide({ reqId: 'a', hasHappened, ...said })).toBe(true);
    await rig.settle();
    expect(rig.statuses('a')).toContain(state);
    expect(await rig.known('a', 'alpha')).toMatchObject(answer);
    const row = rig.audit.rows.findLast(({ type }) => type === 'RECONCILED');
    expect(row?.reason).toMatch(/operator@desk says that it .*looked at the account/);
    expect(rig.safety.cleared).toEqual(['UNKNOWN_ORDER']);
    expect(rig.reconciler.openSearches()).toEqual([]);
    await rig.clock.advance(600_000);
    expect(rig.statuses('a').filter((status) => status === state)).toHaveLength(1);
  });

  it('stays open where nobody is meant, or more than one', async () => {
    const rig = await unsure();
    rig.terminal.sendScripts.push(() => LOST);
    await rig.open({ reqId: 'a', client: 'beta' });
    await rig.clock.advance(1_000);
    expect(rig.reconciler.decide({ reqId: 'b', hasHappened: false, ...said })).toBe(false);
    expect(rig.reconciler.decide({ reqId: 'a', hasHappened: false, ...said })).toBe(false);
    expect(rig.reconciler.decide({ reqId: 'a', client: 'beta', hasHappened: false, ...said })).toBe(true);
    expect(rig.reconciler.openSearches()).toMatchObject([{ client: 'alpha' }]);
  });
});
