import { describe, expect, it } from 'vitest';
import { RETCODE } from '../../../../main/mt5/retcodes.ts';
import { PaperRig, value } from '../../../fakes/paper-rig.ts';

describe('weekends', () => {
  const saturday = Date.UTC(2026, 0, 10, 12);

  it('are trading days unless they are asked for', async () => {
    const rig = await PaperRig.start();
    await rig.clock.advance(saturday - rig.clock.nowMs());
    expect((await rig.send()).retcode).toBe(RETCODE.DONE);
  });

  it('close forex and metals from Friday to Sunday 22:00 UTC where they are asked for, and leave bitcoin open', async () => {
    const rig = await PaperRig.start({ weekends: true });
    const retcodeAt = async (atMs: number, symbol: string) => {
      await rig.clock.advance(atMs - rig.clock.nowMs());
      return (await rig.send({ symbol, volumeLots: 0.01 })).retcode;
    };
    expect(await retcodeAt(Date.UTC(2026, 0, 9, 21, 59, 59), 'EURUSD')).toBe(RETCODE.DONE);
    expect(await retcodeAt(Date.UTC(2026, 0, 9, 22), 'EURUSD')).toBe(RETCODE.MARKET_CLOSED);
    expect(await retcodeAt(saturday, 'XAUUSD')).toBe(RETCODE.MARKET_CLOSED);
    expect(await retcodeAt(saturday, 'BTCUSD')).toBe(RETCODE.DONE);
    expect(await retcodeAt(Date.UTC(2026, 0, 11, 22), 'EURUSD')).toBe(RETCODE.DONE);
  });
  it('say when a closed market opens next, and nothing of one that is open', async () => {
    const rig = await PaperRig.start({ weekends: true });
    await rig.clock.advance(saturday - rig.clock.nowMs());
    expect(value(await rig.terminal.symbol('XAUUSD')).opensAtMs).toBe(Date.UTC(2026, 0, 11, 22));
    expect(value(await rig.terminal.symbol('BTCUSD')).opensAtMs).toBeUndefined();
  });
});
