/** Lots as traders write them, like `0.10 lots`. */
export function lots(volume: number | undefined): string {
  return volume === undefined ? 'no lots' : `${volume.toFixed(2)} lots`;
}

/** Money as traders write it, like `9,998.50 USD`. */
export function dollars(amount: number): string {
  return `${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} USD`;
}
