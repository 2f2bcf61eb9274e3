import { describe, expect, it } from 'vitest';
import { isOwn, MAGIC_NUMBERS, magicOf, taggedComment, tagOf } from '../../../main/gateway/trade-marks.ts';
import { tagIn } from '../../../main/mt5/tag.ts';

const BASE = 5_550_000;

describe('the tag of a command', () => {
  it('is 12 characters, always the same for a key', () => {
    const tag = tagOf({ client: 'alpha', reqId: 'a' });
    expect(tag).toMatch(/^[a-z2-7]{12}$/);
    expect(tagOf({ client: 'alpha', reqId: 'a' })).toBe(tag);
  });

  it('differs by client and req_id', () => {
    const keys = Array.from({ length: 5_000 }, (_, n) => ({ client: `c${n % 50}`, reqId: `r${n}` }));
    expect(new Set(keys.map(tagOf)).size).toBe(5_000);
    expect(tagOf({ client: 'ab', reqId: 'c' })).not.toBe(tagOf({ client: 'a', reqId: 'bc' }));
  });

  it('stands behind the first 18 characters of the comment, 31 in all', () => {
    const tag = tagOf({ client: 'alpha', reqId: 'a' });
    const comment = taggedComment('a comment that is much too long for MetaTrader', tag);
    expect(comment).toBe(`a comment that is ~${tag}`);
    expect(comment).toHaveLength(31);
    expect(tagIn(comment)).toBe(tag);
    expect(taggedComment('', tag)).toBe(`~${tag}`);
  });

  it('does not cut a surrogate pair in half', () => {
    expect(taggedComment(`${'x'.repeat(17)}😀`, 'aaaaaaaaaaaa').isWellFormed()).toBe(true);
  });

  it('is not read from a comment that has none', () => {
    expect(['', 'by hand', '~short', '[sl 1.05]', '~ABCDEFGHIJKL'].map(tagIn)).toEqual([null, null, null, null, null]);
  });
});

describe('the magic number', () => {
  it('is the base for anonymous clients, and stable by name for others', () => {
    expect(magicOf('anonymous', BASE)).toBe(5_550_000n);
    expect(magicOf('alpha', BASE)).toBe(magicOf('alpha', BASE));
    expect(magicOf('alpha', BASE)).not.toBe(magicOf('beta', BASE));
  });

  it("of every name lies in the gateway's range, above the base", () => {
    for (let n = 0; n < 2_000; n += 1) {
      const offset = magicOf(`client-${n}`, BASE) - BigInt(BASE);
      expect(offset > 0n && offset < BigInt(MAGIC_NUMBERS)).toBe(true);
    }
  });
});

describe('isOwn', () => {
  it.each([
    [5_550_000n, '', true],
    [5_559_999n, '', true],
    [5_560_000n, '', false],
    [5_549_999n, '', false],
    [0n, 'by hand', false],
    [0n, 'idea~abcdefghij23', true],
  ])('magic %s with comment "%s": %s', (magic, comment, own) => {
    expect(isOwn({ magic, comment }, BASE)).toBe(own);
  });
});
