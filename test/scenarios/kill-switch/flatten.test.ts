import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../main/mt5/paper/paper-options.ts';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { FabricRig, type RigOptions } from '../fabric-rig.ts';
import { closesOf, expectFlat, expectNotFlat, ticketRows } from './flatness.ts';

/** A gateway whose client has opened so many positions. */
async function rigWithPositions(count: number, options: RigOptions = {}): Promise<FabricRig> {
  const rig = await FabricRig.start(options);
  const alpha = rig.brain('alpha');
  for (let n = 0; n < count; n += 1) alpha.open({ volume: 0.01 });
  await rig.advance(5_000 + (options.paper?.latencyMs ?? 0));
  expect(await rig.positions()).toHaveLength(count);
  return rig;
}

const phase = (rig: FabricRig) => rig.safety.state().flattenPhase;
const causes = (rig: FabricRig) => rig.safety.state().causes.map(({ kind, standing }) => `${kind} ${standing}`);
const resumeIsRefused = async (rig: FabricRig) => !(await rig.safety.resume('operator', 'let it trade again')).ok;

/** What ever was in the account: no deal turned a position round, and no position stood on the other side. */
async function expectNeverOpposite(rig: FabricRig): Promise<void> {
  const { deals } = await rig.paper.history();
  expect(deals.filter(({ entry }) => entry === 'INOUT')).toEqual([]);
  expect(deals.map(({ entry }) => entry)).toEqual(['IN', 'OUT']);
  const positions = rig.paper.transactions.flatMap((told) => ('position' in told ? [told.position] : []));
  expect(positions.length).toBeGreaterThan(0);
  expect(positions.filter(({ side }) => side !== 'BUY')).toEqual([]);
}

describe('AutoTrading is switched off midway', () => {
  test('kill switch 27: what the broker works on is closed, the rest is BLOCKED, said aloud, and goes on when it is back', async () => {
    const rig = await rigWithPositions(8, { paper: { latencyMs: 500 } });
    rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(250);
    rig.inject({ switchesOff: ['TERMINAL_TRADE_ALLOWED'] });
    await rig.advance(60_000);
    expect(await rig.positions()).toHaveLength(4);
    // Nothing is sent that cannot work, and nothing is called flat.
    expect(closesOf(rig)).toHaveLength(4);
    expect(phase(rig)).toBe('BLOCKED');
    expectNotFlat(rig);
    expect(causes(rig)).toContain('AUTOTRADING true');
    const told = rig.safety.state().causes.find(({ kind }) => kind === 'AUTOTRADING');
    expect(told?.reason).toMatch(/TERMINAL_TRADE_ALLOWED.*nothing can be closed or flattened from here/);
    expect(rig.rows().filter((type) => type === 'FLATTEN_BLOCKED')).toHaveLength(1);
    const blocked = rig.audit.rows.filter(({ status }) => status === 'BLOCKED');
    expect(blocked.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'TRADING_DISABLED'));
    expect(await resumeIsRefused(rig)).toBe(true);
    rig.inject({ switchesOff: [] });
    await rig.advance(10_000);
    expect(closesOf(rig)).toHaveLength(8);
    await expectFlat(rig);
  });
});

