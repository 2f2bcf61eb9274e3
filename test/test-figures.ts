import * as z from 'zod';

/** The part of vitest's JSON report that is read here. */
const reportSchema = z.object({
  testResults: z._default(
    z.array(
      z.object({
        name: z._default(z.string(), ''),
        status: z.string(),
        assertionResults: z.array(
          z.object({ status: z.string(), ancestorTitles: z._default(z.array(z.string()), []) }),
        ),
      }),
    ),
    [],
  ),
});
/** What vitest says of a run: its files, and in each the tests with the names of the groups that they are in. */
export type VitestReport = z.infer<typeof reportSchema>;

/** How the tests of a run ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Reads a report; one that is cut off or of another form counts as empty. */
export function readVitestReport(text: string): VitestReport {
  try {
    const report = reportSchema.safeParse(JSON.parse(text));
    return report.success ? report.data : { testResults: [] };
  } catch {
    return { testResults: [] };
  }
}

/** Counts the tests; a file that failed although none of its tests did (it could not be loaded, say) counts as one failure. */
export function countTests(report: VitestReport): TestCounts {
  const statuses = report.testResults.flatMap(({ status, assertionResults }) => {
    const tests = assertionResults.map((test) => test.status);
    return status === 'failed' && !tests.includes('failed') ? [...tests, 'failed'] : tests;
  });
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return { passed, failed, skipped: statuses.length - passed - failed };
}

/** `12 passed, 0 failed`, with `, 3 skipped` where any were. */
export function figuresLine({ passed, failed, skipped }: TestCounts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
