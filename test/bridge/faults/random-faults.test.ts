import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../../mql5/build.ts';
import { readSources } from '../../mql5/translate.ts';
import { ProgramProcess } from '../../mql5/program-process.ts';
import { RunningGateway } from '../../running-gateway.ts';
import { firstSeed, randomRuns } from '../random-runs.ts';
import { FAULTS } from './fault.ts';
import { failuresOf, faultTable, missingFaults, playRuns } from './fault-runs.ts';

const COMPILED_WITHIN_MS = 300_000;
const RUN_WITHIN_MS = 15_000;
/** Seeds of runs that cut the link while an answer is on its way. */
const SEEDS_THAT_REPEAT = { firstSeed: 3, runs: 3 } as const;

describe('random faults between gateway, program and broker', () => {
  const runs = randomRuns();
  let executable = '';

  beforeAll(async () => {
    executable = await buildProgram({ variant: 'plain' });
  }, COMPILED_WITHIN_MS);

  afterAll(async () => {
    await RunningGateway.stopAll();
    await ProgramProcess.killAll();
  });

  test(
    'no order is doubled, none lost unnoticed, none left open, and each is explained by the audit log',
    async () => {
      const results = await playRuns({ firstSeed: firstSeed(), runs, executable });
      console.log(faultTable(results));
      expect(failuresOf(results)).toEqual([]);
      if (runs >= FAULTS.length) expect(missingFaults(results)).toEqual([]);
    },
    60_000 + runs * RUN_WITHIN_MS,
  );

  test(
    'a program that forgets what it was asked doubles orders, and the check finds it',
    async () => {
      const results = await playRuns({ ...SEEDS_THAT_REPEAT, executable: await forgetfulProgram(), isControl: true });
      const kinds = results.flatMap(({ violations }) => violations.map(({ kind }) => kind));
      expect(kinds).toContain('doubled');
      expect(failuresOf(results).join('\n')).toMatch(/doubled: .* orders \d+ and \d+ carry its tag/);
    },
    COMPILED_WITHIN_MS,
  );
});

/** The program as it ships, but its record knows no command. */
function forgetfulProgram(): Promise<string> {
  const sources = readSources();
  const file = 'MT5Fabric/Gates.mqh';
  const text = sources.get(file) ?? '';
  const lookUp = 'g_record.Find(call.command)';
  if (!text.includes(lookUp)) throw new Error(`${file} no longer looks a command up in one line`);
  sources.set(file, text.replace(lookUp, '-1'));
  return buildProgram({ variant: 'plain', sources });
}
