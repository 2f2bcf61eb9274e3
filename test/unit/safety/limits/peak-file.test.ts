import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FilePeakStore, peakPath } from '../../../../main/safety/limits/peak-file.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

describe('FilePeakStore', () => {
  it('knows no peak before one was kept', async () => {
    expect(await new FilePeakStore(temporaryFolder()).read('a')).toBeNull();
  });

  it('keeps the peak of each account for the next run', async () => {
    const folder = temporaryFolder();
    await new FilePeakStore(folder).write('a', 10_500.25);
    await new FilePeakStore(folder).write('b', 7);
    await new FilePeakStore(folder).write('a', 11_000);
    const next = new FilePeakStore(folder);
    expect(await next.read('a')).toBe(11_000);
    expect(await next.read('b')).toBe(7);
    expect(await next.read('toString')).toBeNull();
  });

  it.each(['', 'nonsense', '{"version":2,"peaks":{}}', '{"version":1,"peaks":{"a":"7"}}'])(
    'rejects when it is read damaged as %j, and replaces it with the next peak',
    async (content) => {
      const folder = temporaryFolder();
      writeFileSync(peakPath(folder), content);
      const store = new FilePeakStore(folder);
      await expect(store.read('a')).rejects.toThrow();
      await store.write('a', 5);
      expect(await store.read('a')).toBe(5);
    },
  );

  it('rejects where the folder is gone', async () => {
    await expect(new FilePeakStore('/nonexistent/folder').write('a', 1)).rejects.toThrow();
  });

  it('leaves text that a person can read', async () => {
    const folder = temporaryFolder();
    await new FilePeakStore(folder).write('5000001@MT5Fabric-Paper', 10_000);
    expect(readFileSync(peakPath(folder), 'utf8')).toContain('"5000001@MT5Fabric-Paper": 10000');
  });
});
