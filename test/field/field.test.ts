import { describe, expect, it } from 'vitest';
import { obstacleTo } from '../machine-abilities.ts';
import { FieldSession } from './field-session.ts';
import { faultsOfCut, faultsOfSession } from './verdicts.ts';

/** Other tests share the processors here. Without the brain's hurry it takes a second; `npm run field` holds it to 300 ms. */
const LIMIT_MS = 700;

// What is not run here for want of network namespaces, test/run.ts says at its end.
describe.runIf(obstacleTo('network namespaces') === null)('a brain in another network than its gateway', () => {
  it(
    'is back soon after a cut link is, misses no gap, doubles no order and no tick',
    { timeout: 180_000 },
    async () => {
      await using session = await FieldSession.start(25);
      await session.run(2_000);
      for (const kind of ['silent', 'cable'] as const) {
        const cut = await session.cut(kind, 3_000);
        expect(faultsOfCut(cut, LIMIT_MS), JSON.stringify(cut)).toEqual([]);
      }
      const result = await session.result();
      expect(faultsOfSession(result), JSON.stringify(result)).toEqual([]);
      expect(result.ticks).toBeGreaterThan(500);
    },
  );
});
