import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../mql5/build.ts';
import { readSources } from '../mql5/translate.ts';
import { hasSystemPackage } from '../system-packages.ts';
import type { Behaviour } from './behaviour.ts';
import { BehaviourRig } from './behaviour-rig.ts';
import { BEHAVIOURS } from './behaviours/all.ts';
import { compiledProgram, startProgramAdapter } from './bridge-adapter.ts';
import { mutated, MUTATIONS, type Mutation } from './mutations.ts';

const COMPILED_WITHIN_MS = 300_000;
const COMPILERS = Math.min(availableParallelism(), 4);

const NOTHING = {
  name: 'no mistake',
  file: 'Gates.mqh',
  lines: ['if(place < 0)'],
  instead: 'if(place < 0)',
  likely: /./,
};

const sources = readSources();
const caughtBy = new Map<Mutation, Behaviour>();

describe.runIf(hasSystemPackage('g++'))('a mistake in the program', { timeout: COMPILED_WITHIN_MS }, () => {
  let builds: ReadonlyMap<Mutation, Promise<string>>;

  beforeAll(async () => {
    await compiledProgram();
    builds = compileAll(MUTATIONS);
  }, COMPILED_WITHIN_MS);

  test.each(MUTATIONS)('is seen: $name', async (mutation) => {
    const behaviour = await hunt((await builds.get(mutation)) ?? '', likelyFirst(mutation));
    expect(behaviour, 'no behaviour sees it').not.toBeNull();
    if (behaviour !== null) caughtBy.set(mutation, behaviour);
  });

  test('none is seen in the program as it ships', async () => {
    const executable = await buildProgram({ variant: 'plain', sources: mutated(sources, NOTHING) });
    expect(executable).toBe(await compiledProgram());
    expect(await hunt(executable, [...new Set(caughtBy.values())])).toBeNull();
  });

  afterAll(() => {
    const rows = MUTATIONS.map((mutation) => [mutation.name, caughtBy.get(mutation)?.name ?? 'NOT SEEN'] as const);
    const width = Math.max(...rows.map(([name]) => name.length));
    console.log(rows.map(([name, behaviour]) => `${name.padEnd(width)}  ${behaviour}`).join('\n'));
    console.log(`mistakes in the bridge program: ${caughtBy.size} of ${MUTATIONS.length} seen`);
  });
});

describe('a mistake', () => {
  const mistake = { name: 'it', file: 'A.mqh', lines: ['one();', 'two();'], instead: 'three();', likely: /./ };
  const text = (...lines: readonly string[]) => new Map([['MT5Fabric/A.mqh', lines.join('\n')]]);

  test('takes the place of its lines, and leaves the numbers of the others', () => {
    const changed = mutated(text('   one();', '   one();', '   two();', '   four();'), mistake);
    expect(changed.get('MT5Fabric/A.mqh')).toBe('   one();\nthree();\n\n   four();');
  });

  test.each([
    ['are not there', text('one();', 'four();', 'two();')],
    ['are there twice', text('one();', 'two();', 'one();', 'two();')],
    ['are of a file that is not there', new Map<string, string>()],
  ])('is refused where its lines %s', (_what, given) => {
    expect(() => mutated(given, mistake)).toThrow(/^it: /);
  });
});

/** Compiles the mutants, a few at a time, in their order. */
function compileAll(mutations: readonly Mutation[]): ReadonlyMap<Mutation, Promise<string>> {
  const lanes: Promise<unknown>[] = Array.from({ length: COMPILERS }, () => Promise.resolve());
  return new Map(
    mutations.map((mutation, at) => {
      const lane = at % COMPILERS;
      const build = () => buildProgram({ variant: 'plain', sources: mutated(sources, mutation) });
      const built = (lanes[lane] ?? Promise.resolve()).then(build);
      lanes[lane] = built.catch(() => {});
      return [mutation, built] as const;
    }),
  );
}

function likelyFirst({ likely }: Mutation): readonly Behaviour[] {
  const [first, last] = [true, false].map((is) => BEHAVIOURS.filter(({ name }) => likely.test(name) === is));
  return [...(first ?? []), ...(last ?? [])];
}

/** The first behaviour that does not hold on that program; null where all hold. */
async function hunt(executable: string, behaviours: readonly Behaviour[]): Promise<Behaviour | null> {
  for (const behaviour of behaviours) {
    if (await isBroken(executable, behaviour)) return behaviour;
  }
  return null;
}

/** Whether a program fails where the one that ships does not. Twice: a slow machine is no mistake. */
async function isBroken(executable: string, behaviour: Behaviour): Promise<boolean> {
  if ((await holds(executable, behaviour)) || (await holds(executable, behaviour))) return false;
  const shipped = await compiledProgram();
  return shipped === executable || (await holds(shipped, behaviour));
}

async function holds(executable: string, { options, run }: Behaviour): Promise<boolean> {
  try {
    const rig = await BehaviourRig.start(await startProgramAdapter(executable, options), options);
    try {
      await run(rig);
    } finally {
      await rig.stop();
    }
    return true;
  } catch {
    return false;
  }
}
