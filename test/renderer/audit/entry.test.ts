import { describe, expect, it } from 'vitest';
import { prettyJson, rowJson } from '../../../renderer/views/audit/drawer/pretty-json.ts';
import { spanText } from '../../../renderer/views/audit/drawer/span.ts';
import { isUnsettled, latencyOf, stepsOf } from '../../../renderer/views/audit/drawer/steps.ts';
import { saidIn, toneOf } from '../../../renderer/views/audit/list/row-text.ts';
import { createFormat } from '../../../renderer/preferences/format.ts';
import { FakeLog } from './fake-log.ts';

const log = new FakeLog(8);
const [intent, dispatch, outcome] = [log.row(1), log.row(2), log.row(3)];

describe('the steps of a command', () => {
  it('have the time since the step before', () => {
    expect(stepsOf([intent, dispatch, outcome]).map(({ spanUs }) => spanUs)).toEqual([null, 1_700_000, 1_700_000]);
  });

  it('over a restart are counted by wall time, since the monotonic clock began anew', () => {
    const found = { ...outcome, session: 'another', ts_mono_us: 5, ts_utc_us: dispatch.ts_utc_us + 60_000_000 };
    expect(stepsOf([dispatch, found])[1]?.spanUs).toBe(60_000_000);
  });

  it('say where the time went, and what is left over', () => {
    expect(latencyOf([intent, dispatch, outcome])).toEqual({
      parts: [
        { name: 'queue', us: 180 },
        { name: 'commit', us: 1_240 },
        { name: 'terminal', us: 3_920 },
        { name: 'rest', us: 140 },
      ],
      totalUs: 5_480,
    });
  });

  it.each([null, 'no JSON', '7', 'null'])('say nothing of it where %j was measured', (measured) => {
    expect(latencyOf([{ ...outcome, latency_us: measured }])).toBeNull();
  });

  it('are not all there while its outcome is not known', () => {
    expect(isUnsettled([intent, dispatch])).toBe(true);
    expect(isUnsettled([intent, dispatch, { ...outcome, status: 'UNKNOWN' }])).toBe(true);
    expect(isUnsettled([intent, dispatch, outcome])).toBe(false);
    expect(isUnsettled([intent, dispatch, outcome, { ...outcome, type: 'RECONCILED', status: null }])).toBe(false);
  });
});

describe('raw JSON', () => {
  it('keeps every digit of a ticket', () => {
    const row = { ...outcome, answer: '{"data":{"ticket":9007199254741993123},"status":"SUCCESS"}' };
    expect(rowJson(row)).toContain('"ticket": 9007199254741993123');
  });

  it('keeps text that looks like JSON and is none', () => {
    expect(rowJson({ ...outcome, payload: '{broken' })).toContain('"payload": "{broken"');
  });

  it.each([
    ['{}', '{}'],
    ['{"a":[]}', '{\n  "a": []\n}'],
    [
      '{"a":[1,{"b":null}],"c":"x, {y}: \\"z\\""}',
      '{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ],\n  "c": "x, {y}: \\"z\\""\n}',
    ],
  ])('%s has a line for each value', (text, pretty) => {
    expect(prettyJson(text)).toBe(pretty);
  });

  it('is the same value as before', () => {
    expect(JSON.parse(rowJson(intent))).toMatchObject({ seq: 1, type: 'INTENT', payload: { symbol: 'EURUSD' } });
  });
});

describe('a row in the list', () => {
  it.each([
    [{ type: 'INTENT' }, 'quiet'],
    [{ type: 'REFUSED', code: 'RISK_LIMIT' }, 'refused'],
    [{ type: 'OUTCOME', status: 'REJECTED', code: 'REQUOTE' }, 'failed'],
    [{ type: 'OUTCOME', status: 'UNKNOWN', code: 'OUTCOME_UNKNOWN' }, 'unknown'],
    [{ type: 'OPERATOR_CLOSE', status: 'FAILED' }, 'failed'],
    [{ type: 'KILL_TRIGGER' }, 'halt'],
  ] as const)('%o is %s', (columns, tone) => {
    expect(toneOf({ ...intent, ...columns })).toBe(tone);
  });

  it('says its reason, else its details', () => {
    expect(saidIn({ ...intent, reason: 'why' })).toBe('why');
    expect(saidIn({ ...intent, reason: null, payload: '{}' })).toBe('{}');
    expect(saidIn({ ...intent, reason: null, payload: null })).toBe('');
  });
});

it.each([
  [0, '0 μs'],
  [310, '310 μs'],
  [4_204, '4.2 ms'],
  [1_700_000, '1.7 sec'],
  [240_000_000, '4 min'],
])('%i µs are %s', (us, text) => {
  expect(spanText(us, 'en', createFormat('en', 'utc'))).toBe(text);
});
