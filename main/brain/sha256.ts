/** Bytes of a SHA-256. */
const DIGEST_BYTES = 32;
const BLOCK_BYTES = 64;

// FIPS 180-4. Literals: working them out as the roots of primes that they are takes 0.8 MB of the brain.
const START = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const ROUND_KEYS = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
// Used anew by each digest: none of them waits for anything, and garbage is memory.
const working = new Int32Array(8);
const schedule = new Int32Array(64);
const tailBlocks = Buffer.alloc(2 * BLOCK_BYTES);
const innerDigest = Buffer.alloc(DIGEST_BYTES);

/**
 * SHA-256 (FIPS 180-4). Not from node:crypto: loading that takes 4 MB of a brain that is to stay under 50, and its
 * objects another 2.
 */
export function sha256(bytes: Uint8Array): Buffer {
  return digest(START, bytes, 0, Buffer.allocUnsafe(DIGEST_BYTES));
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
    digest(this.#inner, bytes, BLOCK_BYTES, innerDigest);
    return digest(this.#outer, innerDigest, BLOCK_BYTES, Buffer.allocUnsafe(DIGEST_BYTES));
  }
}

/** Writes the digest of `bytes` that follow on `before` bytes, a multiple of a block, which led to `state`. */
function digest(state: Int32Array, bytes: Uint8Array, before: number, result: Buffer): Buffer {
  working.set(state);
  const tailAt = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let at = 0; at < tailAt; at += BLOCK_BYTES) compress(working, bytes, at);
  const tailBytes = fillTail(bytes, tailAt, before + bytes.length);
  for (let at = 0; at < tailBytes; at += BLOCK_BYTES) compress(working, tailBlocks, at);
  for (let index = 0; index < 8; index += 1) result.writeInt32BE(working[index] as number, index * 4);
  return result;
}

/** The rest of a message with a one, zeros and its length in bits: one block or two. Returns their bytes. */
function fillTail(bytes: Uint8Array, tailAt: number, messageBytes: number): number {
  const restBytes = bytes.length - tailAt;
  const tailBytes = restBytes + 9 > BLOCK_BYTES ? 2 * BLOCK_BYTES : BLOCK_BYTES;
  tailBlocks.fill(0);
  for (let at = 0; at < restBytes; at += 1) tailBlocks[at] = bytes[tailAt + at] as number;
  tailBlocks[restBytes] = 0x80;
  // No message here comes near 2^32 bits.
  tailBlocks.writeUInt32BE(messageBytes * 8, tailBytes - 4);
  return tailBytes;
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
  state[0] = a + (state[0] as number);
  state[1] = b + (state[1] as number);
  state[2] = c + (state[2] as number);
  state[3] = d + (state[3] as number);
  state[4] = e + (state[4] as number);
  state[5] = f + (state[5] as number);
  state[6] = g + (state[6] as number);
  state[7] = h + (state[7] as number);
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
