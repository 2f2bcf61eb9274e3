import { describe, expect, it } from 'vitest';
import { Action } from '../../../main/protocol/actions.ts';
import { nearestAction } from '../../../main/protocol/near-miss.ts';

describe('nearestAction', () => {
  it.each(Object.values(Action))('finds %s in another case, padded, and with dashes', (action) => {
    expect(nearestAction(action.toLowerCase())).toBe(action);
    expect(nearestAction(` ${action}\n`)).toBe(action);
    expect(nearestAction(action.replaceAll('_', '-'))).toBe(action);
  });

  it.each([
    ['GET_POSITION', 'GET_POSITIONS'],
    ['HEARTBAET', null],
    ['HEARTBET', 'HEARTBEAT'],
    ['CLOSEPOSITION', 'CLOSE_POSITION'],
    ['OPEN_ODRER', 'OPEN_ORDER'],
  ])('takes a typing error in every five letters: %s', (name, action) => {
    expect(nearestAction(name)).toBe(action);
  });

  it.each(['BUY', 'RESUME', '', 'ORDER', 'x'.repeat(1_000)])('finds nothing like %j', (name) => {
    expect(nearestAction(name)).toBeNull();
  });
});
