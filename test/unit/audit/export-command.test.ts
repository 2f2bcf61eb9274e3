import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../main/protocol/json-value.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { entry } from '../../fakes/audit-entries.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { recorder, ROWS, rows, run } from './command-rig.ts';

describe('--audit export', () => {
  it('prints CSV or JSON lines, oldest first, and the manifest and the head beside it', async () => {
    const dataDir = dataDirWith(ROWS);
    const csv = await run(dataDir, 'export --format csv --type INTENT');
    expect(csv.code).toBe(0);
    expect(csv.out.split('\r\n')).toHaveLength(4);
    expect(csv.err).toMatch(/^\{"form":1,.*\}\nexported 2 rows; head of the log 6:[0-9a-f]{64}\n/);
    expect(rows((await run(dataDir, 'export --format jsonl')).out).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('writes a private file with a manifest of what it is', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'rows.jsonl');
    const { recorded, record } = recorder();
    const line = `export --format jsonl --client alpha --since 2026-01-01 --out ${file}`;
    const { code, out } = await run(dataDirWith(ROWS), line, { record });
    expect([code, out]).toEqual([0, '']);
    const text = readFileSync(file, 'utf8');
    expect(rows(text).map(({ seq }) => seq)).toEqual([2, 4, 5]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['rows.jsonl', 'rows.jsonl.manifest.json']);
    const manifest = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8')) as JsonObject;
    expect(manifest).toEqual({
      form: 1,
      file: 'rows.jsonl',
      format: 'jsonl',
      filter: { client: 'alpha', since: '2026-01-01T00:00:00.000Z' },
      masked: false,
      rows: 3,
      first_seq: 2,
      last_seq: 5,
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
      head: { seq: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      gaps: [],
      app_version: '1.2.3',
      exported_at: '2026-11-22T14:30:00.000Z',
    });
    expect(recorded).toEqual([{ type: 'EXPORTED', payload: manifest }]);
  });

  it('leaves out the account where it is told to, and says so in the manifest', async () => {
    const dataDir = dataDirWith([entry('ARMED', { account: '5012345@Broker', payload: '{"equity":12.5}' })]);
    const { out, err } = await run(dataDir, 'export --format csv --mask');
    expect(out).toContain('***');
    expect(out).not.toMatch(/5012345|12\.5/);
    expect(err).toContain('"masked":true');
  });

  it('leaves the older file as it was, and none of its own, when it fails', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'rows.csv');
    writeFileSync(file, 'older');
    mkdirSync(`${file}.manifest.json`);
    const { code, err } = await run(dataDirWith(ROWS), `export --format csv --out ${file}`);
    expect(code).toBe(1);
    expect(err).toContain('the export was not completed');
    expect(readFileSync(file, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('ends quietly when its reader goes away', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const said = await run(dataDirWith(ROWS), 'export --format csv', { stdout: () => Promise.reject(gone) });
    expect(said).toEqual({ code: 0, out: '', err: '' });
  });

  it('ends with 1 when the file cannot be written, or lies among the log’s own', async () => {
    const dataDir = dataDirWith(ROWS);
    const missing = await run(dataDir, `export --format csv --out ${join(temporaryFolder(), 'missing', 'rows.csv')}`);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain('the export was not completed: ENOENT');
    const inside = await run(dataDir, `export --format csv --out ${join(dataDir, 'audit-all.csv')}`);
    expect(inside).toMatchObject({ code: 1, err: expect.stringContaining('the data folder itself') as string });
  });
});
