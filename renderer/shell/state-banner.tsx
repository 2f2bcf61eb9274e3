/** Stands over every view while trading is not on. */
export function StateBanner() {
  return null;
}
