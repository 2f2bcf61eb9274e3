import { onTestFinished, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../main/log.ts';
import { NO_LIMITS, type LimitSettings } from '../../../../main/safety/limits/limit-settings.ts';
import { LossLimits } from '../../../../main/safety/limits/loss-limits.ts';
import { AccountTerminal } from '../../../fakes/account-terminal.ts';
import { FakeSafety } from '../../../fakes/fake-safety.ts';
import { MemoryAuditLog } from '../../../fakes/memory-audit-log.ts';
import { MemoryPeaks } from '../../../fakes/memory-peaks.ts';
import { PaperRig } from '../../../fakes/paper-rig.ts';
import { settle, SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { Rig } from '../rig.ts';

const SECOND_MS = 1_000;
const NOON_MS = Date.UTC(2026, 0, 5, 12);
const MINUTE_BEFORE_MIDNIGHT_MS = Date.UTC(2026, 0, 5, 23, 59);
const ACCOUNT = '7001@Paper';

/** Loss limits on a real kill switch, with an account of 10,000 EUR. */
class LossRig {
  readonly terminal: AccountTerminal;
  readonly clock: SimulatedClock;
  readonly peaks: MemoryPeaks;
  readonly rig: Rig;
  readonly losses: LossLimits;

  private constructor(settings: Partial<LimitSettings>, peaks: MemoryPeaks, startMs: number) {
    const clock = new SimulatedClock(startMs);
    this.clock = clock;
    this.peaks = peaks;
    this.terminal = new AccountTerminal(clock);
    this.rig = new Rig({ clock, terminal: this.terminal });
    this.losses = this.watch(settings);
  }

  static async start(settings: Partial<LimitSettings>, peaks = new MemoryPeaks(), startMs = NOON_MS): Promise<LossRig> {
    const made = new LossRig(settings, peaks, startMs);
    await made.rig.startUp();
    made.losses.start();
    await made.losses.whenLooked();
    return made;
  }

  static startBeforeMidnight(settings: Partial<LimitSettings>): Promise<LossRig> {
    return LossRig.start(settings, new MemoryPeaks(), MINUTE_BEFORE_MIDNIGHT_MS);
  }

  /** Limits on the same account, as after a restart. */
  watch(settings: Partial<LimitSettings>): LossLimits {
    const { clock, terminal, peaks: peak, rig } = this;
    const { safety, audit, events } = rig;
    const losses = new LossLimits(
      { clock, terminal, safety, audit, log: silentLog, peak, announce: (event) => void events.push(event) },
      { ...NO_LIMITS, ...settings },
    );
    onTestFinished(() => losses.stop());
    return losses;
  }

  /** The equity is this, and has been seen. */
  async worth(equity: number): Promise<void> {
    this.terminal.worth(equity);
    await this.clock.advance(SECOND_MS);
  }

  get mode() {
    return this.rig.safety.state().mode;
  }

  get causes() {
    return this.rig.safety.state().causes;
  }

  /** Why a resume is refused; null where it is done. */
  async resume(): Promise<string | null> {
    await this.clock.advance(5 * SECOND_MS);
    const resuming = this.rig.safety.resume('somebody', 'looked at it');
    await settle();
    const resumed = await resuming;
    if (resumed.ok) this.losses.restartFromHere();
    return resumed.ok ? null : resumed.message;
  }

  warnings() {
    return this.rig.events.filter(({ event }) => event === 'LIMIT').map(({ data }) => data['level_percent']);
  }
}

describe('LossLimits without a limit on losses', () => {
  it('never asks the terminal', async () => {
    const { clock, terminal } = await LossRig.start({ openPositions: 1 });
    await clock.advance(10 * SECOND_MS);
    expect(terminal.count('account')).toBe(0);
  });
});

describe('daily loss', () => {
  it('allows only closing from the soft limit on, not a cent before', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300, dailyLossHard: 500 });
    await made.worth(9_700.01);
    expect(made.mode).toBe('TRADING');
    await made.worth(9_700);
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(made.rig.safety.state().flatten).toBe('none');
    expect(made.causes).toMatchObject([{ kind: 'LIMIT', actor: 'gateway', standing: true }]);
    expect(made.causes[0]?.reason).toBe('the loss since 00:00 UTC is 300.00 EUR, the soft limit is 300.00 EUR');
  });

  it('halts and closes everything from the hard limit on', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300, dailyLossHard: 500 });
    await made.worth(9_500.01);
    expect(made.mode).toBe('REDUCE_ONLY');
    await made.worth(9_500);
    expect(made.mode).toBe('HALTED');
    expect(made.rig.safety.state().flatten).toBe('account');
    expect(made.causes.at(-1)?.reason).toContain('500.00 EUR, the hard limit is 500.00 EUR');
  });

  it('goes straight to the hard limit where both are broken at once', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300, dailyLossHard: 500 });
    await made.worth(9_000);
    expect(made.mode).toBe('HALTED');
    expect(made.causes).toHaveLength(1);
  });

  it('adds what is realised to what is open', async () => {
    const made = await LossRig.start({ dailyLossHard: 500 });
    made.terminal.deal({ profit: -300, commission: -10 });
    made.terminal.floating = -189.99;
    await made.clock.advance(SECOND_MS);
    expect(made.mode).toBe('TRADING');
    made.terminal.floating = -190;
    await made.clock.advance(SECOND_MS);
    expect(made.mode).toBe('HALTED');
  });

  it('looks at once after a deal', async () => {
    const made = await LossRig.start({ dailyLossHard: 500 });
    made.terminal.deal({ profit: -500 });
    await settle();
    expect(made.mode).toBe('HALTED');
  });

  it('is the same after a restart in the middle of the day', async () => {
    const made = await LossRig.start({ dailyLossHard: 500 });
    made.terminal.deal({ profit: -400 });
    await made.clock.advance(SECOND_MS);
    made.losses.stop();
    const again = made.watch({ dailyLossHard: 500 });
    again.start();
    await again.whenLooked();
    expect(made.mode).toBe('TRADING');
    await made.worth(9_500);
    expect(made.mode).toBe('HALTED');
  });

  it('stands against a resume while it is broken, and no more once it is not', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300 });
    await made.worth(9_600);
    expect(await made.resume()).toContain('LIMIT: the loss since 00:00 UTC is 400.00 EUR');
    await made.worth(9_800);
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(await made.resume()).toBeNull();
    expect(made.mode).toBe('TRADING');
  });

  it('begins anew at 00:00 UTC with the balance of that moment', async () => {
    const made = await LossRig.startBeforeMidnight({ dailyLossSoft: 300 });
    made.terminal.deal({ profit: -400 });
    await made.clock.advance(59 * SECOND_MS);
    expect(await made.rig.safety.resume('somebody', 'too early')).toMatchObject({ ok: false });
    await made.clock.advance(2 * SECOND_MS);
    expect(await made.resume()).toBeNull();
    await made.worth(9_300.01);
    expect(made.mode).toBe('TRADING');
    await made.worth(9_300);
    expect(made.mode).toBe('REDUCE_ONLY');
  });

  it('does not take a deposit for a profit, nor a withdrawal for a loss', async () => {
    const made = await LossRig.start({ dailyLossHard: 500 });
    made.terminal.balance -= 5_000;
    await made.clock.advance(5 * SECOND_MS);
    expect(made.mode).toBe('TRADING');
    made.terminal.balance += 6_000;
    await made.clock.advance(5 * SECOND_MS);
    made.terminal.floating = -500;
    await made.clock.advance(SECOND_MS);
    expect(made.mode).toBe('HALTED');
  });

  it('does not halt for a profit whose deal comes late', async () => {
    const made = await LossRig.start({ dailyLossHard: 500 });
    made.terminal.deal({ profit: -300 });
    await made.clock.advance(SECOND_MS);
    const late = made.terminal.deal({ profit: 250 }, false);
    await made.clock.advance(SECOND_MS);
    expect(made.mode).toBe('TRADING');
    made.terminal.tell(late);
    await made.clock.advance(10 * SECOND_MS);
    expect(made.mode).toBe('TRADING');
  });

  it('is one cause while the figure sways around its level', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300 });
    for (const equity of [9_700, 9_701, 9_699, 9_701, 9_698]) await made.worth(equity);
    expect(made.causes).toMatchObject([{ standing: true, count: 3 }]);
    expect(made.rig.audit.types().filter((type) => type === 'KILL_TRIGGER')).toHaveLength(1);
  });

  it('changes nothing while the account or its history cannot be asked', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300 });
    made.terminal.isAccountAway = true;
    await made.worth(9_000);
    expect(made.mode).toBe('TRADING');
    made.terminal.isAccountAway = false;
    await made.worth(9_000);
    expect(made.mode).toBe('REDUCE_ONLY');
    made.terminal.isAccountAway = true;
    await made.worth(10_000);
    expect(made.causes).toMatchObject([{ standing: true }]);
  });

  it('goes on when the terminal has not answered for a while', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300 });
    const account = made.terminal.account.bind(made.terminal);
    made.terminal.account = () => new Promise(() => {});
    await made.worth(9_000);
    made.terminal.account = account;
    await made.clock.advance(6 * SECOND_MS);
    expect(made.mode).toBe('REDUCE_ONLY');
  });
});

