import { describe, expect, it } from 'vitest';
import { HeadWitness } from '../../../main/audit/head-witness.ts';
import type { FabricEvent } from '../../../main/protocol/events.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';

function rig() {
  const clock = new SimulatedClock();
  const told: FabricEvent[] = [];
  let seq = 1;
  const audit = { head: () => ({ seq, hash: `hash of ${seq}` }) };
  const witness = new HeadWitness({ clock, audit, announce: (event) => told.push(event) });
  witness.start();
  const grow = (rows: number) => {
    seq += rows;
  };
  return { clock, told, witness, grow, seqs: () => told.map(({ data }) => data['seq']) };
}

describe('the witness of the log', () => {
  it('tells seq and hash of the last row', async () => {
    const { clock, told } = rig();
    await clock.advance(1_000);
    expect(told).toMatchObject([{ event: 'AUDIT_HEAD', data: { seq: 1, hash: 'hash of 1' } }]);
  });

  it('audit log 07: the head is told again after 100 rows, not after 99', async () => {
    const { clock, grow, seqs } = rig();
    await clock.advance(1_000);
    grow(99);
    await clock.advance(1_000);
    expect(seqs()).toEqual([1]);
    grow(1);
    await clock.advance(1_000);
    expect(seqs()).toEqual([1, 101]);
  });

  it('audit log 07: the head of fewer rows is told after 60 s, and none where nothing was written', async () => {
    const { clock, grow, seqs } = rig();
    await clock.advance(1_000);
    grow(1);
    await clock.advance(61_000);
    expect(seqs()).toEqual([1, 2]);
    await clock.advance(180_000);
    expect(seqs()).toEqual([1, 2]);
  });

  it('tells at once when asked, and looks no more once it is stopped', async () => {
    const { clock, grow, witness, seqs } = rig();
    witness.tell();
    expect(seqs()).toEqual([1]);
    witness.stop();
    grow(1_000);
    await clock.advance(120_000);
    expect(seqs()).toEqual([1]);
  });
});
