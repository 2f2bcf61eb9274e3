/** Bytes of a SHA-256. */
const DIGEST_BYTES = 32;
const BLOCK_BYTES = 64;

const PRIMES = firstPrimes(64);
// FIPS 180-4: the first 32 bits of the fractions of the square roots of 8 primes and of the cube roots of 64.
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));
const ROUND_KEYS = Int32Array.from(PRIMES, (prime) => fractionBits(Math.cbrt(prime)));
const schedule = new Int32Array(64);

/**
 * SHA-256 (FIPS 180-4). Not from node:crypto: loading that takes 4 MB of a brain that is to stay under 50, and its
 * objects another 2.
 */
export function sha256(bytes: Uint8Array): Buffer {
  return digest(START, bytes, 0);
}

/** HMAC-SHA-256 (RFC 2104) under one key, whose own two blocks are taken in only once. */
export class HmacSha256 {
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;

  constructor(key: Uint8Array) {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.set(key.length > BLOCK_BYTES ? sha256(key) : key);
    this.#inner = START.slice();
    compress(
      this.#inner,
      block.map((byte) => byte ^ 0x36),
      0,
    );
    this.#outer = START.slice();
    compress(
      this.#outer,
      block.map((byte) => byte ^ 0x5c),
      0,
    );
  }

  /** 32 bytes. */
  of(bytes: Uint8Array): Buffer {
    return digest(this.#outer, digest(this.#inner, bytes, BLOCK_BYTES), BLOCK_BYTES);
  }
}

/** The digest of `bytes` that follow on `before` bytes, a multiple of a block, which led to `state`. */
function digest(state: Int32Array, bytes: Uint8Array, before: number): Buffer {
  const working = state.slice();
  const tailAt = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let at = 0; at < tailAt; at += BLOCK_BYTES) compress(working, bytes, at);
  const tail = padded(bytes.subarray(tailAt), before + bytes.length);
  for (let at = 0; at < tail.length; at += BLOCK_BYTES) compress(working, tail, at);
  const result = Buffer.alloc(DIGEST_BYTES);
  working.forEach((word, index) => result.writeInt32BE(word, index * 4));
  return result;
}

/** The rest of a message with a one, zeros and its length in bits: one block or two. */
function padded(rest: Uint8Array, messageBytes: number): Buffer {
  const tail = Buffer.alloc(rest.length + 9 > BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES);
  tail.set(rest);
  tail[rest.length] = 0x80;
  // No message here comes near 2^32 bits.
  tail.writeUInt32BE(messageBytes * 8, tail.length - 4);
  return tail;
}

/**
 * Takes in one block. Written out, without a function for each step and without unsigned numbers: a brain runs with the
 * optimising compilers off, where that is five times as fast. `as number`: every index is inside its array.
 */
function compress(state: Int32Array, bytes: Uint8Array, at: number): void {
  const words = expand(bytes, at);
  const keys = ROUND_KEYS;
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let round = 0; round < 64; round += 1) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = g ^ (e & (f ^ g));
    const first = (h + sum1 + choice + (keys[round] as number) + (words[round] as number)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  // An Int32Array keeps the lower 32 bits of a sum, as it is wanted here and below.
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = word + (state[index] as number)));
}

/** Makes the 64 words of a block. */
function expand(bytes: Uint8Array, at: number): Int32Array {
  const words = schedule;
  for (let index = 0; index < 16; index += 1) {
    const from = at + index * 4;
    const upper = ((bytes[from] as number) << 24) | ((bytes[from + 1] as number) << 16);
    words[index] = upper | ((bytes[from + 2] as number) << 8) | (bytes[from + 3] as number);
  }
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15] as number;
    const late = words[index - 2] as number;
    const mixed0 = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const mixed1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    words[index] = (words[index - 16] as number) + (words[index - 7] as number) + mixed0 + mixed1;
  }
  return words;
}

function fractionBits(value: number): number {
  return ((value % 1) * 2 ** 32) | 0;
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}
