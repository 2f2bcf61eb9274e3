import { expect } from 'vitest';
import { behaviour } from '../behaviour.ts';

const MARKET_BUY = { symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volumeLots: 0.1, deviationPoints: 20 } as const;
const ORDER = { ...MARKET_BUY, magic: 1n, comment: '' };
const MINUTE_MS = 60_000;
const LATENCY_MS = 600;

/** Calls that have reached the terminal and may not be started there. */
export const FENCING = [
  behaviour(
    'an order that became too old while the terminal worked on others is not started',
    async (rig) => {
      const { terminal } = rig;
      const { epoch } = rig.safety.state();
      const validFor = (forMs: number) => ({ epoch, validUntilMonoMs: rig.nowMonoMs() + forMs });
      const others = Array.from({ length: terminal.concurrency }, () => terminal.send(ORDER, validFor(MINUTE_MS)));
      expect(await terminal.send(ORDER, validFor(LATENCY_MS / 2))).toMatchObject({ kind: 'expired' });
      for (const outcome of await Promise.all(others)) expect(outcome).toMatchObject({ result: { retcode: 10009 } });
      expect(rig.truth.requests()).toBe(terminal.concurrency);
    },
    { latencyMs: LATENCY_MS },
  ),
];
