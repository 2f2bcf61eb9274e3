import { describe, expect, test } from 'vitest';
import { PAYLOAD_SCHEMAS } from '../../../main/protocol/payloads.ts';
import { killTrigger } from '../../../main/safety/kill-trigger.ts';

const triggerOf = (payload: unknown) => killTrigger(PAYLOAD_SCHEMAS.KILL_SWITCH.parse(payload), 'alpha');

describe('a KILL_SWITCH from the wire', () => {
  test('with nothing in it halts and closes the whole account', () => {
    expect(triggerOf({})).toEqual({
      kind: 'WIRE',
      mode: 'HALTED',
      flatten: 'account',
      actor: 'alpha',
      reason: 'KILL_SWITCH from a client',
    });
  });

  test('halts and closes all when what it says about it cannot be read', () => {
    expect(triggerOf({ flatten: 'evrything', reason: 7 })).toMatchObject({ mode: 'HALTED', flatten: 'account' });
  });

  test('keeps to the scope that it names', () => {
    expect(triggerOf({ flatten: 'gateway' }).flatten).toBe('gateway');
    expect(triggerOf({ flatten: 'none' }).flatten).toBe('none');
  });

  test('has its reason kept as one bounded line', () => {
    expect(triggerOf({ reason: ` drawdown\r\n\u202eover  ` }).reason).toBe('drawdown over');
    expect(triggerOf({ reason: 'x'.repeat(5_000) }).reason).toHaveLength(280);
    expect(triggerOf({ reason: '\u0007' }).reason).toBe('KILL_SWITCH from a client');
  });
});
