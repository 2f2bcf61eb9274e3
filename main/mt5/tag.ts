import { hash } from 'node:crypto';

const TAG_LENGTH = 12;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const TAGGED = new RegExp(`~[${BASE32}]{${TAG_LENGTH}}$`);

/** The 12 characters that stand for a name at the end of a comment: base32 of its SHA-256. */
export function tagOfName(name: string): string {
  const digest = hash('sha256', name, 'buffer');
  let bits = 0n;
  for (const byte of digest.subarray(0, 8)) bits = (bits << 8n) | BigInt(byte);
  let tag = '';
  for (let at = 0; at < TAG_LENGTH; at += 1) {
    tag += BASE32.charAt(Number(bits & 31n));
    bits >>= 5n;
  }
  return tag;
}

/** The tag that a comment carries behind `~`, or null. */
export function tagIn(comment: string): string | null {
  return TAGGED.test(comment) ? comment.slice(-TAG_LENGTH) : null;
}