describe('equity floor', () => {
  it('is broken below it, not at it', async () => {
    const made = await LossRig.start({ equityFloorSoft: 9_000, equityFloorHard: 8_000 });
    await made.worth(9_000);
    expect(made.mode).toBe('TRADING');
    await made.worth(8_999.99);
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(made.causes[0]?.reason).toBe('the equity is 8999.99 EUR, below the soft floor of 9000.00 EUR');
    await made.worth(8_000);
    expect(made.mode).toBe('REDUCE_ONLY');
    await made.worth(7_999.99);
    expect(made.mode).toBe('HALTED');
    expect(made.rig.safety.state().flatten).toBe('account');
  });

  it('stands over midnight until the equity is back', async () => {
    const made = await LossRig.startBeforeMidnight({ equityFloorSoft: 9_000 });
    made.terminal.deal({ profit: -1_500 });
    await made.clock.advance(70 * SECOND_MS);
    expect(await made.resume()).toContain('below the soft floor');
    made.terminal.balance += 500;
    await made.clock.advance(SECOND_MS);
    expect(await made.resume()).toBeNull();
  });

  it('needs no history', async () => {
    const made = await LossRig.startBeforeMidnight({ equityFloorHard: 9_000 });
    made.terminal.isHistoryAway = true;
    await made.clock.advance(70 * SECOND_MS);
    await made.worth(8_999);
    expect(made.mode).toBe('HALTED');
  });

  it('warns by the way from the balance at 00:00 UTC down to it', async () => {
    const made = await LossRig.start({ equityFloorHard: 8_000 });
    await made.worth(9_000.01);
    expect(made.warnings()).toEqual([]);
    await made.worth(9_000);
    await made.worth(8_500);
    await made.worth(8_200);
    expect(made.warnings()).toEqual([50, 75, 90]);
  });

  it('does not warn where the day has begun below it', async () => {
    const made = await LossRig.start({ equityFloorSoft: 11_000 });
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(made.warnings()).toEqual([]);
  });
});

