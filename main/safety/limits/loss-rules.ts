import type { LimitName } from './limit-warnings.ts';
import type { LimitSettings } from './limit-settings.ts';
import { moneyText, tidyMoney } from './money.ts';

/** The limits on what the account has lost. */
export type LossLimitName = Extract<LimitName, 'DAILY_LOSS' | 'DRAWDOWN' | 'EQUITY_FLOOR'>;

/** How far a limit is broken, in rising order. */
export const BREACHES = ['none', 'soft', 'hard'] as const;
export type Breach = (typeof BREACHES)[number];

/** What the account is worth, in its currency. */
export interface Worth {
  readonly equity: number;
  readonly currency: string;
  /** Balance and credit at 00:00 UTC; null while that is not known. */
  readonly dayBaseline: number | null;
  /** Highest equity since the drawdown is measured; null where it is not. */
  readonly peak: number | null;
}

/** Where one limit stands. */
export interface LossReading {
  readonly limit: LossLimitName;
  readonly breach: Breach;
  /** One sentence that names the figure and the level that it breaks. */
  readonly reason: string;
  /** The figure, the level that warnings go by, and how much of the way to it has been gone; null where that has no meaning. */
  readonly value: number;
  readonly limitValue: number;
  readonly percent: number | null;
}

/** Whether any limit on losses is set. */
export function hasLossLimit(settings: LimitSettings): boolean {
  return levelsOf('DAILY_LOSS', settings) !== null || levelsOf('DRAWDOWN', settings) !== null || hasFloor(settings);
}

/** Whether the balance at 00:00 UTC plays a part. */
export function needsDayBaseline(settings: LimitSettings): boolean {
  return levelsOf('DAILY_LOSS', settings) !== null || hasFloor(settings);
}

/** Whether the peak of the equity plays a part. */
export function needsPeak(settings: LimitSettings): boolean {
  return levelsOf('DRAWDOWN', settings) !== null;
}

/** Where each limit that is set stands. One whose figure is not known is left out. */
export function lossReadings(worth: Worth, settings: LimitSettings): readonly LossReading[] {
  const { equity, currency, dayBaseline, peak } = worth;
  return [
    dayBaseline === null ? null : lossReading('DAILY_LOSS', dayBaseline - equity, currency, settings),
    peak === null ? null : lossReading('DRAWDOWN', peak - equity, currency, settings),
    floorReading(worth, settings),
  ].filter((reading) => reading !== null);
}

/** Soft and hard level, with the one that warnings go by: the hard one where there is one. Null where none is set. */
interface Levels {
  readonly soft: number | null;
  readonly hard: number | null;
  readonly last: number;
}

function levelsOf(limit: LossLimitName, settings: LimitSettings): Levels | null {
  const [soft, hard] = {
    DAILY_LOSS: [settings.dailyLossSoft, settings.dailyLossHard] as const,
    DRAWDOWN: [settings.drawdownSoft, settings.drawdownHard] as const,
    EQUITY_FLOOR: [settings.equityFloorSoft, settings.equityFloorHard] as const,
  }[limit];
  const last = hard ?? soft;
  return last === null ? null : { soft, hard, last };
}

function hasFloor(settings: LimitSettings): boolean {
  return levelsOf('EQUITY_FLOOR', settings) !== null;
}

const LOSS_PHRASE = {
  DAILY_LOSS: 'the loss since 00:00 UTC is',
  DRAWDOWN: 'the equity has fallen from its peak by',
} as const;

function lossReading(
  limit: keyof typeof LOSS_PHRASE,
  loss: number,
  currency: string,
  settings: LimitSettings,
): LossReading | null {
  const levels = levelsOf(limit, settings);
  if (levels === null) return null;
  const value = tidyMoney(loss);
  const breach = breachOf(levels, (level) => value >= level);
  const said = `${LOSS_PHRASE[limit]} ${moneyText(value, currency)}`;
  const reason = `${said}, the ${breach} limit is ${moneyText(brokenLevel(levels, breach), currency)}`;
  return { limit, breach, reason, value, limitValue: levels.last, percent: (value / levels.last) * 100 };
}

/** The way to a floor goes from what the account had at 00:00 UTC down to it. */
function floorReading({ equity, currency, dayBaseline }: Worth, settings: LimitSettings): LossReading | null {
  const levels = levelsOf('EQUITY_FLOOR', settings);
  if (levels === null) return null;
  const value = tidyMoney(equity);
  const breach = breachOf(levels, (level) => value < level);
  const floor = moneyText(brokenLevel(levels, breach), currency);
  const reason = `the equity is ${moneyText(value, currency)}, below the ${breach} floor of ${floor}`;
  const wayLong = dayBaseline === null ? 0 : dayBaseline - levels.last;
  const percent = dayBaseline === null || wayLong <= 0 ? null : ((dayBaseline - value) / wayLong) * 100;
  return { limit: 'EQUITY_FLOOR', breach, reason, value, limitValue: levels.last, percent };
}

function breachOf({ soft, hard }: Levels, isBroken: (level: number) => boolean): Breach {
  if (hard !== null && isBroken(hard)) return 'hard';
  return soft !== null && isBroken(soft) ? 'soft' : 'none';
}

function brokenLevel({ soft, last }: Levels, breach: Breach): number {
  return breach === 'soft' && soft !== null ? soft : last;
}
