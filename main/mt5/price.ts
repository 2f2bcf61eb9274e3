/** `price` rounded to a symbol's digits: the double nearest to that decimal, as NormalizeDouble gives it. */
export function normalisePrice(price: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(price * scale) / scale;
}

/** A price with all of its symbol's digits: "1.17000". */
export function formatPrice(price: number, digits: number): string {
  return price.toFixed(digits);
}

/** How many points `to` lies above `from`, whole; negative when below. */
export function pointsBetween(from: number, to: number, point: number): number {
  return Math.round((to - from) / point);
}
