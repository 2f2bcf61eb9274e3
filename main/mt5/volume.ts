/**
 * Arithmetic of lots, exact in decimal: 0.29 is a multiple of 0.01 although 0.29 / 0.01 is not whole in binary.
 * Lots are counted in hundred-millionths, which is the resolution of MetaTrader 5.
 */
const UNITS_PER_LOT = 100_000_000;
/** Beyond this number of lots units are no longer exact. */
const MAX_LOTS = Number.MAX_SAFE_INTEGER / UNITS_PER_LOT;

/** Whether `volume` is a whole number of steps. What a sum in binary leaves over (0.1 + 0.2) is forgiven, a ninth decimal is not. */
export function isOnStep(volume: number, step: number): boolean {
  const units = exactUnits(volume);
  const stepUnits = exactUnits(step);
  return units !== null && stepUnits !== null && stepUnits > 0 && units % stepUnits === 0;
}

/** The largest whole number of steps that is not above `volume`; 0 for a volume below one step. */
export function roundDownToStep(volume: number, step: number): number {
  const units = exactUnits(volume) ?? Math.floor(volume * UNITS_PER_LOT);
  const stepUnits = toUnits(step);
  return Math.max(0, units - (units % stepUnits)) / UNITS_PER_LOT;
}

/** Sum of two volumes, as the decimal that a person would write; a negative one subtracts. */
export function addLots(a: number, b: number): number {
  return (toUnits(a) + toUnits(b)) / UNITS_PER_LOT;
}

/** A volume without the dust of binary sums: 0.30000000000000004 becomes 0.3. */
export function normaliseLots(volume: number): number {
  return addLots(volume, 0);
}

/** A volume with the decimals of its step: "0.10". */
export function formatLots(volume: number, step: number): string {
  return volume.toFixed(decimalsOf(step));
}

function toUnits(lots: number): number {
  return Math.round(lots * UNITS_PER_LOT);
}

/** The volume in units, or null where it has more decimals than units can hold. */
function exactUnits(lots: number): number | null {
  if (!(Math.abs(lots) <= MAX_LOTS)) return null;
  const units = toUnits(lots);
  const dust = 4 * Number.EPSILON * Math.abs(lots);
  return Math.abs(lots - units / UNITS_PER_LOT) <= dust ? units : null;
}

function decimalsOf(step: number): number {
  let decimals = 0;
  for (let units = UNITS_PER_LOT; toUnits(step) % units !== 0; units /= 10) decimals += 1;
  return decimals;
}
