const LINE_FEED = 0x0a;
/** Bytes that mean something in a line. */
const TELLING = Buffer.from('\t\n\\\0\r-.0919eE~tick');

/** Random bytes and damage, the same for the same seed. */
export function seededRandom(seed: number) {
  let state = seed >>> 0;
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
  return {
    below,
    bytes,
    /** A line that was cut, changed, lengthened or replaced, with a line end. */
    mangled: (line: Buffer): Buffer => {
      const at = below(line.length + 1);
      const telling = Buffer.from([TELLING[below(TELLING.length)] ?? 0]);
      const forms = [
        () => line.subarray(0, at),
        () => line.subarray(at),
        () => Buffer.concat([line.subarray(0, at), telling, line.subarray(at + 1)]),
        () => Buffer.concat([line.subarray(0, at), telling, line.subarray(at)]),
        () => Buffer.concat([line, bytes(below(20))]),
        () => bytes(below(60)),
      ];
      const form = forms[below(forms.length)] ?? (() => line);
      return Buffer.concat([form(), Buffer.from([LINE_FEED])]);
    },
    /** The same bytes in pieces of any length. */
    cut: (whole: Buffer): Buffer[] => {
      const pieces: Buffer[] = [];
      for (let at = 0; at < whole.length;) {
        const length = 1 + below(below(2) === 0 ? 8 : 3_000);
        pieces.push(whole.subarray(at, at + length));
        at += length;
      }
      return pieces;
    },
  };
}
