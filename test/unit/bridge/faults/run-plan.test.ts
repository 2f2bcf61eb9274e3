import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../bridge/faults/fault.ts';
import { drawPlan, type PlannedDeed } from '../../../bridge/faults/run-plan.ts';

const PLANS = Array.from({ length: FAULTS.length * 4 }, (_, seed) => drawPlan(seed));

describe('The plan of a run', () => {
  it('follows from its seed alone', () => {
    expect(drawPlan(17)).toEqual(drawPlan(17));
    expect(drawPlan(17).steps).not.toEqual(drawPlan(18).steps);
  });

  it('has 8 to 20 commands and 1 to 3 faults, each before one of its commands', () => {
    for (const { steps, faults } of PLANS) {
      expect(steps.length).toBeGreaterThanOrEqual(8);
      expect(steps.length).toBeLessThanOrEqual(20);
      expect(faults.length).toBeGreaterThanOrEqual(1);
      expect(faults.length).toBeLessThanOrEqual(3);
      for (const { atStep } of faults) expect(atStep).toBeLessThan(steps.length);
    }
  });

  it.each(FAULTS)('begins with "%s" in one of as many seeds as there are faults', (name) => {
    expect(PLANS.filter(({ faults }) => faults[0]?.name === name)).toHaveLength(4);
  });

  it('asks for everything a client can ask for', () => {
    const kinds = new Set(PLANS.flatMap(({ steps }) => steps.map(({ deed }) => deed.kind)));
    expect([...kinds].sort()).toEqual(['cancel', 'change', 'close', 'market', 'pending', 'protect']);
  });

  it('aims no two commands at the same position or order, and each at one that was asked for before', () => {
    for (const { steps } of PLANS) {
      const aims = steps.flatMap(({ deed }, step) => ('of' in deed ? [{ step, of: deed.of, deed }] : []));
      expect(new Set(aims.map(({ of }) => of)).size).toBe(aims.length);
      for (const { step, of, deed } of aims) {
        expect(of).toBeLessThan(step);
        expect(steps[of]?.deed.kind).toBe(madeBy(deed));
      }
    }
  });
});

function madeBy({ kind }: PlannedDeed): string {
  return kind === 'cancel' || kind === 'change' ? 'pending' : 'market';
}
