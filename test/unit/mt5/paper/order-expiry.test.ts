import { describe, expect, it } from 'vitest';
import { answer, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

async function withOrder(expiresInMs: number) {
  const rig = await PaperRig.start();
  const expirationMs = rig.clock.nowMs() + expiresInMs;
  const { order: ticket } = await rig.send({ type: 'LIMIT', price: 1.09, expirationMs });
  return { rig, ticket, expirationMs };
}

describe('a pending order while no price moves', () => {
  it('ends at its expiration, and not before', async () => {
    const { rig, ticket, expirationMs } = await withOrder(90_000);
    await rig.clock.advance(89_999);
    expect(await rig.orders()).toHaveLength(1);
    await rig.clock.advance(1);
    expect(await rig.orders()).toEqual([]);
    expect((await rig.history()).orders).toMatchObject([{ ticket, state: 'EXPIRED', doneAtMs: expirationMs }]);
    expect(rig.transactions.at(-1)).toMatchObject({ kind: 'ORDER_REMOVED' });
  });

  it('ends at the expiration that it was given later, or never', async () => {
    const { rig, ticket } = await withOrder(60_000);
    const expirationMs = rig.clock.nowMs() + 120_000;
    const change = { ticket, price: 1.09, sl: 0, tp: 0 };
    await answer(rig.terminal.modifyOrder({ ...change, expirationMs }, OPEN_FENCE));
    await rig.clock.advance(119_999);
    expect(await rig.orders()).toHaveLength(1);
    await answer(rig.terminal.modifyOrder(change, OPEN_FENCE));
    await rig.clock.advance(86_400_000);
    expect(await rig.orders()).toHaveLength(1);
  });

  it('of an earlier run ends at its expiration', async () => {
    const { rig } = await withOrder(60_000);
    await rig.terminal.stop();
    const next = await rig.revive();
    await rig.clock.advance(60_000);
    expect(await next.orders()).toEqual([]);
  });

  it('ends within a minute of its expiration when the clock is set past it', async () => {
    const { rig } = await withOrder(3_600_000);
    rig.clock.stepWall(3_600_000);
    await rig.clock.advance(60_000);
    expect(await rig.orders()).toEqual([]);
  });

  it('stays in the journal as it is when the terminal has been stopped before its expiration', async () => {
    const { rig } = await withOrder(60_000);
    await rig.terminal.stop();
    const journal = rig.journal();
    await rig.clock.advance(120_000);
    expect(rig.journal()).toBe(journal);
  });
});
