import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exportRows, type ExportRequest } from '../../../main/audit/export-rows.ts';
import { AuditReader } from '../../../main/audit/reader.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { entry } from '../../fakes/audit-entries.ts';
import { settle } from '../../fakes/simulated-clock.ts';

function readerWith(rows: number): AuditReader {
  const reader = new AuditReader(dataDirWith(Array.from({ length: rows }, () => entry('ARMED', { account: '1@X' }))));
  onTestFinished(() => reader.close());
  return reader;
}

const ALL: ExportRequest = { format: 'jsonl', filter: {}, isMasked: false };

describe('an export', () => {
  it('says what it wrote, with the sum of its bytes', async () => {
    let text = '';
    const exported = await exportRows(readerWith(1_200), { ...ALL, format: 'csv' }, (more) => {
      text += more;
      return Promise.resolve();
    });
    const sha256 = createHash('sha256').update(text).digest('hex');
    const bytes = Buffer.byteLength(text);
    expect(exported).toEqual({ rows: 1_200, firstSeq: 1, lastSeq: 1_200, bytes, sha256, gaps: [] });
    expect(text.split('\r\n')).toHaveLength(1_202);
  });

  it('reads no further while nobody takes what it has', async () => {
    const taken: string[] = [];
    let takeNext = () => {};
    const done = exportRows(readerWith(3_500), ALL, (text) => {
      taken.push(text);
      return new Promise((resolve) => (takeNext = resolve));
    });
    for (let page = 1; page <= 4; page += 1) {
      await settle();
      expect(taken).toHaveLength(page);
      takeNext();
    }
    expect(await done).toMatchObject({ rows: 3_500 });
  });

  it('stops where it cannot write', async () => {
    const write = () => Promise.reject(new Error('no space left'));
    await expect(exportRows(readerWith(1), ALL, write)).rejects.toThrow('no space left');
  });

  it('leaves the account out where it is told to', async () => {
    let text = '';
    await exportRows(readerWith(1), { ...ALL, isMasked: true }, (more) => Promise.resolve(void (text += more)));
    expect(JSON.parse(text)).toMatchObject({ account: '***', type: 'ARMED' });
  });

  it('says that nothing matched', async () => {
    const exported = await exportRows(readerWith(1), { ...ALL, filter: { type: 'RESUME' } }, () => Promise.resolve());
    expect(exported).toMatchObject({ rows: 0, firstSeq: null, lastSeq: null, bytes: 0 });
  });
});
