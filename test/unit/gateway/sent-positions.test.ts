import { describe, expect, it } from 'vitest';
import type { ClosePlan } from '../../../main/gateway/plan.ts';
import { readSentPositions, sentPayload, sentPositions } from '../../../main/gateway/sent-positions.ts';
import { toTicket } from '../../../main/protocol/ticket.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

const BIG = toTicket(9_007_199_254_740_993n);

function closeOf(volumeLots?: number): ClosePlan {
  const position = new FakeTerminal(new SimulatedClock()).open({
    ticket: BIG,
    identifier: toTicket(7),
    side: 'SELL',
    volumeLots: 0.3,
    magic: 2n ** 63n,
  });
  const volume = volumeLots === undefined ? {} : { volumeLots };
  const close = { ticket: BIG, symbol: 'EURUSD', ...volume, deviationPoints: 20, magic: position.magic, comment: '' };
  return { kind: 'close', close, position, tag: 'abcdefghijkl' };
}

describe('the positions that a command went out for', () => {
  it('are read back from their row as they were, numbers past 2^53 exact', () => {
    const plan = { kind: 'close-all', filter: {}, tag: 'abcdefghijkl', closes: [closeOf(), closeOf(0.1)] } as const;
    const read = readSentPositions(sentPayload(plan) ?? '');
    expect(read).toEqual(sentPositions(plan));
    const position = { ticket: BIG, positionId: toTicket(7), symbol: 'EURUSD', side: 'SELL', magic: 2n ** 63n };
    expect(read).toEqual([
      { ...position, volumeLots: 0.3 },
      { ...position, volumeLots: 0.1 },
    ]);
  });

  it('are none for an order, and where a row tells of none', () => {
    expect(sentPayload({ kind: 'cancel', ticket: BIG })).toBeNull();
    expect(readSentPositions(undefined)).toEqual([]);
  });
});
