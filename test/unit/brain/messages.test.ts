import { describe, expect, it } from 'vitest';
import { createRequest, createResponse, validateRequest, validateResponse } from '../../../main/brain/index.ts';
import { replySchema, requestSchema } from '../../../main/protocol/envelope.ts';

const request = { action: 'HEARTBEAT', req_id: 'A', timestamp: 1.5, payload: {} };
const reply = { req_id: 'A', status: 'SUCCESS', timestamp: 1.5, data: {}, error: null };
const oddValues = [null, '', 'text', -1, 0, 5, NaN, Infinity, 9e15, true, [], {}, 'x'.repeat(129)];

describe('the validators', () => {
  it.each(Object.keys(request))('judge %s of a request as the schema of the gateway does', (key) => {
    for (const value of oddValues) {
      const candidate = { ...request, [key]: value };
      expect(validateRequest(candidate), JSON.stringify(value)).toBe(requestSchema.safeParse(candidate).success);
    }
  });

  it.each(Object.keys(reply))('judge %s of a reply as the schema of the protocol does', (key) => {
    for (const value of oddValues) {
      const candidate = { ...reply, [key]: value };
      expect(validateResponse(candidate), JSON.stringify(value)).toBe(replySchema.safeParse(candidate).success);
    }
  });

  it('accept what the constructors make, and further fields', () => {
    expect(validateRequest({ ...createRequest('HEARTBEAT'), ttl_ms: 5, more: true })).toBe(true);
    expect(validateResponse({ ...createResponse('A', 'PENDING'), code: 'OUTCOME_UNKNOWN' })).toBe(true);
  });
});
