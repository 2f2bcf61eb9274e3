const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));

/** Writes bytes, a multiple of 4, as ZeroMQ writes its keys (RFC 32): 5 characters for each 4 bytes. */
export function toZ85(bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0) throw new RangeError(`Z85 takes a multiple of 4 bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const word = view.getUint32(at);
    for (let power = 85 ** 4; power >= 1; power /= 85) text += DIGITS.charAt(Math.floor(word / power) % 85);
  }
  return text;
}

/** Reads what `toZ85` writes; null for any other text. */
export function fromZ85(text: string): Uint8Array | null {
  if (text.length % 5 !== 0) return null;
  const bytes = new Uint8Array((text.length / 5) * 4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 5) {
    let word = 0;
    for (const digit of text.slice(at, at + 5)) {
      const value = VALUES.get(digit);
      if (value === undefined) return null;
      word = word * 85 + value;
    }
    if (word > 0xffff_ffff) return null;
    view.setUint32((at / 5) * 4, word);
  }
  return bytes;
}
