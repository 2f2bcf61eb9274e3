import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { payloadHash } from '../../../main/protocol/payload-hash.ts';

describe('payloadHash', () => {
  it('is SHA-256 of action and payload as canonical JSON', () => {
    const text = '["OPEN_ORDER",{"symbol":"EURUSD","volume":0.01}]';
    const expected = createHash('sha256').update(text).digest('hex');
    expect(payloadHash('OPEN_ORDER', { volume: 0.01, symbol: 'EURUSD' })).toBe(expected);
  });

  it('is the same for keys in another order', () => {
    expect(payloadHash('A', { a: 1, b: { c: 2, d: 3 } })).toBe(payloadHash('A', { b: { d: 3, c: 2 }, a: 1 }));
  });

  it('differs with the action, with any value, and with a ticket that differs past 2^53', () => {
    const hashes = [
      payloadHash('CLOSE_POSITION', { ticket: 9007199254740993n }),
      payloadHash('CLOSE_POSITION', { ticket: 9007199254740992n }),
      payloadHash('CANCEL_ORDER', { ticket: 9007199254740993n }),
      payloadHash('CLOSE_POSITION', { ticket: 9007199254740993n, volume: 0.01 }),
      payloadHash('CLOSE_POSITION', { ticket: '9007199254740993' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
