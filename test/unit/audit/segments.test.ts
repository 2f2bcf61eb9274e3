import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeName, listSegments, type SegmentManifest } from '../../../main/audit/segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

function manifest(file: string, firstSeq: number, lastSeq: number): SegmentManifest {
  return {
    form: 1,
    file,
    reason: file.includes('damaged') ? 'QUARANTINE' : 'MONTH',
    first_seq: firstSeq,
    last_seq: lastSeq,
    rows: lastSeq - firstSeq + 1,
    prev_hash: '0'.repeat(64),
    head_hash: 'ab'.repeat(32),
    from: null,
    to: null,
    closed_at: '2026-11-01T00:00:00.000Z',
    app_version: '0.1.0',
    sha256: null,
  };
}

/** A folder with closed files of these row numbers. */
function folderWith(files: Readonly<Record<string, readonly [number, number]>>): string {
  const dataDir = temporaryFolder();
  for (const [name, [first, last]] of Object.entries(files)) {
    writeFileSync(join(dataDir, `${name}.sqlite`), '');
    writeFileSync(join(dataDir, `${name}.manifest.json`), JSON.stringify(manifest(`${name}.sqlite`, first, last)));
  }
  return dataDir;
}

describe('the files of the log', () => {
  it('are none in a folder that is empty or not there', () => {
    expect(listSegments(temporaryFolder())).toEqual([]);
    expect(listSegments(join(temporaryFolder(), 'gone'))).toEqual([]);
  });

  it('come in the order of their rows, the live one last, whatever their names', () => {
    const dataDir = folderWith({
      'audit-2026-11': [101, 200],
      'audit-2026-10-2': [61, 100],
      'audit-2026-10': [1, 50],
      'audit-damaged-20261020T101010Z': [51, 60],
    });
    for (const other of ['audit.sqlite', 'audit.sqlite-wal', 'audit.head', 'audit.sqlite.next', 'paper.json']) {
      writeFileSync(join(dataDir, other), '');
    }
    expect(listSegments(dataDir)).toMatchObject([
      { file: join(dataDir, 'audit-2026-10.sqlite'), isLive: false, manifest: { first_seq: 1 } },
      { file: join(dataDir, 'audit-damaged-20261020T101010Z.sqlite'), manifest: { reason: 'QUARANTINE' } },
      { file: join(dataDir, 'audit-2026-10-2.sqlite') },
      { file: join(dataDir, 'audit-2026-11.sqlite') },
      { file: join(dataDir, 'audit.sqlite'), isLive: true, manifest: null },
    ]);
  });

  it('keep one without rows in its place', () => {
    const dataDir = folderWith({
      'audit-2026-11': [1, 10],
      'audit-damaged-20261101T000000Z': [11, 10],
      'audit-2026-12': [11, 20],
    });
    expect(listSegments(dataDir).map((segment) => segment.manifest?.last_seq)).toEqual([10, 10, 20]);
  });

  it('count a file that is at its place before its manifest has its last name', () => {
    const dataDir = folderWith({ 'audit-2026-11': [1, 10] });
    renameSync(join(dataDir, 'audit-2026-11.manifest.json'), join(dataDir, 'audit-2026-11.manifest.json.tmp'));
    expect(listSegments(dataDir)).toHaveLength(1);
    renameSync(join(dataDir, 'audit-2026-11.sqlite'), join(dataDir, 'audit.sqlite'));
    expect(listSegments(dataDir)).toMatchObject([{ isLive: true }]);
  });

  it('are not listed without one that is missing, which is named', () => {
    const gone = folderWith({ 'audit-2026-11': [1, 10] });
    rmSync(join(gone, 'audit-2026-11.sqlite'));
    expect(() => listSegments(gone)).toThrow('audit-2026-11.sqlite is missing');
    const unknown = folderWith({ 'audit-2026-11': [1, 10] });
    rmSync(join(unknown, 'audit-2026-11.manifest.json'));
    expect(() => listSegments(unknown)).toThrow('audit-2026-11.sqlite has no manifest');
    const gap = folderWith({ 'audit-2026-10': [1, 10], 'audit-2026-12': [21, 30] });
    expect(() => listSegments(gap)).toThrow('audit-2026-12.sqlite begins with row 21, where row 11 should follow');
    const beginning = folderWith({ 'audit-2026-12': [21, 30] });
    expect(() => listSegments(beginning)).toThrow('where row 1 should follow');
    const twice = folderWith({ 'audit-2026-10': [1, 10], 'audit-2026-11': [5, 30] });
    expect(() => listSegments(twice)).toThrow('begins with row 5, where row 11 should follow');
  });

  it('are not listed with a manifest that cannot be read, which is named', () => {
    const dataDir = folderWith({ 'audit-2026-11': [1, 10] });
    const file = join(dataDir, 'audit-2026-11.manifest.json');
    writeFileSync(file, '{"form":1');
    expect(() => listSegments(dataDir)).toThrow(`the manifest ${file} cannot be read`);
    writeFileSync(file, JSON.stringify({ ...manifest('audit-2026-11.sqlite', 1, 10), form: 2 }));
    expect(() => listSegments(dataDir)).toThrow('form');
    writeFileSync(file, JSON.stringify(manifest('audit-2026-12.sqlite', 1, 10)));
    expect(() => listSegments(dataDir)).toThrow('is the manifest of audit-2026-12.sqlite');
    writeFileSync(file, JSON.stringify(manifest('../audit-2026-11.sqlite', 1, 10)));
    expect(() => listSegments(dataDir)).toThrow('cannot be read');
  });

  it('get a name that nothing has', () => {
    const dataDir = folderWith({ 'audit-2026-11': [1, 10], 'audit-2026-11-2': [11, 20] });
    expect(freeName(dataDir, 'audit-2026-11')).toBe('audit-2026-11-3');
    expect(freeName(dataDir, 'audit-2026-12')).toBe('audit-2026-12');
  });
});
