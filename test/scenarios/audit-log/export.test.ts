import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../main/protocol/json-value.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { dataDirWithMonths } from '../../fakes/audit-segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { run } from '../../unit/audit/command-rig.ts';

const ALPHA = keyOf('r1');
const BETA = keyOf('r1', 'beta');
const OUTCOME = outcome(ALPHA, { reason: 'said "no", twice;\r\nthen yes' });

const REUSED = commandEntry('REFUSED', ALPHA, { status: 'REFUSED', code: 'REQ_ID_REUSED' });

/** Two months: rows 1 to 4, and 5 (the segment's own) to 8. */
const log = () =>
  dataDirWithMonths(
    [intent(ALPHA), dispatch(ALPHA), OUTCOME, entry('ARMED')],
    [intent(BETA, { symbol: 'XAUUSD' }), REUSED, entry('FENCED')],
  );

/** Exports what one client did; the file's text and its manifest. */
async function exported(format: 'csv' | 'jsonl') {
  const file = join(temporaryFolder(), `rows.${format}`);
  const said = await run(log(), `export --format ${format} --client alpha --out ${file}`);
  expect(said).toMatchObject({ code: 0, out: '' });
  const text = readFileSync(file, 'utf8');
  return { text, manifest: JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as JsonObject };
}

describe('an export of what a filter selects, over all files of the log', () => {
  describe.each(['csv', 'jsonl'] as const)('as %s', (format) => {
    test('audit log 13: an export of a filtered set has a manifest that tells what it is and its sum', async () => {
      const { text, manifest } = await exported(format);
      expect(manifest).toMatchObject({
        ...{ format, rows: 4, first_seq: 1, last_seq: 7, masked: false },
        filter: { client: 'alpha' },
        bytes: Buffer.byteLength(text),
        sha256: createHash('sha256').update(text).digest('hex'),
        head: { seq: 8, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      });
    });
  });

  test('audit log 13: CSV and JSONL hold the same rows with the same values', async () => {
    const dataDir = log();
    const asJson = await run(dataDir, 'export --format jsonl --req r1 --client alpha');
    const asCsv = await run(dataDir, 'export --format csv --req r1 --client alpha');
    const objects = asJson.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | number | null>);
    expect(objects.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'INTENT'],
      [2, 'DISPATCH'],
      [3, 'OUTCOME'],
      [7, 'REFUSED'],
    ]);
    const [header = [], ...lines] = parseCsv(asCsv.out);
    const records = lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at]])));
    expect(records.map(({ seq }) => Number(seq))).toEqual([1, 2, 3, 7]);
    for (const [at, record] of records.entries()) {
      for (const [name, value] of Object.entries(objects[at] ?? {})) {
        expect(record[name], name).toBe(String(value ?? ''));
      }
    }
    expect(records[2]?.['reason']).toBe(OUTCOME.reason);
  });
});

/** Records of cells as RFC 4180 has them. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of cells) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  records.pop();
  return records;
}
