import { describe, expect, it } from 'vitest';
import { DayBaseline } from '../../../../main/safety/limits/day-baseline.ts';
import { AccountTerminal } from '../../../fakes/account-terminal.ts';
import { value } from '../../../fakes/paper-rig.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';

const HOUR_MS = 3_600_000;

function rig() {
  const clock = new SimulatedClock();
  const terminal = new AccountTerminal(clock);
  const baseline = new DayBaseline({ clock, terminal });
  const now = async () => baseline.of(value(await terminal.account()));
  return { clock, terminal, baseline, now };
}

describe('DayBaseline', () => {
  it('is the balance less what the deals since 00:00 UTC have brought, with commission and swap', async () => {
    const { terminal, now } = rig();
    terminal.deal({ profit: -300, commission: -7, swap: -1.5 });
    terminal.deal({ profit: 100 });
    expect(terminal.balance).toBe(9_791.5);
    expect(await now()).toBe(10_000);
  });

  it('begins at 00:00:00.000: a deal a millisecond earlier belongs to the day before', async () => {
    const { clock, terminal, now } = rig();
    const midnight = Date.UTC(2026, 0, 5);
    terminal.deal({ profit: -100, atMs: midnight - 1 });
    terminal.deal({ profit: -10, atMs: midnight });
    expect(clock.nowMs()).toBe(midnight + 12 * HOUR_MS);
    expect(await now()).toBe(9_900);
  });

  it('counts a deal of a broker whose clock is ahead', async () => {
    const { clock, terminal, now } = rig();
    terminal.deal({ profit: -100, atMs: clock.nowMs() + 3 * HOUR_MS });
    expect(await now()).toBe(10_000);
  });

  it('counts a deal once that the history lists twice', async () => {
    const { terminal, now } = rig();
    const deal = terminal.deal({ profit: -100 });
    terminal.tell(deal);
    expect(await now()).toBe(10_000);
  });

  it('takes credit as money that was there', async () => {
    const { terminal, now } = rig();
    terminal.credit = 500;
    expect(await now()).toBe(10_500);
  });

  it('is read again on the next day', async () => {
    const { clock, terminal, now } = rig();
    terminal.deal({ profit: -250 });
    expect(await now()).toBe(10_000);
    await clock.advance(12 * HOUR_MS - 1);
    expect(await now()).toBe(10_000);
    await clock.advance(1);
    expect(await now()).toBe(9_750);
  });

  it('is not known until the history has been told, also of a new day', async () => {
    const { clock, terminal, now } = rig();
    terminal.isHistoryAway = true;
    expect(await now()).toBeNull();
    terminal.isHistoryAway = false;
    expect(await now()).toBe(10_000);
    terminal.isHistoryAway = true;
    expect(await now()).toBe(10_000);
    await clock.advance(12 * HOUR_MS);
    expect(await now()).toBeNull();
  });

  it('belongs to its account', async () => {
    const { terminal, now } = rig();
    expect(await now()).toBe(10_000);
    terminal.login = 7002n;
    terminal.balance = 500;
    expect(await now()).toBe(500);
  });

  it('does not move when a profit is booked before its deal is in the history', async () => {
    const { clock, terminal, now } = rig();
    expect(await now()).toBe(10_000);
    const late = terminal.deal({ profit: 500 }, false);
    expect(await now()).toBe(10_000);
    await clock.advance(1_000);
    expect(await now()).toBe(10_000);
    terminal.tell(late);
    await clock.advance(1_000);
    expect(await now()).toBe(10_000);
  });

  it('follows a deposit once it has stood for 2 s, and a withdrawal at once: neither is a result of trading', async () => {
    const { clock, terminal, now } = rig();
    expect(await now()).toBe(10_000);
    terminal.balance += 1_000;
    expect(await now()).toBe(10_000);
    await clock.advance(1_999);
    expect(await now()).toBe(10_000);
    await clock.advance(1);
    expect(await now()).toBe(11_000);
    terminal.balance -= 5_000;
    expect(await now()).toBe(6_000);
  });

  it('reads the history only when the money has changed, a deal has happened, or 10 s have passed', async () => {
    const { clock, terminal, baseline, now } = rig();
    await now();
    terminal.floating = -50;
    await clock.advance(9_999);
    await now();
    expect(terminal.count('history')).toBe(1);
    await clock.advance(1);
    await now();
    expect(terminal.count('history')).toBe(2);
    baseline.outdate();
    await now();
    expect(terminal.count('history')).toBe(3);
    terminal.deal({ profit: 1 });
    await now();
    expect(terminal.count('history')).toBe(4);
  });
});
