import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../../main/config/settings.ts';
import {
  limitContradiction,
  limitSettingsOf,
  NO_LIMITS,
  type FlatLimitSettings,
} from '../../../../main/safety/limits/limit-settings.ts';

const DEFAULTS: FlatLimitSettings = settingsSchema.parse({});

describe('limitSettingsOf', () => {
  it('has no limit by default', () => {
    expect(limitSettingsOf(DEFAULTS)).toEqual(NO_LIMITS);
  });

  it('takes every limit from the setting of its name, and 0 for none', () => {
    const settings = {
      ...{ limitDailyLossSoft: 1, limitDailyLossHard: 2, limitDrawdownSoft: 3, limitDrawdownHard: 4 },
      ...{ limitEquityFloorSoft: 6, limitEquityFloorHard: 5, limitOrdersPerMinute: 7, limitRejectsPerMinute: 8 },
      ...{ limitOpenPositions: 9, limitOrderVolume: 0 },
    };
    expect(limitSettingsOf(settings)).toEqual({
      ...{ dailyLossSoft: 1, dailyLossHard: 2, drawdownSoft: 3, drawdownHard: 4 },
      ...{ equityFloorSoft: 6, equityFloorHard: 5, ordersPerMinute: 7, rejectsPerMinute: 8 },
      ...{ openPositions: 9, orderVolume: null },
    });
  });
});

describe('limitContradiction', () => {
  it.each([
    [
      { limitDailyLossSoft: 500.5, limitDailyLossHard: 500 },
      '--limit-daily-loss-soft 500.5',
      '--limit-daily-loss-hard 500',
    ],
    [{ limitDrawdownSoft: 2, limitDrawdownHard: 1 }, '--limit-drawdown-soft 2', '--limit-drawdown-hard 1'],
    [
      { limitEquityFloorSoft: 8, limitEquityFloorHard: 9 },
      '--limit-equity-floor-soft 8',
      '--limit-equity-floor-hard 9',
    ],
  ])('refuses %o and names both settings', (settings, soft, hard) => {
    const message = limitContradiction({ ...DEFAULTS, ...settings });
    expect(message).toContain(soft);
    expect(message).toContain(hard);
  });

  it.each([
    [{ limitDailyLossSoft: 500, limitDailyLossHard: 500 }],
    [{ limitDailyLossSoft: 500 }],
    [{ limitDrawdownHard: 1 }],
    [{ limitEquityFloorSoft: 9, limitEquityFloorHard: 8 }],
    [{ limitEquityFloorSoft: 9 }],
    [{}],
  ])('lets %o pass', (settings) => {
    expect(limitContradiction({ ...DEFAULTS, ...settings })).toBeNull();
  });
});
