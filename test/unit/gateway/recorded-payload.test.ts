import { describe, expect, it } from 'vitest';
import { recordedPayload } from '../../../main/gateway/recorded-payload.ts';

describe('a payload as it is recorded', () => {
  it('is canonical JSON of what was sent, exact to the last digit', () => {
    const payload = { symbol: 'EURUSD', ticket: 9_007_199_254_740_993n, more: [{ b: null, a: 0.1 }, 'text'] };
    expect(recordedPayload(payload)).toBe(
      '{"more":[{"a":0.1,"b":null},"text"],"symbol":"EURUSD","ticket":9007199254740993}',
    );
  });

  it('has no value of a key that names a secret, at whatever depth', () => {
    const payload = { volume: 0.1, API_Token: 'x', list: [{ password: { a: 'x' } }] };
    expect(recordedPayload(payload)).toBe('{"API_Token":"[redacted]","list":[{"password":"[redacted]"}],"volume":0.1}');
  });

  it('keeps a key that is called __proto__ as the data that it is', () => {
    const payload = Object.fromEntries([['__proto__', { private: 1 }]]);
    expect(recordedPayload(payload)).toBe('{"__proto__":{"private":"[redacted]"}}');
  });
});
