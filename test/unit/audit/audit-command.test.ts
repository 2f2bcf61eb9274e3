import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditFile } from '../../../main/audit/schema.ts';
import { dataDirWith } from '../../fakes/audit-file.ts';
import { entry } from '../../fakes/audit-entries.ts';
import { dataDirWithMonths, noonOf, setLiveAside } from '../../fakes/audit-segments.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { ROWS, rows, run } from './command-rig.ts';

describe('--audit list', () => {
  it('prints a table that fits 120 columns, newest first', async () => {
    const { code, out } = await run(dataDirWith(ROWS), 'list');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines[1]).toMatch(/^6 .*REFUSED .*KILL_SWITCH_ENGAGED.*…$/);
    expect(out).toContain('2026-01-05 12:00:00.000');
    expect(out).toContain('#9007199254740993');
  });

  it('says how to get the next page', async () => {
    const { out } = await run(dataDirWith(ROWS), 'list --limit 2');
    expect(out).toContain('add --before 5');
    expect((await run(dataDirWith(ROWS), 'list --limit 2 --before 3')).out).not.toContain('--before');
  });

  it('filters, in whatever case the words are', async () => {
    const { out } = await run(dataDirWith(ROWS), 'list --json --type intent --client beta --action open_order');
    expect(rows(out).map(({ seq }) => seq)).toEqual([3]);
  });

  it('filters by time and by who it was', async () => {
    const dataDir = dataDirWithMonths([entry('ARMED')], [entry('RESUME', { actorKind: 'operator' })]);
    const list = async (words: string) => rows((await run(dataDir, `list --json ${words}`)).out).map(({ seq }) => seq);
    expect(await list('--since 2026-02-01')).toEqual([3, 2]);
    expect(await list('--until 2026-02-05T11:59')).toEqual([1]);
    expect(await list('--since 2026-01-05T12:00:00.000Z --until 2026-02-05T12:00:00')).toEqual([1]);
    expect(await list('--by operator')).toEqual([3]);
    expect(noonOf(2)).toBe(Date.parse('2026-02-05T12:00Z'));
  });

  it('says which rows cannot be read', async () => {
    const dataDir = dataDirWith(ROWS);
    setLiveAside(dataDir);
    const { code, err } = await run(dataDir, 'list');
    expect(code).toBe(0);
    expect(err).toMatch(/^mt5-fabric: rows 1 to 6 cannot all be read: .*was set aside as damaged\n$/);
  });

  it('words an empty log and an empty result', async () => {
    expect((await run(dataDirWith([]), 'list')).out).toBe('The audit log is empty.\n');
    expect((await run(dataDirWith(ROWS), 'list --symbol NONE')).out).toBe('No row matches.\n');
  });

  it('never lets a client’s text command the terminal', async () => {
    const hostile = entry('CLIENT_REFUSED', { actor: '\u001b[2Jx\u202e', reason: 'a\nb\u009b31m' });
    const { out } = await run(dataDirWith([hostile]), 'list');
    expect(out).toContain('\\u{1b}[2Jx');
    expect(out).not.toMatch(/[^\n\P{Cc}]|\u202e/u);
    const shown = await run(dataDirWith([hostile]), 'show 1');
    expect(shown.out).not.toMatch(/[^\n\P{Cc}]|\u202e/u);
  });
});

describe('--audit show', () => {
  it('prints every value of a row and the history of its command', async () => {
    const { code, out } = await run(dataDirWith(ROWS), 'show 4');
    expect(code).toBe(0);
    expect(out).toMatch(/^seq +4$/m);
    expect(out).toMatch(/^tag +abcdefghijkl$/m);
    expect(out).toMatch(/History of this command[^]*INTENT[^]*DISPATCH[^]*OUTCOME/);
  });

  it('finds a command by its req_id and client', async () => {
    const dataDir = dataDirWith(ROWS);
    const { out } = await run(dataDir, 'show r1 --client alpha --json');
    expect(JSON.parse(out)).toMatchObject({ row: { seq: 2 }, history: [{ seq: 2 }, { seq: 4 }, { seq: 5 }] });
    expect(await run(dataDir, 'show r1')).toMatchObject({
      code: 64,
      err: 'mt5-fabric: alpha, beta used that req_id; add --client\n',
    });
  });

  it('ends with 1 when there is no such row', async () => {
    const dataDir = dataDirWith(ROWS);
    expect(await run(dataDir, 'show 99')).toMatchObject({ code: 1, out: '' });
    expect(await run(dataDir, 'show nobody')).toMatchObject({ code: 1 });
  });
});

describe('--audit', () => {
  it.each([
    ['', 'say what to do'],
    ['read', '"read" is none of list, show, verify, export, backup'],
    ['list --since yesterday', '--since is a time of UTC'],
    ['list --until 2026-02-31', '--until is a time of UTC'],
    ['list --by nobody', '--by is one of client, operator, gateway'],
    ['backup', 'backup takes the name of what it makes'],
    ['backup a b', 'backup takes the name of what it makes'],
    ['list --limit 0', '--limit is a whole number from 1 to 10000'],
    ['list --before x', '--before is a whole number'],
    ['list --type NOTHING', '--type is one of INTENT'],
    ['list --unknown', "Unknown option '--unknown'"],
    ['list extra', 'Unexpected argument'],
    ['show', 'show takes one row number or one req_id'],
    ['show 1 2', 'show takes one row number or one req_id'],
    ['verify --head 5', '--head is ROW:HASH'],
    ['export', '--format is one of csv, jsonl'],
    ['export --format xml', '--format is one of csv, jsonl'],
  ])('refuses "%s" with 64 and says what it takes', async (line, message) => {
    const { code, out, err } = await run(dataDirWith(ROWS), line);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(message);
    expect(err).toContain('mt5-fabric --audit');
  });

  it.each([
    '--help',
    'help',
    'list --help',
    'show --help',
    'verify --help',
    'export --help',
    'backup --help',
    'help list',
  ])('explains itself with %s, also where there is no log', async (line) => {
    const { code, out } = await run(temporaryFolder(), line);
    expect(code).toBe(0);
    expect(out).toMatch(/^mt5-fabric --audit /);
    expect(Math.max(...out.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80);
  });

  it('ends with 78 where there is no log, and makes none', async () => {
    const dataDir = temporaryFolder();
    const { code, err } = await run(dataDir, 'list');
    expect(code).toBe(78);
    expect(err).toContain(`there is no audit log in ${dataDir}`);
    expect(await run(dataDir, 'verify')).toMatchObject({ code: 78 });
  });

  it('ends with 78 where the file is no log', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(auditFile(dataDir), 'something else entirely, long enough to be looked at'.repeat(40));
    const { code, err } = await run(dataDir, 'list');
    expect(code).toBe(78);
    expect(err).toContain('file is not a database');
    const verified = await run(dataDir, 'verify');
    expect(verified).toMatchObject({ code: 1, out: expect.stringContaining('file is not a database') as string });
  });
});
