import { describe, expect, it } from 'vitest';
import type { TradeOutcome } from '../../../../main/mt5/handler.ts';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { anOrder, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { isSettled, PaperRig } from '../../../fakes/paper-rig.ts';

const SLOW = { latencyMs: 3_000 };
const EPOCH_1 = { epoch: 1, validUntilMonoMs: Infinity };

function kindOf(call: Promise<TradeOutcome>): Promise<TradeOutcome['kind']> {
  return call.then(({ kind }) => kind);
}

describe('an order at the paper terminal', () => {
  it('is executed in the call itself when there is no latency', async () => {
    const rig = await PaperRig.start();
    void rig.send();
    expect(rig.transactions.map(({ kind }) => kind)).toEqual([
      'ORDER_ADDED',
      'DEAL',
      'ORDER_REMOVED',
      'POSITION_OPENED',
    ]);
  });

  it('takes the latency otherwise, and is filled at the price of its end', async () => {
    const rig = await PaperRig.start(SLOW);
    const sent = rig.send();
    await rig.clock.advance(2_999);
    expect(await rig.positions()).toEqual([]);
    rig.quote('EURUSD', 1.2, 1.2001);
    await rig.clock.advance(1);
    expect((await sent).price).toBe(1.2001);
  });

  it('is requoted by instant execution when the price has moved further than its deviation (10004)', async () => {
    const rig = await PaperRig.start(SLOW);
    const strict = rig.send({ symbol: 'GBPUSD', deviationPoints: 20 });
    const patient = rig.send({ symbol: 'GBPUSD', deviationPoints: 21 });
    rig.quote('GBPUSD', 1.30021, 1.30041);
    await rig.clock.advance(3_000);
    expect(await strict).toMatchObject({ retcode: RETCODE.REQUOTE, ask: 1.30041 });
    expect(await patient).toMatchObject({ retcode: RETCODE.DONE, price: 1.30041 });
  });

  it('is one of four at work; others wait and begin in order', async () => {
    const rig = await PaperRig.start(SLOW);
    const sent = Array.from({ length: 6 }, (_, count) => rig.send({ magic: BigInt(count) }));
    await rig.clock.advance(3_000);
    expect((await rig.positions()).map(({ magic }) => magic)).toEqual([0n, 1n, 2n, 3n]);
    await rig.clock.advance(3_000);
    expect((await Promise.all(sent)).map(({ order }) => order)).toEqual([1001n, 1003n, 1005n, 1007n, 1009n, 1011n]);
  });

  it('does not overtake those that wait, also when it is sent on the news of a fill', async () => {
    const rig = await PaperRig.start(SLOW);
    const stopListening = rig.terminal.onTransaction(() => {
      stopListening();
      void rig.send({ magic: 99n });
    });
    for (let count = 0; count < 5; count += 1) void rig.send({ magic: BigInt(count) });
    await rig.clock.advance(6_000);
    expect((await rig.positions()).map(({ magic }) => magic)).toEqual([0n, 1n, 2n, 3n, 4n, 99n]);
  });

  it('is refused when a thousand wait already (10024)', async () => {
    const rig = await PaperRig.start(SLOW);
    const waiting = Array.from({ length: 1_004 }, () => rig.send());
    expect((await rig.send()).retcode).toBe(RETCODE.TOO_MANY_REQUESTS);
    expect(await isSettled(Promise.race(waiting))).toBe(false);
  });
});

describe('a halt', () => {
  it('refuses new orders and changes of orders from then on', async () => {
    const rig = await PaperRig.start();
    const { order: ticket } = await rig.send({ type: 'LIMIT', price: 1.09 });
    expect(await rig.terminal.halt(1)).toBe(true);
    expect(await kindOf(rig.terminal.send(anOrder(), EPOCH_1))).toBe('fenced');
    const change = { ticket, price: 1.08, sl: 0, tp: 0 };
    expect(await kindOf(rig.terminal.modifyOrder(change, EPOCH_1))).toBe('fenced');
  });

  it('lets positions be closed and orders be cancelled at its epoch, not at an older one', async () => {
    const rig = await PaperRig.start();
    const { position } = await rig.send();
    const { order } = await rig.send({ type: 'LIMIT', price: 1.09 });
    await rig.terminal.halt(1);
    await expect(rig.close(position, {}, OPEN_FENCE)).rejects.toThrow('fenced');
    await expect(rig.cancel(order, OPEN_FENCE)).rejects.toThrow('fenced');
    expect((await rig.close(position, {}, EPOCH_1)).retcode).toBe(RETCODE.DONE);
    expect((await rig.cancel(order, EPOCH_1)).retcode).toBe(RETCODE.DONE);
  });

  it('goes past the queue: waiting orders are refused at once, those under way still fill', async () => {
    const rig = await PaperRig.start(SLOW);
    const underWay = Array.from({ length: 4 }, () => kindOf(rig.terminal.send(anOrder(), OPEN_FENCE)));
    const waiting = kindOf(rig.terminal.send(anOrder(), OPEN_FENCE));
    await rig.terminal.halt(1);
    expect(await isSettled(waiting)).toBe(true);
    expect(await waiting).toBe('fenced');
    await rig.clock.advance(3_000);
    expect(await Promise.all(underWay)).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(await rig.positions()).toHaveLength(4);
  });

  it('leaves a waiting close of its own epoch in the queue', async () => {
    const rig = await PaperRig.start({ ...SLOW, latencyMs: 1_000 });
    const opening = Array.from({ length: 4 }, () => rig.send());
    await rig.clock.advance(1_000);
    const [first] = await Promise.all(opening);
    for (let count = 0; count < 4; count += 1) void rig.send();
    const closing = rig.close(first!.position, {}, EPOCH_1);
    await rig.terminal.halt(1);
    await rig.clock.advance(2_000);
    expect((await closing).retcode).toBe(RETCODE.DONE);
  });

  it('is lifted by a release of its epoch or a later one, and by nothing else', async () => {
    const rig = await PaperRig.start();
    await rig.terminal.halt(5);
    expect(await rig.terminal.release(4)).toBe(false);
    expect(await kindOf(rig.terminal.send(anOrder(), { ...EPOCH_1, epoch: 6 }))).toBe('fenced');
    expect(await rig.terminal.release(6)).toBe(true);
    expect(await kindOf(rig.terminal.send(anOrder(), { ...EPOCH_1, epoch: 5 }))).toBe('fenced');
    expect(await kindOf(rig.terminal.send(anOrder(), { ...EPOCH_1, epoch: 6 }))).toBe('answered');
  });

  it('never lowers the epoch, so that halts may arrive in any order', async () => {
    const rig = await PaperRig.start();
    await rig.terminal.halt(7);
    await rig.terminal.halt(3);
    expect(await rig.terminal.release(6)).toBe(false);
  });
});

describe('the fence of a call', () => {
  it('is looked at when the call leaves the queue, not when it is given', async () => {
    const rig = await PaperRig.start(SLOW);
    for (let count = 0; count < 4; count += 1) void rig.send();
    const queued = kindOf(rig.terminal.send(anOrder(), { epoch: 0, validUntilMonoMs: 2_999 }));
    const inTime = kindOf(rig.terminal.send(anOrder(), { epoch: 0, validUntilMonoMs: 3_000 }));
    await rig.clock.advance(3_000);
    expect(await queued).toBe('expired');
    await rig.clock.advance(3_000);
    expect(await inTime).toBe('answered');
    expect(await rig.positions()).toHaveLength(5);
  });
});
