import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilerVersion } from '../mql5/build.ts';
import { ADAPTERS } from './adapters.ts';
import { BehaviourRig } from './behaviour-rig.ts';
import { BEHAVIOURS } from './behaviours/all.ts';

const COMPILED_WITHIN_MS = 300_000;

describe.concurrent.each(ADAPTERS)('on the $name', ({ prepare, start }) => {
  beforeAll(prepare, COMPILED_WITHIN_MS);

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
  const compiler = compilerVersion() ?? 'no compiler';
  console.log(`behaviours: ${BEHAVIOURS.length} on each of ${ADAPTERS.length} adapters; ${compiler}`);
});
