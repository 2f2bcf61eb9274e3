import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAuditCommand } from '../../../main/audit/audit-command.ts';
import { auditFile } from '../../../main/audit/schema.ts';
import { dataDirWith, tamper } from '../../fakes/audit-file.ts';
import { commandEntry, dispatch, entry, intent, keyOf, outcome } from '../../fakes/audit-entries.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const ALPHA = keyOf('r1');
const ROWS = [
  entry('SESSION_STARTED'),
  intent(ALPHA),
  intent(keyOf('r1', 'beta')),
  dispatch(ALPHA),
  outcome(ALPHA),
  commandEntry('REFUSED', keyOf('r2', 'a-client-with-a-rather-long-name'), {
    status: 'REFUSED',
    code: 'KILL_SWITCH_ENGAGED',
    symbol: 'A-SYMBOL-OF-SOME-LENGTH',
    reason: `the kill switch is engaged ${'and this goes on '.repeat(20)}`,
  }),
];

async function run(dataDir: string, line: string) {
  const said = { out: '', err: '' };
  const code = await runAuditCommand(
    line.split(' ').filter((word) => word !== ''),
    {
      dataDir,
      stdout: (text) => (said.out += text),
      stderr: (text) => (said.err += text),
    },
  );
  return { code, ...said };
}

const rows = (jsonLines: string) =>
  jsonLines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number });

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

  it('says that a cut tail needs a witness', async () => {
    expect((await run(temporaryFolder(), 'verify --help')).out).toMatch(/cut tail.*\n?.*head that was noted elsewhere/);
  });
});

describe('--audit export', () => {
  it('prints CSV or JSON lines, oldest first, and the head beside it', async () => {
    const dataDir = dataDirWith(ROWS);
    const csv = await run(dataDir, 'export --format csv --type INTENT');
    expect(csv.code).toBe(0);
    expect(csv.out.split('\r\n')).toHaveLength(4);
    expect(csv.err).toMatch(/^exported 2 rows; head of the log 6:[0-9a-f]{64}\n$/);
    expect(rows((await run(dataDir, 'export --format jsonl')).out).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('writes a private file when asked to', async () => {
    const file = join(temporaryFolder(), 'rows.jsonl');
    const { code, out } = await run(dataDirWith(ROWS), `export --format jsonl --out ${file}`);
    expect([code, out]).toEqual([0, '']);
    expect(rows(readFileSync(file, 'utf8'))).toHaveLength(6);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('ends with 1 when the file cannot be written', async () => {
    const file = join(temporaryFolder(), 'missing', 'rows.csv');
    const { code, err } = await run(dataDirWith(ROWS), `export --format csv --out ${file}`);
    expect(code).toBe(1);
    expect(err).toContain(`${file} cannot be written`);
  });
});

describe('--audit', () => {
  it.each([
    ['', 'say what to do'],
    ['read', '"read" is none of list, show, verify, export'],
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

  it.each(['--help', 'help', 'list --help', 'show --help', 'verify --help', 'export --help', 'help list'])(
    'explains itself with %s, also where there is no log',
    async (line) => {
      const { code, out } = await run(temporaryFolder(), line);
      expect(code).toBe(0);
      expect(out).toMatch(/^mt5-fabric --audit /);
      expect(Math.max(...out.split('\n').map((text) => text.length))).toBeLessThanOrEqual(120);
    },
  );

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
    const { code, err } = await run(dataDir, 'verify');
    expect(code).toBe(78);
    expect(err).toContain('file is not a database');
  });
});
