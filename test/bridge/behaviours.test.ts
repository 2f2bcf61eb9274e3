import { afterAll, describe, expect, test } from 'vitest';
import { ADAPTERS } from './adapters.ts';
import { BehaviourRig } from './behaviour-rig.ts';
import { BEHAVIOURS } from './behaviours/all.ts';

describe.concurrent.each(ADAPTERS)('on the $name', ({ start }) => {
  test.each(BEHAVIOURS)('$name', async ({ options, run }) => {
    const rig = await BehaviourRig.start(await start(options), options);
    try {
      await run(rig);
    } finally {
      await rig.stop();
    }
  });
});

test('no two behaviours have one name', () => {
  const names = BEHAVIOURS.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

afterAll(() => {
  console.log(`behaviours: ${BEHAVIOURS.length} on each of ${ADAPTERS.length} adapters`);
});
