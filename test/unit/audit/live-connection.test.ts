import { statSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { auditFile } from '../../../main/audit/schema.ts';
import { AuditWriter } from '../../../main/audit/writer.ts';
import { entry } from '../../fakes/audit-entries.ts';
import { SimulatedClock } from '../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const MIB = 1_048_576;

/** A writer, and how far its file and its write-ahead log have grown. */
function newWriter() {
  const dataDir = temporaryFolder();
  const stamp = { session: 's1', appVersion: '0.1.0', bridgeVersion: null };
  const writer = new AuditWriter({ dataDir, stamp, clock: new SimulatedClock() });
  onTestFinished(() => writer.close());
  const file = auditFile(dataDir);
  return { writer, fileMib: () => statSync(file).size / MIB, walMib: () => statSync(`${file}-wal`).size / MIB };
}

/** Writes so many MiB of rows, one MiB a commit. */
function write(writer: AuditWriter, mib: number): void {
  const large = entry('QUERY_COUNT', { payload: JSON.stringify('x'.repeat(MIB)) });
  for (let written = 0; written < mib; written += 1) {
    expect(writer.run([{ kind: 'append', entries: [large] }]).fault).toBeNull();
  }
}

it('leaves pages in the write-ahead log while it is small: no order waits for the file every few commits', () => {
  const { writer, fileMib, walMib } = newWriter();
  write(writer, 10);
  expect(fileMib()).toBeLessThan(1);
  expect(walMib()).toBeGreaterThan(10);
});

it('takes the pages to the file after 16 MiB, so that the write-ahead log stays bounded', () => {
  const { writer, fileMib, walMib } = newWriter();
  write(writer, 40);
  expect(fileMib()).toBeGreaterThan(30);
  expect(walMib()).toBeLessThan(18);
});
