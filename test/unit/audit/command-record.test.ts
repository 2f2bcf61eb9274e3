import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../main/audit/audit-log.ts';
import { type CommandRow, isOpenState, parseAnswer, toCommandRecord } from '../../../main/audit/command-record.ts';
import { commandEntry, dispatch, intent, keyOf, NOON_US, outcome } from '../../fakes/audit-entries.ts';

const KEY = keyOf('r1');
const PENDING = '{"code":"OUTCOME_UNKNOWN","data":{},"error":"not known","status":"PENDING"}';

/** Rows of a key as the log has them; the first has claimed it. */
function rows(...entries: AuditEntry[]): CommandRow[] {
  return entries.map((entry, at) => ({ ...entry, seq: at + 11, claimed: at === 0 }));
}

describe('a recorded command', () => {
  it('tells what was asked for, and where it stands', () => {
    const record = toCommandRecord(KEY, rows(intent(KEY), dispatch(KEY, { tsUtcUs: NOON_US + 5_000 })));
    expect(record).toEqual({
      key: KEY,
      action: 'OPEN_ORDER',
      payloadHash: 'aa'.repeat(32),
      payload: '{"side":"BUY","symbol":"EURUSD","volume":0.01}',
      state: 'DISPATCHING',
      answer: null,
      magic: '770001',
      tag: 'abcdefghijkl',
      receivedAtMs: NOON_US / 1000,
      updatedAtMs: NOON_US / 1000 + 5,
      seq: 11,
    });
  });

  it('has the answer of its outcome, with tickets exact', () => {
    const record = toCommandRecord(KEY, rows(intent(KEY), dispatch(KEY), outcome(KEY)));
    expect(record).toMatchObject({ state: 'DONE', magic: '770001', tag: 'abcdefghijkl' });
    expect(record?.answer).toEqual({ status: 'SUCCESS', data: { ticket: 9007199254740993n } });
  });

  it('answers PENDING while it is UNKNOWN, and the outcome once there is one', () => {
    const unknown = outcome(KEY, { status: 'UNKNOWN', answer: PENDING });
    expect(toCommandRecord(KEY, rows(intent(KEY), dispatch(KEY), unknown))).toMatchObject({
      state: 'UNKNOWN',
      answer: { status: 'PENDING', code: 'OUTCOME_UNKNOWN' },
    });
    expect(toCommandRecord(KEY, rows(intent(KEY), dispatch(KEY), unknown, outcome(KEY)))).toMatchObject({
      state: 'DONE',
      answer: { status: 'SUCCESS' },
    });
  });

  it('is not changed by the refusal of another request with its id, nor by a kill with it', () => {
    const reused = commandEntry('REFUSED', KEY, { status: 'REFUSED', code: 'REQ_ID_REUSED', answer: PENDING });
    const kill = commandEntry('KILL_TRIGGER', KEY, { status: 'DONE' });
    expect(toCommandRecord(KEY, rows(intent(KEY), reused, kill))).toMatchObject({ state: 'ACCEPTED', answer: null });
  });

  it('is none where no row claimed the key', () => {
    expect(toCommandRecord(KEY, [{ ...commandEntry('KILL_TRIGGER', KEY), seq: 1, claimed: false }])).toBeNull();
  });

  it.each([
    ['ACCEPTED', true],
    ['DISPATCHING', true],
    ['UNKNOWN', true],
    ['DONE', false],
    ['PARTIAL', false],
    ['PLACED', false],
    ['REJECTED', false],
    ['REFUSED', false],
    ['EXPIRED', false],
    ['FENCED', false],
  ] as const)('in state %s is open: %s', (state, isOpen) => {
    expect(isOpenState(state)).toBe(isOpen);
  });

  it('has no answer of another shape', () => {
    expect(() => parseAnswer('{"status":"MAYBE","data":{}}')).toThrow();
    expect(() => parseAnswer('{"status":"ERROR","data":{}}')).toThrow();
  });

  it('keeps the retcode of an answer', () => {
    const text = '{"code":"REJECTED","data":{},"error":"no money","retcode":10019,"status":"ERROR"}';
    expect(parseAnswer(text)).toEqual({
      status: 'ERROR',
      code: 'REJECTED',
      error: 'no money',
      data: {},
      retcode: 10019,
    });
  });
});