describe('the terminal is killed midway', () => {
  test('kill switch 28: closes whose answers are lost are not sent again, the rest waits, and all is finished on return', async () => {
    const rig = await rigWithPositions(8, { paper: { latencyMs: 500 } });
    const kill = rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(250);
    rig.inject({ linkDown: true });
    await rig.advance(60_000);
    expect(kill.answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', total_positions: 8 } });
    expect(phase(rig)).toBe('BLOCKED');
    expectNotFlat(rig);
    expect(causes(rig)).toContain('TERMINAL true');
    expect(await resumeIsRefused(rig)).toBe(true);
    rig.inject({ linkDown: false });
    await rig.settle();
    // It may have lost its latch: it is latched anew.
    expect(rig.written('halt')).toEqual([[2], [2]]);
    await rig.advance(20_000);
    expect(closesOf(rig)).toHaveLength(8);
    expect(new Set(closesOf(rig).map(({ ticket }) => ticket)).size).toBe(8);
    const { deals } = await rig.paper.history();
    expect(deals.filter(({ entry }) => entry === 'OUT')).toHaveLength(8);
    await expectFlat(rig);
  });

  test('kill switch 28: a terminal that was away when KILL came is latched before it closes anything', async () => {
    const rig = await rigWithPositions(2);
    rig.inject({ linkDown: true });
    const kill = rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(30_000);
    expect(kill.answer).toMatchObject({ status: 'SUCCESS', data: { mode: 'HALTED', flatten: 'BLOCKED' } });
    expectNotFlat(rig);
    expect(closesOf(rig)).toEqual([]);
    const calls = rig.process.calls.length;
    rig.inject({ linkDown: false });
    await rig.advance(10_000);
    const after = rig.process.calls.slice(calls).map(({ name }) => name);
    expect(after.indexOf('terminal.halt')).toBeGreaterThanOrEqual(0);
    expect(after.indexOf('terminal.halt')).toBeLessThan(after.indexOf('terminal.close'));
    await expectFlat(rig);
  });
});

describe('a netting close whose reply is lost', () => {
  test.each<[string, Fault, number]>([
    ['and that worked', { kind: 'lose', executed: true }, 1],
    ['and that did not work', { kind: 'lose', executed: false }, 2],
    ['and that worked, with a timeout for an answer', { kind: 'misreport', retcode: RETCODE.TIMEOUT }, 1],
  ])(
    'kill switch 29: a netting close whose reply is lost never opens the other side: %s',
    async (_how, fault, closes) => {
      const rig = await rigWithPositions(1, { paper: { marginMode: 'NETTING' } });
      rig.inject({ next: [fault] });
      rig.brain('beta').send('KILL_SWITCH');
      await rig.advance(30_000);
      expect(closesOf(rig)).toHaveLength(closes);
      await expectNeverOpposite(rig);
      await expectFlat(rig);
    },
  );

  test('kill switch 29: a netting close that is lost with the link, and worked, is found to have worked', async () => {
    const rig = await rigWithPositions(1, { paper: { marginMode: 'NETTING', latencyMs: 500 } });
    rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(250);
    rig.inject({ linkDown: true });
    await rig.advance(20_000);
    expect(closesOf(rig)).toHaveLength(1);
    expectNotFlat(rig);
    rig.inject({ linkDown: false });
    await rig.advance(20_000);
    expect(closesOf(rig)).toHaveLength(1);
    await expectNeverOpposite(rig);
    await expectFlat(rig);
  });
});

test('kill switch 29: a netting close that is given up for lost and works later is not sent a second time', async () => {
  const paper = { marginMode: 'NETTING', latencyMs: 20_000 } as const;
  const rig = await rigWithPositions(1, { paper, linkedTerminal: true });
  rig.brain('beta').send('KILL_SWITCH');
  await rig.advance(19_999);
  expect(phase(rig)).toBe('UNKNOWN');
  expect(ticketRows(rig).at(-1)).toContain('UNKNOWN');
  expectNotFlat(rig);
  await rig.advance(30_000);
  expect(closesOf(rig)).toHaveLength(1);
  await expectNeverOpposite(rig);
  await expectFlat(rig);
});

describe('the user closes by hand meanwhile', () => {
  test('kill switch 30: a position that the user closes between two tries is gone, and no close is sent for it', async () => {
    const rig = await rigWithPositions(1, { paper: { marginMode: 'NETTING' } });
    const [position] = await rig.positions();
    rig.inject({ next: [{ kind: 'refuse', retcode: RETCODE.REQUOTE }] });
    rig.brain('beta').send('KILL_SWITCH');
    await rig.settle();
    await rig.closeByHand(position!);
    await rig.advance(5_000);
    expect(closesOf(rig)).toHaveLength(1);
    expect(ticketRows(rig).at(-1)).toBe(`${position!.ticket} CLOSED`);
    const report = await rig.safety.killReport();
    expect(report).toMatchObject({ positions_closed: 0, total_positions: 1, tickets: [{ state: 'GONE' }] });
    await expectNeverOpposite(rig);
    await expectFlat(rig);
  });

  test('kill switch 30: a position that the user closes while our close is with the broker is closed once', async () => {
    const rig = await rigWithPositions(1, { paper: { marginMode: 'NETTING', latencyMs: 500 } });
    const [position] = await rig.positions();
    const byHand = rig.closeByHand(position!);
    await rig.advance(100);
    rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(10_000);
    await byHand;
    expect(closesOf(rig)).toHaveLength(1);
    expect(await rig.safety.killReport()).toMatchObject({ positions_closed: 0, tickets: [{ state: 'GONE' }] });
    await expectNeverOpposite(rig);
    await expectFlat(rig);
  });
});

describe('a manual position appears', () => {
  test('kill switch 31: a manual position that appears before the account is flat is closed, and the two looks begin anew', async () => {
    const rig = await rigWithPositions(1);
    rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(1_900);
    await rig.openByHand({ symbol: 'XAUUSD' });
    await rig.settle();
    expect(closesOf(rig).map(({ symbol }) => symbol)).toEqual(['EURUSD', 'XAUUSD']);
    expect(await rig.positions()).toEqual([]);
    await rig.advance(1_999);
    expectNotFlat(rig);
    await rig.advance(1_001);
    await expectFlat(rig);
  });

  test("kill switch 31: a flatten of the gateway's own leaves a manual position alone", async () => {
    const rig = await rigWithPositions(1);
    await rig.openByHand();
    rig.brain('beta').send('KILL_SWITCH', { flatten: 'gateway' });
    await rig.advance(1_000);
    await rig.openByHand({ symbol: 'XAUUSD' });
    await rig.advance(5_000);
    expect(closesOf(rig)).toHaveLength(1);
    expect((await rig.positions()).map(({ comment }) => comment)).toEqual(['by hand', 'by hand']);
    expect(phase(rig)).toBe('FLAT');
  });

  test('kill switch 31: a manual position that appears after the account was flat is left to whoever opened it', async () => {
    const rig = await rigWithPositions(1);
    rig.brain('beta').send('KILL_SWITCH');
    await rig.advance(3_000);
    await expectFlat(rig);
    await rig.openByHand();
    await rig.advance(120_000);
    expect(await rig.positions()).toHaveLength(1);
    expect(closesOf(rig)).toHaveLength(1);
  });
});
