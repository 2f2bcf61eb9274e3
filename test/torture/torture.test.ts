import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Family, type Mode, MODES } from './case.ts';
import { CASES } from './cases.ts';
import { runTable } from './run-table.ts';

/** What is thrown here. The whole table in all modes takes minutes and a machine of its own: `npm run torture`. */
const FAMILIES: Readonly<Record<Mode, readonly Family[]>> = {
  local: ['bytes', 'frames', 'json'],
  'plain-network': ['json'],
  encrypted: ['identity', 'json'],
};

describe('bad inputs, thrown at a running gateway', () => {
  it.each(MODES)(
    'in mode %s it does what it has to, and honest clients, the kill switch, memory, logs and the account hold',
    async (mode) => {
      const cases = CASES.filter(({ family }) => FAMILIES[mode].includes(family));
      const rows = await runTable({ cases, modes: [mode], kills: 'once in a family', say: () => {} });
      const wrong = rows.filter(({ faults }) => faults.length > 0);
      expect(wrong.map(({ name, faults }) => `${name}: ${faults.join('; ')}`)).toEqual([]);
      expect(rows.length).toBeGreaterThan(80);
    },
    300_000,
  );
});

describe('npm run torture', () => {
  it('refuses arguments that it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, ['test/torture/torture.ts', '--modes', 'open']);
    expect(status).toBe(64);
    expect(String(stderr)).toContain('local, plain-network, encrypted');
  });
});