describe('drawdown', () => {
  it('is measured from the highest equity, at its exact levels', async () => {
    const made = await LossRig.start({ drawdownSoft: 400, drawdownHard: 600 });
    await made.worth(10_500);
    await made.worth(10_100.01);
    expect(made.mode).toBe('TRADING');
    await made.worth(10_100);
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(made.causes[0]?.reason).toContain('the equity has fallen from its peak by 400.00 EUR');
    await made.worth(9_900);
    expect(made.mode).toBe('HALTED');
    expect(made.rig.safety.state().flatten).toBe('account');
  });

  it('does not stand against a resume, and is measured anew from there', async () => {
    const made = await LossRig.start({ drawdownSoft: 400 });
    await made.worth(9_500);
    expect(made.causes).toMatchObject([{ kind: 'LIMIT', standing: false }]);
    expect(await made.resume()).toBeNull();
    await made.worth(9_100.01);
    expect(made.mode).toBe('TRADING');
    await made.worth(9_100);
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(made.causes[0]?.reason).toContain('400.00 EUR');
  });

  it('sees by itself that trading was resumed', async () => {
    const made = await LossRig.start({ drawdownSoft: 400 });
    await made.worth(9_500);
    const resuming = made.rig.safety.resume('somebody', 'looked at it');
    await settle();
    expect(await resuming).toMatchObject({ ok: true });
    await made.clock.advance(2 * SECOND_MS);
    expect(made.mode).toBe('TRADING');
    await made.worth(9_100);
    expect(made.mode).toBe('REDUCE_ONLY');
  });

  it('keeps the peak of the account over a restart', async () => {
    const made = await LossRig.start({ drawdownSoft: 400 });
    await made.worth(10_300);
    await made.worth(10_100);
    expect(made.peaks.kept.get(ACCOUNT)).toBe(10_300);
    made.losses.stop();
    made.watch({ drawdownSoft: 400 }).start();
    await made.worth(9_900);
    expect(made.mode).toBe('REDUCE_ONLY');
  });

  it('has a peak for each account', async () => {
    const peaks = new MemoryPeaks();
    peaks.kept.set('7002@Paper', 5_000);
    const made = await LossRig.start({ drawdownSoft: 400 }, peaks);
    made.terminal.login = 7002n;
    await made.worth(4_601);
    expect(made.mode).toBe('TRADING');
    await made.worth(4_600);
    expect(made.mode).toBe('REDUCE_ONLY');
    expect(Object.fromEntries(peaks.kept)).toEqual({ [ACCOUNT]: 10_000, '7002@Paper': 5_000 });
  });

  it('is measured from the equity of now where the peak cannot be read, and goes on where it cannot be kept', async () => {
    const peaks = new MemoryPeaks();
    peaks.fault = 'damaged';
    const made = await LossRig.start({ drawdownSoft: 400 }, peaks);
    await made.worth(9_600);
    expect(made.mode).toBe('REDUCE_ONLY');
  });
});

