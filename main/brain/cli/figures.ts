/** Money with two decimals and thousands apart: `10,000.00`. */
export function money(amount: number): string {
  const [whole = '', cents = ''] = Math.abs(amount).toFixed(2).split('.');
  const isNegative = amount < 0 && Number(amount.toFixed(2)) !== 0;
  return `${isNegative ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** Money with its sign, also when it is a gain: `+12.30`. */
export function profit(amount: number): string {
  return Number(amount.toFixed(2)) > 0 ? `+${money(amount)}` : money(amount);
}

/** Lots with at least two decimals: `0.10`. */
export function lots(volume: number): string {
  return volume.toFixed(Math.max(2, decimalsOf(volume)));
}

/** A price with `decimals` decimals, or as many as it has; nothing for 0, which stands for none. */
export function price(value: number, decimals = decimalsOf(value)): string {
  return value === 0 ? '' : value.toFixed(decimals);
}

/** How many decimals the number needs, up to 10. */
export function decimalsOf(...values: readonly number[]): number {
  const needed = values.map((value) => value.toFixed(10).replace(/0+$/, '').split('.')[1]?.length ?? 0);
  return Math.max(0, ...needed);
}

/** Local time of a Unix time in milliseconds: `2026-01-05 14:30:00`, with `.125` behind it where wanted. */
export function localTime(unixMs: number, precision: 'seconds' | 'milliseconds' = 'seconds'): string {
  const date = new Date(unixMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const rest = precision === 'seconds' ? '' : `.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${day} ${time}${rest}`;
}

/** A time span in words: `42 s`, `3 min`, `5 h 12 min`, `2 d 4 h`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
