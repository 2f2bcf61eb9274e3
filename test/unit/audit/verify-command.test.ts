import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataDirWith, tamper } from '../../fakes/audit-file.ts';
import { entry } from '../../fakes/audit-entries.ts';
import { dataDirWithMonths, setLiveAside } from '../../fakes/audit-segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { recorder, ROWS, run } from './command-rig.ts';

describe('--audit verify', () => {
  it('ends with 0 and prints the head of an intact log', async () => {
    const dataDir = dataDirWith(ROWS);
    const { code, out } = await run(dataDir, 'verify');
    expect(code).toBe(0);
    expect(out).toMatch(/^verified to entry 6, head [0-9a-f]{64}\n$/);
    const json = JSON.parse((await run(dataDir, 'verify --json')).out) as { head: { hash: string } };
    expect(json).toMatchObject({ intact: true, head: { seq: 6 }, broken: null });
    expect(await run(dataDir, `verify --head 6:${json.head.hash}`)).toMatchObject({ code: 0 });
    expect(await run(dataDir, `verify --head 6:${'0'.repeat(64)}`)).toMatchObject({ code: 1 });
    expect(await run(dataDir, `verify --head 7:${'0'.repeat(64)}`)).toMatchObject({ code: 1 });
  });

  it('ends with 1 and names the first broken row', async () => {
    const dataDir = dataDirWith(ROWS);
    tamper(dataDir, "UPDATE audit SET volume = '0.03' WHERE seq = 3");
    expect(await run(dataDir, 'verify')).toMatchObject({
      code: 1,
      out: 'broken at entry 3: hash differs from the row’s content\n',
    });
    expect(JSON.parse((await run(dataDir, 'verify --json')).out)).toMatchObject({ intact: false, broken: { seq: 3 } });
  });

  it('notices one deleted row', async () => {
    const dataDir = dataDirWith(ROWS);
    tamper(dataDir, 'DELETE FROM audit WHERE seq = 2');
    expect(await run(dataDir, 'verify')).toMatchObject({
      code: 1,
      out: 'broken at entry 3: row 2 is missing, between 1 and 3\n',
    });
  });

  it('names a damaged file that was set aside, and ends with 1 though the chain goes on', async () => {
    const dataDir = dataDirWith(ROWS);
    setLiveAside(dataDir, [entry('ARMED')]);
    const { code, out } = await run(dataDir, 'verify');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^not verified: entries 1 to 6 in audit-damaged-.*\.sqlite, which was set aside as damaged: .*\notherwise verified to entry 8, head [0-9a-f]{64}\n$/,
    );
    expect(JSON.parse((await run(dataDir, 'verify --json')).out)).toMatchObject({
      intact: false,
      broken: null,
      damaged: [{ first_seq: 1, last_seq: 6 }],
    });
  });

  it('has the result recorded by the gateway, or says that the log does not tell of it', async () => {
    const dataDir = dataDirWith(ROWS);
    const { recorded, record } = recorder();
    expect((await run(dataDir, 'verify', { record })).err).toBe('');
    expect(recorded).toMatchObject([{ type: 'VERIFIED', payload: { intact: true, head: { seq: 6 } } }]);
    const unheard = 'no gateway is running here, so the log itself does not tell of this\n';
    expect((await run(dataDir, 'verify', { record: () => Promise.resolve(false) })).err).toBe(unheard);
    expect((await run(dataDir, 'verify')).err).toBe(unheard);
  });

  it('says how far it is in one line of a terminal', async () => {
    const dataDir = dataDirWith(Array.from({ length: 1_100 }, () => entry('ARMED')));
    let atMs = 0;
    const { err } = await run(dataDir, 'verify', { isTerminal: true, nowMs: () => (atMs += 400) });
    expect(err).toContain('\rverified 1000 of 1100 entries (90 %)\u001b[K\r\u001b[K');
  });

  it('checks the closed files where the live one cannot be read', async () => {
    const dataDir = dataDirWithMonths([entry('ARMED')], [entry('ARMED')]);
    writeFileSync(join(dataDir, 'audit.sqlite'), Buffer.alloc(8_192, 0xff));
    expect(await run(dataDir, 'verify', { isTerminal: true })).toMatchObject({
      code: 1,
      out: 'broken at entry 2: audit.sqlite cannot be read: file is not a database\n',
    });
  });

  it('says that a cut tail needs a witness', async () => {
    expect((await run(temporaryFolder(), 'verify --help')).out).toMatch(
      /cut tail[^]*a head that was noted\s+elsewhere/,
    );
  });
});
