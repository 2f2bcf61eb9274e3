import { beforeEach, describe, expect, it } from 'vitest';
import { retcodeName } from '../../../../main/mt5/retcodes.ts';
import type { Ticket } from '../../../../main/protocol/ticket.ts';
import { answer, OPEN_FENCE } from '../../../fakes/paper-orders.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';

let rig: PaperRig;

beforeEach(async () => {
  rig = await PaperRig.start();
});

/** GBPUSD has a freeze level of 5 points, and stands at 1.30000 to 1.30020. */
const GBPUSD = { symbol: 'GBPUSD' } as const;

const stops = async (ticket: Ticket, sl: number, tp: number) =>
  retcodeName((await answer(rig.terminal.modifyPosition({ ticket, sl, tp }, OPEN_FENCE))).retcode);
const move = async (ticket: Ticket, price: number) =>
  retcodeName((await answer(rig.terminal.modifyOrder({ ticket, price, sl: 0, tp: 0 }, OPEN_FENCE))).retcode);

describe('the freeze level', () => {
  it('freezes a position whose stop the price has come near, until it has gone away again (10029)', async () => {
    const { position } = await rig.send({ ...GBPUSD, sl: 1.299, tp: 1.31 });
    rig.quote('GBPUSD', 1.29906, 1.29926);
    expect(await stops(position, 1.298, 1.31)).toBe('DONE');
    expect(await stops(position, 1.2988, 1.31)).toBe('DONE');
    rig.quote('GBPUSD', 1.29885, 1.29905);
    expect(await stops(position, 1.298, 1.31)).toBe('FROZEN');
    expect(await stops(position, 0, 0)).toBe('FROZEN');
    rig.quote('GBPUSD', 1.29886, 1.29906);
    expect(await stops(position, 1.298, 1.31)).toBe('DONE');
  });

  it('freezes it near its take profit too', async () => {
    const { position } = await rig.send({ ...GBPUSD, tp: 1.31 });
    rig.quote('GBPUSD', 1.30995, 1.31015);
    expect(await stops(position, 1.29, 1.31)).toBe('FROZEN');
  });

  it('freezes a pending order that the price has come near: it is neither moved nor removed', async () => {
    const { order } = await rig.send({ ...GBPUSD, type: 'LIMIT', price: 1.299 });
    rig.quote('GBPUSD', 1.29885, 1.29905);
    expect(await move(order, 1.298)).toBe('FROZEN');
    expect(retcodeName((await rig.cancel(order)).retcode)).toBe('FROZEN');
    rig.quote('GBPUSD', 1.29886, 1.29906);
    expect(await move(order, 1.298)).toBe('DONE');
    expect(retcodeName((await rig.cancel(order)).retcode)).toBe('DONE');
  });

  it('does not hold up a close', async () => {
    const { position } = await rig.send({ ...GBPUSD, sl: 1.299 });
    rig.quote('GBPUSD', 1.29905, 1.29925);
    expect(retcodeName((await rig.close(position, GBPUSD)).retcode)).toBe('DONE');
  });

  it('of 0 freezes nothing', async () => {
    const { position } = await rig.send({ sl: 1.0999 });
    rig.quote('EURUSD', 1.09991, 1.10001);
    expect(await stops(position, 1.098, 0)).toBe('DONE');
  });
});
