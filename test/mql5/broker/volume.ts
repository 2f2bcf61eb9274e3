// MetaTrader sends volumes as whole numbers of 1e-8 lots, so sums and steps are exact in decimal.
const UNITS_PER_LOT = 1e8;

/** Lots as whole units of 1e-8 lots. */
export function toUnits(lots: number): number {
  return Math.round(lots * UNITS_PER_LOT);
}

/** The volume as the server takes it; what is no number stays as it is, for the rules to refuse. */
export function normaliseLots(lots: number): number {
  return Number.isFinite(lots) ? toUnits(lots) / UNITS_PER_LOT : lots;
}

/** The sum of two volumes, exact in decimal. */
export function addLots(a: number, b: number): number {
  return (toUnits(a) + toUnits(b)) / UNITS_PER_LOT;
}

/** The difference of two volumes, exact in decimal. */
export function subtractLots(a: number, b: number): number {
  return (toUnits(a) - toUnits(b)) / UNITS_PER_LOT;
}

/** Whether `lots` is a whole number of steps: 0.29 is, at 0.01. */
export function isOnStep(lots: number, step: number): boolean {
  return toUnits(lots) % toUnits(step) === 0;
}

/** A share of a volume, rounded down to the step. */
export function shareOf(lots: number, share: number, step: number): number {
  const steps = Math.floor((toUnits(lots) * share) / toUnits(step) + 1e-9);
  return (steps * toUnits(step)) / UNITS_PER_LOT;
}
