import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirWith, tamper } from '../../fakes/audit-file.ts';
import { entry } from '../../fakes/audit-entries.ts';
import { dataDirWithMonths } from '../../fakes/audit-segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { recorder, ROWS, run } from './command-rig.ts';

describe('--audit backup', () => {
  it('says what it wrote, and has it recorded', async () => {
    const dataDir = dataDirWith(ROWS);
    const target = join(temporaryFolder(), 'copy.sqlite');
    const { recorded, record } = recorder();
    const { code, out, err } = await run(dataDir, `backup ${target}`, { record });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^wrote the file .*copy\.sqlite\ncopy: verified to entry 6, head [0-9a-f]{64}\n$/);
    expect(recorded).toMatchObject([
      { type: 'BACKED_UP', payload: { target, files: ['copy.sqlite'], intact: true, head: { seq: 6 } } },
    ]);
  });

  it('makes a folder where months have been closed', async () => {
    const target = join(temporaryFolder(), 'copy');
    const { out } = await run(dataDirWithMonths([entry('ARMED')], [entry('ARMED')]), `backup --json ${target}`);
    const files = ['audit-2026-01.sqlite', 'audit-2026-01.manifest.json', 'audit.sqlite'];
    expect(JSON.parse(out)).toMatchObject({ target, files, intact: true });
    expect(readdirSync(target).sort()).toEqual([...files].sort());
  });

  it('ends with 1 where the target is there, and where the copy is not intact', async () => {
    const dataDir = dataDirWith(ROWS);
    const target = join(temporaryFolder(), 'copy.sqlite');
    await run(dataDir, `backup ${target}`);
    expect(await run(dataDir, `backup ${target}`)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('overwrites nothing') as string,
    });
    tamper(dataDir, 'DELETE FROM audit WHERE seq = 2');
    const broken = await run(dataDir, `backup ${target}2`);
    expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('copy: broken at entry 3') as string });
  });
});
