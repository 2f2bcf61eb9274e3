import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAuditReader } from '../../../../main/audit/open-audit-reader.ts';
import type { VerifyResult } from '../../../../main/audit/verify.ts';
import { CONTROL_CALLS } from '../../../../main/control/contract.ts';
import { auditHandlers } from '../../../../main/control/handlers/audit.ts';
import { Verification } from '../../../../main/control/verification.ts';
import { dataDirWith } from '../../../fakes/audit-file.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { ROWS } from '../../audit/command-rig.ts';
import { recorder } from './recorder.ts';

const BY = 'operator@me (panel)';
const NOON_MS = Date.UTC(2026, 0, 5, 12);

function rig() {
  const dataDir = dataDirWith(ROWS);
  const clock = new SimulatedClock(NOON_MS);
  const reader = openAuditReader({ dataDir });
  onTestFinished(() => reader.stop());
  const { recorded, record } = recorder();
  const verification = new Verification({ clock, reader, record });
  const handlers = auditHandlers({ clock, reader, verification, record, dataDir, version: '1.2.3' });
  return { dataDir, clock, handlers, verification, recorded, exports: join(dataDir, 'exports') };
}

describe('the audit log of a screen', () => {
  it('gives pages newest first, in the form of the contract, and where older rows begin', async () => {
    const { handlers } = rig();
    const page = await handlers.auditPage({ filter: {}, limit: 4 }, BY);
    expect(CONTROL_CALLS.auditPage.output.parse(page)).toEqual(page);
    expect(page.rows.map(({ seq }) => seq)).toEqual([6, 5, 4, 3]);
    const older = await handlers.auditPage({ filter: {}, before_seq: page.next ?? 0, limit: 4 }, BY);
    expect(older.rows.map(({ seq }) => seq)).toEqual([2, 1]);
    expect(older.next).toBeNull();
  });

  it.each([
    ['client', { client: 'alpha' }, (row: Record<string, unknown>) => row['actor'] === 'alpha'],
    ['who did it', { by: 'client' }, (row: Record<string, unknown>) => row['actor_kind'] === 'client'],
    ['type', { type: 'INTENT' }, (row: Record<string, unknown>) => row['type'] === 'INTENT'],
    ['time', { since_ms: 1, until_ms: 2 }, () => false],
  ] as const)('is filtered by %s', async (_, filter, belongs) => {
    const { handlers } = rig();
    const all = await handlers.auditPage({ filter: {}, limit: 500 }, BY);
    const found = await handlers.auditPage({ filter, limit: 500 }, BY);
    expect(found.rows).toEqual(all.rows.filter(belongs));
  });

  it('is filtered by req_id, and shows a row with the whole history of its command', async () => {
    const { handlers } = rig();
    const all = await handlers.auditPage({ filter: {}, limit: 500 }, BY);
    const claimed = all.rows.findLast(({ req_id }) => req_id !== null)!;
    const byReq = await handlers.auditPage({ filter: { req: claimed.req_id!, client: claimed.actor }, limit: 500 }, BY);
    const shown = await handlers.auditShow({ seq: claimed.seq }, BY);
    expect(CONTROL_CALLS.auditShow.output.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({ found: true, row: { seq: claimed.seq } });
    expect(shown.found ? shown.history.map(({ seq }) => seq) : []).toEqual(byReq.rows.map(({ seq }) => seq).reverse());
    expect(await handlers.auditShow({ seq: 99 }, BY)).toEqual({ found: false });
  });
});

describe('a verification from a screen', () => {
  it('is recorded as the doing of whoever asked, and known from then on', async () => {
    const { handlers, verification, recorded } = rig();
    expect(verification.integrity).toEqual({ kind: 'unverified' });
    const found = await handlers.auditVerify({}, BY);
    expect(found).toEqual({ kind: 'verified', seq: 6, at_ms: NOON_MS });
    expect(verification.integrity).toEqual(found);
    expect(recorded).toMatchObject([{ type: 'VERIFIED', by: BY, payload: { intact: true, head: { seq: 6 } } }]);
  });

  it('runs once for all who ask meanwhile, and anew afterwards', async () => {
    const clock = new SimulatedClock(NOON_MS);
    const { recorded, record } = recorder();
    const asked = Promise.withResolvers<VerifyResult>();
    let runs = 0;
    const verification = new Verification({
      ...{ clock, record },
      reader: {
        verify: (onProgress) => {
          runs += 1;
          onProgress?.({ seq: 10_000, hash: '' }, 50_000);
          return asked.promise;
        },
      },
    });
    const both = [verification.verify('a'), verification.verify('b')];
    expect(verification.integrity).toEqual({ kind: 'verifying', seq: 10_000, rows: 50_000 });
    asked.resolve({ ok: false, kind: 'broken', head: { seq: 511, hash: 'x' }, seq: 512, what: 'changed', damaged: [] });
    const broken = { kind: 'broken', seq: 512, at_ms: NOON_MS, what: 'changed' };
    expect(await Promise.all(both)).toEqual([broken, broken]);
    expect([runs, recorded.length]).toEqual([1, 1]);
    await verification.verify('c');
    expect(runs).toBe(2);
  });

  it('says why it could not be made, and records nothing then', async () => {
    const { recorded, record } = recorder();
    const reader = { verify: () => Promise.reject(new Error('the audit reader has ended')) };
    const verification = new Verification({ clock: new SimulatedClock(NOON_MS), reader, record });
    expect(await verification.verify(BY)).toEqual({
      kind: 'failed',
      at_ms: NOON_MS,
      what: 'the audit reader has ended',
    });
    expect(recorded).toEqual([]);
  });
});

describe('an export from a screen', () => {
  it('lies with its manifest in a private folder, and is recorded as the doing of whoever asked', async () => {
    const { handlers, recorded, exports } = rig();
    const made = await handlers.auditExport({ filter: { client: 'alpha' }, format: 'jsonl' }, BY);
    expect(CONTROL_CALLS.auditExport.output.parse(made)).toEqual(made);
    expect(made).toMatchObject({ file: 'audit-20260105T120000.000Z.jsonl', folder: exports, rows: 3, gaps: [] });
    expect(readdirSync(exports).sort()).toEqual([made.file, made.manifest_file]);
    expect([exports, join(exports, made.file)].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    const text = readFileSync(join(exports, made.file));
    expect(createHash('sha256').update(text).digest('hex')).toBe(made.sha256);
    const manifest = JSON.parse(readFileSync(join(exports, made.manifest_file), 'utf8')) as object;
    expect(manifest).toMatchObject({ sha256: made.sha256, masked: false, filter: { client: 'alpha' } });
    expect(recorded).toEqual([{ type: 'EXPORTED', payload: manifest, by: BY }]);
  });

  it('has a name of its own, also when two are made in the same moment', async () => {
    const { handlers, exports } = rig();
    const input = { filter: {}, format: 'csv' } as const;
    const [one, two] = await Promise.all([handlers.auditExport(input, BY), handlers.auditExport(input, BY)]);
    expect(one.file).not.toBe(two.file);
    expect(readdirSync(exports)).toHaveLength(4);
    for (const { file } of [one, two]) expect(file).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]+$/);
  });

  it('takes away what an export left that a crash has ended', async () => {
    const { handlers, exports } = rig();
    mkdirSync(exports, { mode: 0o755 });
    writeFileSync(join(exports, 'audit-20260101T000000.000Z.csv.partial-77'), 'half');
    writeFileSync(join(exports, 'notes.txt'), 'kept');
    const { file, manifest_file } = await handlers.auditExport({ filter: {}, format: 'csv' }, BY);
    expect(readdirSync(exports).sort()).toEqual([file, manifest_file, 'notes.txt'].sort());
    expect(statSync(exports).mode & 0o777).toBe(0o700);
  });

  it('is refused in words where it cannot be written, and the next one is made', async () => {
    const { handlers, recorded, dataDir, exports } = rig();
    writeFileSync(exports, 'a file where the folder should be');
    const input = { filter: {}, format: 'csv' } as const;
    await expect(handlers.auditExport(input, BY)).rejects.toThrow(/^the export was not completed: .*EEXIST/);
    expect(recorded).toEqual([]);
    const { rmSync } = await import('node:fs');
    rmSync(join(dataDir, 'exports'));
    expect(await handlers.auditExport(input, BY)).toMatchObject({ rows: 6 });
  });
});
