import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PanelAccess } from '../../../../main/control/panel/panel-access.ts';
import { panelRecordPath } from '../../../../main/control/panel/panel-record.ts';
import { panelSecretPath } from '../../../../main/control/panel/panel-secret.ts';
import { silentLog, type Log } from '../../../../main/log.ts';
import { SimulatedClock } from '../../../fakes/simulated-clock.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';

const TOKEN_LIFE_MS = 600_000;
const HOUR_MS = 3_600_000;

function rig(dataDir = temporaryFolder(), clock = new SimulatedClock(), log: Log = silentLog) {
  const open = () => {
    const access = new PanelAccess({ dataDir, clock, log, tokenLifeMs: TOKEN_LIFE_MS, sessionLifeMs: 12 * HOUR_MS });
    onTestFinished(() => access.flush());
    return access;
  };
  return { dataDir, clock, open, access: open() };
}

describe('a token', () => {
  it('is 256 bits, and no two are the same', () => {
    const { access } = rig();
    const tokens = Array.from({ length: 20 }, () => access.newToken());
    expect(new Set(tokens).size).toBe(20);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('opens one session, once, also for two who come in the same moment', async () => {
    const { access } = rig();
    const token = access.newToken();
    const both = await Promise.all([access.redeem(token), access.redeem(token)]);
    expect(both.map((cookie) => cookie !== null)).toEqual([true, false]);
    expect(await access.redeem(token)).toBeNull();
    expect(await access.redeem('unknown')).toBeNull();
  });

  it('is good for ten minutes', async () => {
    const { access, clock } = rig();
    const [early, late] = [access.newToken(), access.newToken()];
    await clock.advance(TOKEN_LIFE_MS - 1);
    expect(await access.redeem(early)).not.toBeNull();
    await clock.advance(1);
    expect(await access.redeem(late)).toBeNull();
  });

  it('is still good after a restart when unused, and stays used when used', async () => {
    const { access, open } = rig();
    const [used, unused] = [access.newToken(), access.newToken()];
    await access.redeem(used);
    const next = open();
    expect(await next.redeem(used)).toBeNull();
    expect(await next.redeem(unused)).not.toBeNull();
  });

  it('is never on disk itself', async () => {
    const { access, dataDir } = rig();
    const token = access.newToken();
    await access.flush();
    expect(readFileSync(panelRecordPath(dataDir), 'utf8')).not.toContain(token);
    expect(statSync(panelRecordPath(dataDir)).mode & 0o777).toBe(0o600);
  });

  it('is good no more when 16 newer ones are unused', async () => {
    const { access, dataDir } = rig();
    const tokens = Array.from({ length: 17 }, () => access.newToken());
    expect(await access.redeem(tokens[0]!)).toBeNull();
    expect(await access.redeem(tokens[1]!)).not.toBeNull();
    for (let time = 0; time < 100; time += 1) access.newToken();
    await access.flush();
    expect(statSync(panelRecordPath(dataDir)).size).toBeLessThan(4_096);
  });
});

describe('a session', () => {
  const signIn = async (access: PanelAccess) => (await access.redeem(access.newToken()))!;

  it('lasts twelve hours from its last use', async () => {
    const { access, clock } = rig();
    const cookie = await signIn(access);
    for (let time = 0; time < 3; time += 1) {
      await clock.advance(12 * HOUR_MS - 1);
      expect(access.sessionOf(cookie)).not.toBeNull();
    }
    await clock.advance(12 * HOUR_MS);
    expect(access.sessionOf(cookie)).toBeNull();
  });

  it('survives a restart, and so does its last use', async () => {
    const { access, clock, open } = rig();
    const cookie = await signIn(access);
    await clock.advance(11 * HOUR_MS);
    access.sessionOf(cookie);
    await access.flush();
    await clock.advance(11 * HOUR_MS);
    const next = open();
    expect(next.sessionOf(cookie)).not.toBeNull();
    await clock.advance(12 * HOUR_MS);
    expect(next.sessionOf(cookie)).toBeNull();
  });

  it('is known by its whole signature alone', async () => {
    const { access } = rig();
    const cookie = await signIn(access);
    const [id = '', signature = ''] = cookie.split('.');
    const other = (await signIn(access)).split('.')[1] ?? '';
    const forged = ['', '.', id, `${id}.`, `.${signature}`, `${id}.${other}`, `${id}.${signature.slice(1)}`];
    for (const value of [...forged, `${cookie}.x`, `x${cookie}`, `${id}.${signature}AAAA`]) {
      expect(access.sessionOf(value), value).toBeNull();
    }
    expect(access.sessionOf(cookie)).toBe(id);
  });

  it('ends when 32 others were used since', async () => {
    const { access } = rig();
    const [first, second] = [await signIn(access), await signIn(access)];
    for (let time = 0; time < 31; time += 1) {
      await signIn(access);
      access.sessionOf(first);
    }
    expect([access.sessionOf(first) !== null, access.sessionOf(second)]).toEqual([true, null]);
  });

  it('outlives a wall clock that is set back', async () => {
    const { access, clock } = rig();
    const cookie = await signIn(access);
    clock.stepWall(-24 * HOUR_MS);
    expect(access.sessionOf(cookie)).not.toBeNull();
  });
});

describe('the secret of the sessions', () => {
  it('is 32 bytes that nobody else can read', () => {
    const { dataDir } = rig();
    expect(Buffer.from(readFileSync(panelSecretPath(dataDir), 'utf8'), 'base64url')).toHaveLength(32);
    expect(statSync(panelSecretPath(dataDir)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is damaged', (path: string) => writeFileSync(path, 'short')],
    ['could be read by others', (path: string) => chmodSync(path, 0o640)],
  ])('that %s is replaced, said, and ends every session', async (_, harm) => {
    const { access, dataDir } = rig();
    const cookie = await access.redeem(access.newToken());
    harm(panelSecretPath(dataDir));
    const warned: string[] = [];
    const log: Log = { ...silentLog, warn: (event) => void warned.push(event) };
    expect(rig(dataDir, new SimulatedClock(), log).access.sessionOf(cookie!)).toBeNull();
    expect(warned).toHaveLength(1);
    expect(statSync(panelSecretPath(dataDir)).mode & 0o777).toBe(0o600);
  });

  it('is not enough where the record is lost: everyone needs a new address', async () => {
    const { access, dataDir } = rig();
    const cookie = await access.redeem(access.newToken());
    writeFileSync(panelRecordPath(dataDir), '{"version":1,"tokens":3}');
    expect(rig(dataDir).access.sessionOf(cookie!)).toBeNull();
  });
});

it('a record that cannot be written is said, and holds until the restart', async () => {
  const faults: string[] = [];
  const log: Log = { ...silentLog, error: (event) => void faults.push(event) };
  const { access, dataDir } = rig(temporaryFolder(), new SimulatedClock(), log);
  mkdirSync(`${panelRecordPath(dataDir)}.new`);
  const cookie = await access.redeem(access.newToken());
  expect(access.sessionOf(cookie!)).not.toBeNull();
  expect(faults).toContain('cannot write the record of the panel');
});