describe('several limits', () => {
  it('stand until the last of them holds again', async () => {
    const made = await LossRig.start({ dailyLossSoft: 300, equityFloorSoft: 9_800 });
    await made.worth(9_700);
    expect(made.causes).toHaveLength(2);
    await made.worth(9_750);
    expect(await made.resume()).toContain('LIMIT');
    await made.worth(9_800);
    expect(await made.resume()).toBeNull();
  });
});

describe('warnings of losses', () => {
  it('come at 50, 75 and 90 % of the hard limit, once, as event and row', async () => {
    const made = await LossRig.start({ dailyLossHard: 1_000 });
    for (const equity of [9_501, 9_500, 9_499, 9_500, 9_250, 9_100, 9_099]) await made.worth(equity);
    expect(made.warnings()).toEqual([50, 75, 90]);
    const rows = made.rig.audit.rows.filter(({ type }) => type === 'LIMIT_WARNING');
    expect(rows.map(({ payload }) => JSON.parse(payload ?? '') as object)).toEqual([
      { limit: 'DAILY_LOSS', level_percent: 50, value: 500, limit_value: 1_000 },
      { limit: 'DAILY_LOSS', level_percent: 75, value: 750, limit_value: 1_000 },
      { limit: 'DAILY_LOSS', level_percent: 90, value: 900, limit_value: 1_000 },
    ]);
  });

  it('go by the soft limit where there is no hard one', async () => {
    const made = await LossRig.start({ drawdownSoft: 400 });
    await made.worth(9_800);
    expect(made.warnings()).toEqual([50]);
  });

  it('come again on another day', async () => {
    const made = await LossRig.startBeforeMidnight({ drawdownHard: 1_000 });
    await made.worth(9_500);
    await made.clock.advance(58 * SECOND_MS);
    expect(made.warnings()).toEqual([50]);
    await made.clock.advance(SECOND_MS);
    expect(made.warnings()).toEqual([50, 50]);
  });
});

describe('LossLimits', () => {
  it('starts once and asks no more after it was stopped', async () => {
    const made = await LossRig.start({ dailyLossHard: 1_000 });
    made.losses.start();
    const asked = made.terminal.count('account');
    await made.clock.advance(SECOND_MS);
    expect(made.terminal.count('account')).toBe(asked + 1);
    made.losses.stop();
    made.losses.stop();
    made.terminal.deal({ profit: -5_000 });
    await made.clock.advance(10 * SECOND_MS);
    expect(made.terminal.count('account')).toBe(asked + 1);
    expect(made.mode).toBe('TRADING');
  });

  it('halts on the paper broker with the loss of its own positions', async () => {
    const paper = await PaperRig.start();
    const { clock, terminal } = paper;
    const safety = new FakeSafety(clock);
    const ports = { clock, terminal, safety, audit: new MemoryAuditLog(), announce: () => {}, log: silentLog };
    const losses = new LossLimits({ ...ports, peak: new MemoryPeaks() }, { ...NO_LIMITS, dailyLossHard: 100 });
    onTestFinished(() => losses.stop());
    losses.start();
    const { position } = await paper.send({ volumeLots: 1 });
    paper.quote('EURUSD', 1.0995, 1.0996);
    await paper.close(position);
    await settle();
    expect(safety.triggers).toEqual([]);
    await paper.send({ volumeLots: 1 });
    paper.quote('EURUSD', 1.0992, 1.0993);
    await clock.advance(SECOND_MS);
    expect(safety.triggers).toMatchObject([{ kind: 'LIMIT', mode: 'HALTED', flatten: 'account', standing: true }]);
    expect(safety.triggers[0]?.reason).toContain('100.00 USD');
  });
});
