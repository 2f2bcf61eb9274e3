/** The limits that the operator has set; null where there is none. Money in the account's currency, volume in lots. */
export interface LimitSettings {
  readonly dailyLossSoft: number | null;
  readonly dailyLossHard: number | null;
  readonly drawdownSoft: number | null;
  readonly drawdownHard: number | null;
  readonly equityFloorSoft: number | null;
  readonly equityFloorHard: number | null;
  readonly ordersPerMinute: number | null;
  readonly rejectsPerMinute: number | null;
  readonly openPositions: number | null;
  readonly orderVolume: number | null;
}

/** The limits as the gateway's settings have them, 0 for none. */
export type FlatLimitSettings = Readonly<Record<`limit${Capitalize<keyof LimitSettings>}`, number>>;

/** No limit at all, as the settings are by default. */
export const NO_LIMITS: LimitSettings = {
  dailyLossSoft: null,
  dailyLossHard: null,
  drawdownSoft: null,
  drawdownHard: null,
  equityFloorSoft: null,
  equityFloorHard: null,
  ordersPerMinute: null,
  rejectsPerMinute: null,
  openPositions: null,
  orderVolume: null,
};

/** Reads the limits out of the settings; whether they make sense is for `limitContradiction`. */
export function limitSettingsOf(settings: FlatLimitSettings): LimitSettings {
  return {
    dailyLossSoft: orNone(settings.limitDailyLossSoft),
    dailyLossHard: orNone(settings.limitDailyLossHard),
    drawdownSoft: orNone(settings.limitDrawdownSoft),
    drawdownHard: orNone(settings.limitDrawdownHard),
    equityFloorSoft: orNone(settings.limitEquityFloorSoft),
    equityFloorHard: orNone(settings.limitEquityFloorHard),
    ordersPerMinute: orNone(settings.limitOrdersPerMinute),
    rejectsPerMinute: orNone(settings.limitRejectsPerMinute),
    openPositions: orNone(settings.limitOpenPositions),
    orderVolume: orNone(settings.limitOrderVolume),
  };
}

/** Why a gateway with these limits should not start, naming both settings, or null: a soft limit that comes after its hard one. */
export function limitContradiction(settings: FlatLimitSettings): string | null {
  const limits = limitSettingsOf(settings);
  const { dailyLossSoft, dailyLossHard, drawdownSoft, drawdownHard, equityFloorSoft, equityFloorHard } = limits;
  return (
    above('limit-daily-loss', dailyLossSoft, dailyLossHard) ??
    above('limit-drawdown', drawdownSoft, drawdownHard) ??
    below('limit-equity-floor', equityFloorSoft, equityFloorHard)
  );
}

function orNone(value: number): number | null {
  return value === 0 ? null : value;
}

function above(name: string, soft: number | null, hard: number | null): string | null {
  if (soft === null || hard === null || soft <= hard) return null;
  return `--${name}-soft ${soft} is above --${name}-hard ${hard}: the soft limit has to come first`;
}

/** Equity falls to a floor from above. */
function below(name: string, soft: number | null, hard: number | null): string | null {
  if (soft === null || hard === null || soft >= hard) return null;
  return `--${name}-soft ${soft} is below --${name}-hard ${hard}: the soft limit has to come first`;
}
