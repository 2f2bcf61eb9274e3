import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../main/log.ts';
import { TerminalLatch } from '../../../main/safety/terminal-latch.ts';
import { FakeTerminal } from '../../fakes/fake-terminal.ts';
import { settle, SimulatedClock } from '../../fakes/simulated-clock.ts';

function rig() {
  const clock = new SimulatedClock();
  const terminal = new FakeTerminal(clock);
  return { clock, terminal, latch: new TerminalLatch({ clock, terminal, log: silentLog }) };
}

describe('the latch of the terminal', () => {
  test('is asked for in the same turn and acked when the terminal says so', async () => {
    const { terminal, latch } = rig();
    latch.engage(3);
    expect(terminal.calls).toEqual(['halt 3']);
    expect(latch.isAcked()).toBe(false);
    await settle();
    expect(latch.isAcked()).toBe(true);
  });

  test('is asked for until it is acked, and no more after', async () => {
    const { clock, terminal, latch } = rig();
    terminal.acks = false;
    latch.engage(3);
    await clock.advance(30_000);
    expect(latch.isAcked()).toBe(false);
    terminal.acks = true;
    await clock.advance(10_000);
    expect(latch.isAcked()).toBe(true);
    const { length } = terminal.calls;
    latch.engage(3);
    await clock.advance(60_000);
    expect(terminal.calls).toHaveLength(length);
  });

  test('survives a terminal that throws', async () => {
    const { clock, terminal, latch } = rig();
    const halt = terminal.halt.bind(terminal);
    terminal.halt = () => {
      throw new Error('a broken adapter');
    };
    latch.engage(3);
    await settle();
    terminal.halt = halt;
    await clock.advance(1_000);
    expect(latch.isAcked()).toBe(true);
  });

  test('is asked for again when the terminal comes back, since it may have lost it', async () => {
    const { terminal, latch } = rig();
    latch.engage(3);
    await settle();
    terminal.become({ linked: false });
    expect(latch.isAcked()).toBe(false);
    terminal.latchedAt = null;
    terminal.become({ linked: true });
    await settle();
    expect(terminal.latchedAt).toBe(3);
    expect(latch.isAcked()).toBe(true);
  });

  test('moves on to a higher epoch and never back', async () => {
    const { terminal, latch } = rig();
    latch.engage(3);
    latch.engage(5);
    latch.engage(4);
    await settle();
    expect(terminal.latchedAt).toBe(5);
    expect(terminal.calls).toEqual(['halt 3', 'halt 5']);
  });

  test('that is asked for while it is being lifted is in force in the end, in whatever order the terminal took them', async () => {
    const { clock, terminal, latch } = rig();
    latch.engage(3);
    await settle();
    terminal.release = async () => {
      await new Promise<void>((resolve) => {
        clock.after(500, resolve);
      });
      terminal.latchedAt = null;
      return true;
    };
    const released = latch.release(4);
    latch.engage(5);
    await clock.advance(2_000);
    await released;
    expect(terminal.latchedAt).toBe(5);
  });

  test('is not asked for while it is being lifted, nor after', async () => {
    const { clock, terminal, latch } = rig();
    terminal.acks = false;
    latch.engage(3);
    await settle();
    terminal.acks = true;
    expect(await latch.release(4)).toBe(true);
    terminal.become({ linked: false });
    terminal.become({ linked: true });
    await clock.advance(60_000);
    expect(terminal.latchedAt).toBeNull();
    expect(terminal.count('halt')).toBe(1);
  });

  test('that the terminal does not lift in five seconds counts as not lifted', async () => {
    const { clock, terminal, latch } = rig();
    terminal.release = () => new Promise(() => {});
    const released = latch.release(4);
    await clock.advance(5_000);
    expect(await released).toBe(false);
  });

  test('is asked for once, without a timer, when the gateway is stopping', async () => {
    const { clock, terminal, latch } = rig();
    terminal.acks = false;
    latch.stop();
    latch.engage(3);
    await clock.advance(60_000);
    expect(terminal.calls).toEqual(['halt 3']);
  });
});
