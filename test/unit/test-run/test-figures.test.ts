import { describe, expect, it } from 'vitest';
import { countTests, figuresLine, readVitestReport } from '../../test-figures.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((result) => ({ status: result, ancestorTitles: [] })),
});

describe('the figures at the end of a test run', () => {
  it('count passed, failed and skipped tests over all files', () => {
    const report = { testResults: [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'passed', 'failed')] };
    expect(countTests(report)).toEqual({ passed: 3, failed: 1, skipped: 1 });
  });

  it('count a file that could not be loaded as a failure', () => {
    expect(countTests({ testResults: [file('failed')] })).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('count a file whose hook failed after its tests passed as a failure', () => {
    expect(countTests({ testResults: [file('failed', 'passed')] })).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('are zero for a report that is cut off or of another form', () => {
    const empty = { passed: 0, failed: 0, skipped: 0 };
    expect(countTests(readVitestReport('{"testResults": ['))).toEqual(empty);
    expect(countTests(readVitestReport('{"testResults": 3}'))).toEqual(empty);
    expect(countTests(readVitestReport('{}'))).toEqual(empty);
  });

  it('are one plain line that names skipped tests only where there are any', () => {
    expect(figuresLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(figuresLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});
