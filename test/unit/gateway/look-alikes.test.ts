import { describe, expect, it } from 'vitest';
import { RETCODE } from '../../../main/mt5/retcodes.ts';
import { Rig } from './rig.ts';

const LIMIT = { symbol: 'EURUSD', side: 'BUY', type: 'LIMIT', volume: 0.1, price: 0.5 };

/** A broker that has rewritten the comment of a pending order and whose answer to it is lost. */
async function withoutProof() {
  const { rig, paper } = await Rig.onPaper();
  paper.terminal.inject({ commentsRewritten: true, next: [{ kind: 'misreport', retcode: RETCODE.TIMEOUT }] });
  await rig.ask('OPEN_ORDER', { reqId: 'a', payload: LIMIT });
  const orders = await paper.terminal.orders();
  if (!orders.ok || orders.value.length !== 1) throw new Error('the order is not there');
  return { rig, paper, ticket: orders.value[0]!.ticket };
}

describe('a pending order whose tag the broker has overwritten, and whose answer is lost', () => {
  it('stays UNKNOWN as long as it waits', async () => {
    const { rig } = await withoutProof();
    await rig.clock.advance(600_000);
    expect(rig.statuses('a').at(-1)).toBe('UNKNOWN');
  });

  it('is not said not to have happened when it was cancelled meanwhile', async () => {
    const { rig, paper, ticket } = await withoutProof();
    await paper.cancel(ticket);
    await rig.clock.advance(600_000);
    expect(rig.statuses('a').at(-1)).toBe('UNKNOWN');
  });
});

describe('a pending order that did not happen', () => {
  it('is not taken for one of before that was cancelled, whose tag is there', async () => {
    const { rig, paper } = await Rig.onPaper();
    await rig.ask('OPEN_ORDER', { reqId: 'before', payload: LIMIT });
    const placed = await rig.known('before');
    await paper.cancel(BigInt((placed['data'] as { ticket: number }).ticket) as never);
    paper.terminal.inject({ next: [{ kind: 'refuse', retcode: RETCODE.TIMEOUT }] });
    await rig.ask('OPEN_ORDER', { reqId: 'a', payload: LIMIT });
    await rig.clock.advance(600_000);
    expect(rig.statuses('a')).toContain('EXPIRED');
  });
});
