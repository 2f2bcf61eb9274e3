import { describe, expect, it } from 'vitest';
import { Asked } from '../../../../main/control/live/asked.ts';
import type { Query, Transaction } from '../../../../main/mt5/handler.ts';
import { Listeners } from '../../../../main/mt5/listeners.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

const AWAY = { ok: false, code: 'TERMINAL_DISCONNECTED', message: 'the terminal does not answer' } as const;

function askedOf(takesMs = 0) {
  const clock = new SimulatedClock();
  const transactions = new Listeners<Transaction>();
  const rig = { clock, asks: 0, told: 0, answer: (): Query<number> | Error => ({ ok: true, value: rig.asks }) };
  const ask = (): Promise<Query<number>> => {
    rig.asks += 1;
    const answer = rig.answer();
    return new Promise((resolve, reject) => {
      clock.after(takesMs, () => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  };
  const terminal = { onTransaction: (listener: (transaction: Transaction) => void) => transactions.add(listener) };
  const asked = new Asked(ask, { clock, terminal });
  const watch = () => asked.watch(() => void (rig.told += 1));
  const transact = () => transactions.tell({ kind: 'POSITION_OPENED' } as Transaction);
  return Object.assign(rig, { asked, watch, transact });
}

describe('what the terminal is asked for', () => {
  it('is asked at once and then once a second, while somebody looks', async () => {
    const rig = askedOf();
    await rig.clock.advance(5_000);
    expect(rig.asks).toBe(0);
    const end = rig.watch();
    await rig.clock.advance(4_500);
    expect(rig.asks).toBe(5);
    end();
    await rig.clock.advance(5_000);
    expect(rig.asks).toBe(5);
  });

  it('is asked again at once after a change in the book, but no more than 10 times a second', async () => {
    const rig = askedOf();
    rig.watch();
    await rig.clock.advance(500);
    rig.transact();
    await rig.clock.advance(0);
    expect(rig.asks).toBe(2);
    for (let n = 0; n < 200; n += 1) {
      rig.transact();
      await rig.clock.advance(5);
    }
    expect(rig.asks).toBeLessThanOrEqual(13);
    expect(rig.asks).toBeGreaterThanOrEqual(10);
  });

  it('is asked once more where the book has changed while a question was under way', async () => {
    const rig = askedOf(50);
    rig.watch();
    await rig.clock.advance(10);
    rig.transact();
    await rig.clock.advance(50);
    expect(rig.asks).toBe(1);
    await rig.clock.advance(100);
    expect(rig.asks).toBe(2);
  });

  it('keeps the last value and says why there is none newer, with its age going on', async () => {
    const rig = askedOf();
    rig.watch();
    await rig.clock.advance(500);
    expect([rig.asked.value, rig.asked.fault]).toEqual([1, null]);
    rig.answer = () => AWAY;
    await rig.clock.advance(3_000);
    expect([rig.asked.value, rig.asked.fault, rig.asked.askedMsAgo]).toEqual([1, AWAY.message, 3_500]);
    rig.answer = () => ({ ok: true, value: 9 });
    await rig.clock.advance(1_000);
    expect([rig.asked.value, rig.asked.fault]).toEqual([9, null]);
  });

  it('gives a terminal up that hangs, and asks again', async () => {
    const rig = askedOf(60_000);
    rig.watch();
    await rig.clock.advance(3_000);
    expect(rig.asked.fault).toBe('no answer within 3 s');
    await rig.clock.advance(1_000);
    expect(rig.asks).toBe(2);
  });

  it('takes an adapter that throws as a terminal that does not answer', async () => {
    const rig = askedOf();
    rig.answer = () => new Error('a bug in the adapter');
    rig.watch();
    await rig.clock.advance(1_500);
    expect(rig.asked.fault).toBe('a bug in the adapter');
    expect(rig.asks).toBe(2);
  });

  it('has another mark for each second in which it was answered, and the same while it is not', async () => {
    const rig = askedOf();
    rig.watch();
    await rig.clock.advance(500);
    const first = rig.asked.mark();
    await rig.clock.advance(1_000);
    const second = rig.asked.mark();
    rig.answer = () => AWAY;
    await rig.clock.advance(5_000);
    expect([first === second, rig.asked.mark() === second]).toEqual([false, true]);
  });

  it('can be looked at anew while the last question is still under way', async () => {
    const rig = askedOf(300);
    rig.watch()();
    await rig.clock.advance(0);
    const end = rig.watch();
    await rig.clock.advance(10);
    end();
    rig.watch();
    await rig.clock.advance(2_000);
    expect(rig.asks).toBe(2);
    expect(rig.asked.value).not.toBeNull();
  });
});
