import { readdirSync, renameSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backUp } from '../../../main/audit/backup.ts';
import { openAuditLog } from '../../../main/audit/open-audit-log.ts';
import { AUDIT_FILE } from '../../../main/audit/schema.ts';
import { verifyLog } from '../../../main/audit/verify-log.ts';
import { systemClock } from '../../../main/clock.ts';
import { silentLog } from '../../../main/log.ts';
import { dataDirWith, tamper } from '../../fakes/audit-file.ts';
import { entry, intent, keyOf } from '../../fakes/audit-entries.ts';
import { appendTo, dataDirWithMonths, setLiveAside } from '../../fakes/audit-segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const someRows = (count: number) => Array.from({ length: count }, () => entry('ARMED'));

async function openLog(dataDir: string) {
  const opened = await openAuditLog({
    dataDir,
    session: 's2',
    appVersion: '0.1.0',
    clock: systemClock,
    log: silentLog,
  });
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.log.stop());
  return opened.log;
}

function verify(dataDir: string) {
  const steps = verifyLog(dataDir);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A data folder made of a backup that is one file. */
function restored(file: string): string {
  const dataDir = join(temporaryFolder(), 'restored');
  mkdirSync(dataDir);
  renameSync(file, join(dataDir, AUDIT_FILE));
  return dataDir;
}

describe('a backup', () => {
  it('audit log 14: a backup is one file, as the log was at one moment, while a writer goes on writing', async () => {
    const dataDir = dataDirWith([intent(keyOf('r1')), ...someRows(20_000)]);
    const log = await openLog(dataDir);
    const backup = new AbortController();
    const writing = (async () => {
      while (!backup.signal.aborted)
        await log.append(someRows(10).map((row) => ({ ...row, tsUtcUs: systemClock.nowMs() * 1_000 })));
    })();
    const target = join(temporaryFolder(), 'copy.sqlite');
    const shares: number[] = [];
    const result = await backUp({ dataDir, target, onProgress: (share) => shares.push(share) });
    backup.abort();
    await writing;
    expect(result).toMatchObject({ ok: true, isFolder: false, files: ['copy.sqlite'], verified: { ok: true } });
    const copied = result.ok ? result.verified.head.seq : 0;
    expect(copied).toBeGreaterThan(20_000);
    expect(log.head().seq).toBeGreaterThan(copied);
    expect(shares.length).toBeGreaterThan(2);

    const copy = await openLog(restored(target));
    expect(copy.opened).toMatchObject({ fresh: false, tailIntact: true });
    expect(copy.head().seq).toBe(copied);
    expect(await copy.findCommand(keyOf('r1'))).toMatchObject({ state: 'ACCEPTED' });
    expect(await copy.append(someRows(1))).toMatchObject({ ok: true, head: { seq: copied + 1 } });
  });

  it('is a folder with the closed files and their manifests, which is a data folder as it is', async () => {
    const dataDir = dataDirWithMonths(someRows(3), someRows(3), someRows(3));
    const target = join(temporaryFolder(), 'copy');
    expect(await backUp({ dataDir, target })).toMatchObject({
      ok: true,
      isFolder: true,
      verified: { ok: true, head: { seq: 11 } },
    });
    expect(readdirSync(target).sort()).toEqual([
      'audit-2026-01.manifest.json',
      'audit-2026-01.sqlite',
      'audit-2026-02.manifest.json',
      'audit-2026-02.sqlite',
      AUDIT_FILE,
    ]);
    appendTo(target, someRows(1));
    expect(verify(target)).toMatchObject({ ok: true, head: { seq: 12 } });
  });

  it('takes a damaged file that was set aside with it, and says that the copy is not intact', async () => {
    const dataDir = dataDirWithMonths(someRows(3));
    setLiveAside(dataDir, someRows(1));
    const target = join(temporaryFolder(), 'copy');
    expect(await backUp({ dataDir, target })).toMatchObject({ ok: true, verified: { ok: false, kind: 'damaged' } });
    expect(readdirSync(target).filter((name) => name.includes('damaged'))).toHaveLength(2);
  });

  it('says that the chain of the copy is broken where the log’s is', async () => {
    const dataDir = dataDirWith(someRows(5));
    tamper(dataDir, "UPDATE audit SET actor = 'x' WHERE seq = 3");
    const result = await backUp({ dataDir, target: join(temporaryFolder(), 'copy') });
    expect(result).toMatchObject({ ok: true, verified: { ok: false, kind: 'broken', seq: 3 } });
  });

  it('overwrites nothing, and leaves nothing behind where it makes none', async () => {
    const dataDir = dataDirWith(someRows(1));
    const folder = temporaryFolder();
    const target = join(folder, 'copy');
    writeFileSync(target, 'precious');
    expect(await backUp({ dataDir, target })).toMatchObject({
      ok: false,
      message: expect.stringContaining('is there') as string,
    });
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(await backUp({ dataDir, target: join(folder, 'no', 'copy') })).toMatchObject({ ok: false });
    expect(await backUp({ dataDir, target: join(dataDir, 'copy') })).toMatchObject({
      ok: false,
      message: expect.stringContaining('the data folder itself') as string,
    });
    await expect(backUp({ dataDir: join(folder, 'none'), target: join(folder, 'new') })).rejects.toThrow(
      'there is none',
    );
    expect(readdirSync(folder)).toEqual(['copy']);
  });
});
