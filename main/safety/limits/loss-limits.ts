import { assertNever } from '../../assert-never.ts';
import type { Log } from '../../log.ts';
import type { Mt5Handler } from '../../mt5/handler.ts';
import type { Account } from '../../mt5/market.ts';
import { ask } from '../flatten-book.ts';
import type { Safety } from '../safety-port.ts';
import type { Trigger } from '../trading-state.ts';
import { DayBaseline } from './day-baseline.ts';
import { EquityPeak, type PeakStore } from './equity-peak.ts';
import type { LimitSettings } from './limit-settings.ts';
import { type LimitWarningPorts, LimitWarnings } from './limit-warnings.ts';
import {
  BREACHES,
  type Breach,
  hasLossLimit,
  type LossLimitName,
  type LossReading,
  lossReadings,
  needsDayBaseline,
  needsPeak,
  type Worth,
} from './loss-rules.ts';
import { utcDayOf } from './utc-day.ts';

export type { PeakStore } from './equity-peak.ts';

export interface LossLimitPorts extends LimitWarningPorts {
  readonly terminal: Pick<Mt5Handler, 'account' | 'history' | 'onTransaction'>;
  readonly safety: Pick<Safety, 'state' | 'raise' | 'clear'>;
  readonly log: Log;
  readonly peak: PeakStore;
}

/** Between two looks at the account when no deal calls for one, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/**
 * Daily loss, drawdown and equity floor. A soft level allows only closing, a hard one halts and closes everything. Daily loss
 * and floor stand against a resume for as long as the figure breaks them; the drawdown does not, since nothing but a resume
 * can end it, and is measured anew after one. An account that cannot be asked changes nothing.
 */
export class LossLimits {
  readonly #ports: LossLimitPorts;
  readonly #settings: LimitSettings;
  readonly #warnings: LimitWarnings;
  readonly #baseline: DayBaseline;
  readonly #peak: EquityPeak;
  readonly #breaches = new Map<LossLimitName, Breach>();
  /** What has been raised since trading was last allowed: a figure that sways around its level is one cause. */
  readonly #raised = new Map<string, Trigger>();
  #day = Number.NaN;
  #isRunning = false;
  #isLooking = false;
  #isLookDue = false;
  #isBlind = false;
  #firstLook = Promise.resolve();
  #cancelLook = () => {};
  #unsubscribe = () => {};

  constructor(ports: LossLimitPorts, settings: LimitSettings) {
    this.#ports = ports;
    this.#settings = settings;
    this.#warnings = new LimitWarnings(ports);
    this.#baseline = new DayBaseline(ports);
    this.#peak = new EquityPeak({ store: ports.peak, log: ports.log });
  }

  /** Begins to look. Without a limit on losses it never asks the terminal. */
  start(): void {
    if (this.#isRunning || !hasLossLimit(this.#settings)) return;
    this.#isRunning = true;
    this.#unsubscribe = this.#ports.terminal.onTransaction(({ kind }) => {
      if (kind === 'DEAL') this.#onDeal();
    });
    this.#firstLook = this.#lookAndGoOn();
  }

  /** Resolves when the first look after `start` is over, whatever it has found: trading should not begin before. */
  whenLooked(): Promise<void> {
    return this.#firstLook;
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    this.#isRunning = false;
    this.#unsubscribe();
    this.#cancelLook();
  }

  /** A person has resumed: the drawdown is measured from the equity of now. */
  restartFromHere(): void {
    this.#peak.restart();
    this.#breaches.delete('DRAWDOWN');
    this.#warnings.forget('DRAWDOWN');
    this.#raised.clear();
  }

  #onDeal(): void {
    this.#baseline.outdate();
    void this.#lookAndGoOn();
  }

  /** Looks now and then every second; what calls for a look during one gets one of its own afterwards. */
  async #lookAndGoOn(): Promise<void> {
    this.#cancelLook();
    this.#isLookDue = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#isLookDue && this.#isRunning) {
      this.#isLookDue = false;
      await this.#look();
    }
    this.#isLooking = false;
    if (this.#isRunning) this.#cancelLook = this.#ports.clock.after(LOOK_EVERY_MS, () => void this.#lookAndGoOn());
  }

  async #look(): Promise<void> {
    const { clock, terminal } = this.#ports;
    this.#followResume();
    const account = await ask(clock, () => terminal.account());
    this.#noteBlindness(account.ok ? null : account.message);
    if (!account.ok) return;
    const worth = await this.#worthOf(account.value);
    if (!this.#isRunning) return;
    this.#followDay();
    const stoodBefore = this.#isStanding();
    for (const reading of lossReadings(worth, this.#settings)) this.#judge(reading);
    if (stoodBefore && !this.#isStanding()) this.#ports.safety.clear('LIMIT');
  }

  /** Said once, not with every look. */
  #noteBlindness(message: string | null): void {
    if (message !== null && !this.#isBlind) this.#ports.log.warn('loss-limits-not-checked', { message });
    this.#isBlind = message !== null;
  }

  async #worthOf(account: Account): Promise<Worth> {
    const { equity, currency } = account;
    const dayBaseline = needsDayBaseline(this.#settings) ? await this.#baseline.of(account) : null;
    const name = `${account.login}@${account.server}`;
    const peak = needsPeak(this.#settings) ? await this.#peak.with(name, equity) : null;
    return { equity, currency, dayBaseline, peak };
  }

  /** Breached and trading again: a person has resumed. */
  #followResume(): void {
    if (this.#ports.safety.state().mode !== 'TRADING') return;
    if (this.#breachOf('DRAWDOWN') !== 'none') this.restartFromHere();
    this.#raised.clear();
  }

  #breachOf(limit: LossLimitName): Breach {
    return this.#breaches.get(limit) ?? 'none';
  }

  #followDay(): void {
    const day = utcDayOf(this.#ports.clock.nowMs());
    if (day === this.#day) return;
    this.#day = day;
    for (const limit of ['DAILY_LOSS', 'DRAWDOWN', 'EQUITY_FLOOR'] as const) this.#warnings.forget(limit);
  }

  #judge(reading: LossReading): void {
    const { limit, breach, percent } = reading;
    const before = this.#breachOf(limit);
    this.#breaches.set(limit, breach);
    if (percent !== null) this.#warnings.follow({ ...reading, percent });
    if (BREACHES.indexOf(breach) > BREACHES.indexOf(before)) this.#raise(reading);
  }

  #raise(reading: LossReading): void {
    const key = `${reading.limit} ${reading.breach}`;
    const trigger = this.#raised.get(key) ?? triggerOf(reading);
    if (trigger === null) return;
    this.#raised.set(key, trigger);
    this.#ports.safety.raise(trigger);
  }

  /** Causes of one kind are cleared together, so they stand until the last limit holds again. */
  #isStanding(): boolean {
    return [...this.#breaches].some(([limit, breach]) => breach !== 'none' && stands(limit));
  }
}

function triggerOf({ limit, breach, reason }: LossReading): Trigger | null {
  const cause = { kind: 'LIMIT', actor: 'gateway', reason, standing: stands(limit) } as const;
  switch (breach) {
    case 'none':
      return null;
    case 'soft':
      return { ...cause, mode: 'REDUCE_ONLY', flatten: 'none' };
    case 'hard':
      return { ...cause, mode: 'HALTED', flatten: 'account' };
    default:
      return assertNever(breach, 'breach');
  }
}

function stands(limit: LossLimitName): boolean {
  return limit !== 'DRAWDOWN';
}
