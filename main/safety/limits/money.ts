const UNITS = 1e8;

/** An amount without the dust of binary sums; no currency of an account has more than eight decimals. */
export function tidyMoney(amount: number): number {
  return Math.round(amount * UNITS) / UNITS + 0;
}

/** An amount for a person: "512.30 USD", with more decimals only where it has them. */
export function moneyText(amount: number, currency: string): string {
  const tidy = tidyMoney(amount);
  const isWholeCents = tidyMoney(Math.round(tidy * 100) / 100) === tidy;
  return `${isWholeCents ? tidy.toFixed(2) : String(tidy)} ${currency}`;
}
