import { createHash } from 'node:crypto';

/** What a person compares of a public key: 4 groups of 4 hexadecimal digits of its SHA-256. */
export function fingerprint(publicKey: string): string {
  const digits = createHash('sha256').update(publicKey).digest('hex').slice(0, 16).toUpperCase();
  return digits.match(/.{4}/g)?.join(' ') ?? '';
}
