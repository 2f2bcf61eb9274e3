import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HmacSha256, sha256 } from '../../../main/brain/sha256.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

describe('SHA-256 without node:crypto', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('gives what FIPS 180-4 gives for %j', (text, expected) => {
    expect(sha256(Buffer.from(text))).toEqual(hex(expected));
  });

  it('gives what RFC 4231 gives, for a short and for a long key', () => {
    const short = new HmacSha256(Buffer.from('Jefe')).of(Buffer.from('what do ya want for nothing?'));
    expect(short).toEqual(hex('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'));
    const text = 'Test Using Larger Than Block-Size Key - Hash Key First';
    const long = new HmacSha256(Buffer.alloc(131, 0xaa)).of(Buffer.from(text));
    expect(long).toEqual(hex('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'));
  });

  it('agrees with node:crypto at every length around the ends of blocks', () => {
    for (let length = 0; length <= 260; length += 1) {
      const bytes = Buffer.alloc(length, length);
      expect(sha256(bytes)).toEqual(createHash('sha256').update(bytes).digest());
    }
  });

  it('agrees with node:crypto on any key and message, also on a part of a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), fc.uint8Array({ maxLength: 2_000 }), (key, message) => {
        const part = message.subarray(message.length % 3);
        expect(new HmacSha256(key).of(part)).toEqual(createHmac('sha256', key).update(part).digest());
      }),
    );
  });

  it('agrees with node:crypto on the longest request, and on the next one under the same key', () => {
    const key = Buffer.alloc(32, 7);
    const hmac = new HmacSha256(key);
    for (const length of [65_536, 1, 200]) {
      const bytes = Buffer.alloc(length, 'x');
      expect(hmac.of(bytes)).toEqual(createHmac('sha256', key).update(bytes).digest());
    }
  });
});
