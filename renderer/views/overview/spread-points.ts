/** The spread in points, the last digit of a price; whole, since prices are decimal fractions that binary ones only come near. */
export function spreadPoints(bid: number, ask: number, digits: number): number {
  return Math.round((ask - bid) * 10 ** digits);
}
