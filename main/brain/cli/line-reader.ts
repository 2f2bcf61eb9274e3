const LINE_END = 0x0a;

/** A line without its end, or null for one that was longer than allowed. */
export type InputLine = Buffer | null;

/** Splits bytes into lines. A line over `maxBytes` comes as null once, and its rest is skipped. */
export async function* readLines(input: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<InputLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let isTooLong = false;
  const take = (part: Buffer) => {
    length += part.length;
    isTooLong ||= length > maxBytes;
    if (isTooLong) parts = [];
    else parts.push(part);
  };
  const finish = (): InputLine => {
    const line = isTooLong ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    isTooLong = false;
    return line;
  };
  for await (const bytes of input) {
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let end = rest.indexOf(LINE_END); end >= 0; end = rest.indexOf(LINE_END)) {
      take(rest.subarray(0, end));
      yield finish();
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) take(rest);
  }
  if (length > 0) yield finish();
}
