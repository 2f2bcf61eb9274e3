import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { MODES } from './case.ts';
import { CASES } from './cases.ts';
import { runTable } from './run-table.ts';

describe('all bad inputs, thrown at a running gateway', () => {
  it.each(MODES)(
    'in mode %s it does what it has to, and honest clients, the kill switch, memory, logs and the account hold',
    async (mode) => {
      const rows = await runTable({ cases: CASES, modes: [mode], kills: 'once in a family', say: () => {} });
      const wrong = rows.filter(({ faults }) => faults.length > 0);
      expect(wrong.map(({ name, faults }) => `${name}: ${faults.join('; ')}`)).toEqual([]);
      expect(rows.length).toBeGreaterThan(130);
    },
    400_000,
  );
});

describe('npm run torture', () => {
  it('refuses arguments that it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, ['test/torture/torture.ts', '--modes', 'open']);
    expect(status).toBe(64);
    expect(String(stderr)).toContain('local, plain-network, encrypted');
  });
});
