import { describe, expect, it } from 'vitest';
import type { TerminalState, TradeOutcome } from '../../../../main/mt5/handler.ts';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { anOrder, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { PaperRig, value } from '../../../fakes/paper-rig.ts';

const SLOW = { latencyMs: 3_000 };
const EPOCH_1 = { epoch: 1, validUntilMonoMs: Infinity };

function kindOf(call: Promise<TradeOutcome>): Promise<TradeOutcome['kind']> {
  return call.then(({ kind }) => kind);
}

describe('a fault', () => {
  it('that loses the reply leaves an order that was executed, and can be found by its tag', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'lose', executed: true }] } });
    expect(await kindOf(rig.terminal.send(anOrder({ comment: 'mine~lostlostlost' }), OPEN_FENCE))).toBe('lost');
    const traces = value(await rig.terminal.find('lostlostlost'));
    expect([traces.complete, traces.positions.length, traces.orders.length, traces.deals.length]).toEqual([
      true,
      1,
      1,
      1,
    ]);
  });

  it('that loses the order leaves nothing, and the search that finds nothing is complete', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'lose', executed: false }] } });
    expect(await kindOf(rig.terminal.send(anOrder(), OPEN_FENCE))).toBe('lost');
    const nothing = { complete: true, positions: [], pending: [], orders: [], recorded: [], deals: [] };
    expect(value(await rig.terminal.find('abcdefghijkl'))).toEqual(nothing);
  });

  it('that misreports executes and answers another retcode, like a timeout that was filled', async () => {
    const rig = await PaperRig.start({ faults: { next: [{ kind: 'misreport', retcode: RETCODE.TIMEOUT }] } });
    expect(await rig.send()).toMatchObject({ retcode: RETCODE.TIMEOUT, order: 0n, deal: 0n, volumeLots: 0 });
    expect(await rig.positions()).toHaveLength(1);
  });

  it('befalls one attempt each, in their order', async () => {
    const refuse = (retcode: number) => ({ kind: 'refuse', retcode }) as const;
    const rig = await PaperRig.start({ faults: { next: [refuse(10004), { kind: 'none' }, refuse(99_999)] } });
    const retcodes = [];
    for (let count = 0; count < 4; count += 1) retcodes.push((await rig.send()).retcode);
    expect(retcodes).toEqual([10004, RETCODE.DONE, 99_999, RETCODE.DONE]);
    expect(rig.terminal.requests).toBe(4);
  });

  it('of the link keeps new calls unsent, loses the replies of those under way, and is told', async () => {
    const rig = await PaperRig.start(SLOW);
    const states: TerminalState[] = [];
    rig.terminal.onState((state) => states.push(state));
    const underWay = kindOf(rig.terminal.send(anOrder(), OPEN_FENCE));
    rig.terminal.inject({ linkDown: true });
    expect(await kindOf(rig.terminal.send(anOrder(), OPEN_FENCE))).toBe('unsent');
    expect(await rig.terminal.positions()).toMatchObject({ ok: false, code: 'TERMINAL_DISCONNECTED' });
    await rig.clock.advance(3_000);
    expect(await underWay).toBe('lost');
    rig.terminal.inject({ linkDown: false });
    expect(states.map(({ linked }) => linked)).toEqual([false, true]);
    expect(await rig.positions()).toHaveLength(1);
  });

  it('of the link does not keep a halt from latching, though it is not acked', async () => {
    const rig = await PaperRig.start({ faults: { linkDown: true } });
    expect(await rig.terminal.halt(1)).toBe(false);
    rig.terminal.inject({ linkDown: false });
    expect(await kindOf(rig.terminal.send(anOrder(), EPOCH_1))).toBe('fenced');
  });

  it('of AutoTrading shows in the state by the switch’s name', async () => {
    const rig = await PaperRig.start();
    expect(rig.terminal.state().tradingBlockedBy).toEqual([]);
    rig.terminal.inject({ switchesOff: ['TERMINAL_TRADE_ALLOWED'] });
    expect(rig.terminal.state()).toMatchObject({ linked: true, tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'] });
  });

  it('of a broker that writes its own comments takes the tag away', async () => {
    const rig = await PaperRig.start({ faults: { commentsRewritten: true } });
    await rig.send({ comment: 'mine~abcdefghijkl', magic: 9n });
    expect(value(await rig.terminal.find('abcdefghijkl'))).toMatchObject({ positions: [], deals: [] });
    expect(value(await rig.terminal.positions({ magic: 9n }))).toHaveLength(1);
  });

  it('comes by chance at the rate that was set, the same ones for the same seed', async () => {
    const outcomes = async (seed: number) => {
      const rig = await PaperRig.start({ seed, rejectRate: 0.3, requoteRate: 0.3 });
      const retcodes = [];
      for (let count = 0; count < 60; count += 1) retcodes.push((await rig.send({ volumeLots: 0.01 })).retcode);
      return retcodes;
    };
    const first = await outcomes(1);
    expect(new Set(first)).toEqual(new Set([RETCODE.DONE, RETCODE.REJECT, RETCODE.REQUOTE]));
    expect(await outcomes(1)).toEqual(first);
    expect(await outcomes(2)).not.toEqual(first);
  });
});
