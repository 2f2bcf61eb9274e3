import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, type FlagValues } from '../../../../main/config/load-settings.ts';
import { SETTING_KEYS } from '../../../../main/config/settings.ts';
import { CONTROL_CALLS, type ControlInput } from '../../../../main/control/contract.ts';
import { settingsHandlers } from '../../../../main/control/handlers/settings.ts';
import { silentLog } from '../../../../main/log.ts';
import { temporaryFolder } from '../../../fakes/temporary-folder.ts';
import { recorder } from './recorder.ts';

const BY = 'operator@me';

function rig(flags: FlagValues = {}, environment: NodeJS.ProcessEnv = {}, file?: object) {
  const dataDir = temporaryFolder();
  const path = join(dataDir, 'settings.json');
  if (file !== undefined) writeFileSync(path, JSON.stringify({ version: 1, ...file }));
  const loaded = loadSettings(dataDir, flags, environment);
  if (!loaded.ok) throw new Error(loaded.message);
  const { recorded, record } = recorder();
  const { settings } = loaded;
  const handlers = settingsHandlers({ dataDir, log: silentLog, record, settings, flags, environment });
  const shown = async (name: string) => (await handlers.settings({}, BY)).settings.find((one) => one.name === name);
  const save = (changes: ControlInput<'saveSettings'>['changes']) => handlers.saveSettings({ changes }, BY);
  const saved = () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return { handlers, recorded, shown, save, saved, path };
}

describe('the settings on a screen', () => {
  it('are all there, in the form of the contract, each with its default', async () => {
    const { handlers, path } = rig();
    const answer = await handlers.settings({}, BY);
    expect(CONTROL_CALLS.settings.output.parse(answer)).toEqual(answer);
    expect(answer.file).toBe(path);
    expect(answer.settings).toHaveLength(SETTING_KEYS.length);
    for (const { value, standard, origin } of answer.settings) expect([value, origin]).toEqual([standard, 'default']);
  });

  it.each([
    ['ttl_ms', { kind: 'number', least: 100, most: 3_600_000, whole: true, unit: 'ms', live: false }],
    ['limit_order_volume', { kind: 'number', least: 0, whole: false, unit: 'lots' }],
    ['terminal', { kind: 'choice', choices: ['paper', 'bridge'], unit: '' }],
    ['symbols', { kind: 'list' }],
    ['kill_at_once', { kind: 'switch', live: true }],
    ['panel_port', { kind: 'text', unit: 'port' }],
    ['host', { kind: 'text' }],
  ])('say of %s what it takes', async (name, takes) => {
    expect(await rig().shown(name)).toMatchObject(takes);
  });

  it('say where each value comes from, and what wins over the file', async () => {
    const { shown, save } = rig({ ttlMs: '900' }, { MT5_FABRIC_THEME: 'dark' }, { magic_base: 7 });
    expect(await shown('ttl_ms')).toMatchObject({ value: 900, origin: 'flag' });
    expect(await shown('theme')).toMatchObject({ value: 'dark', origin: 'environment' });
    expect(await shown('magic_base')).toMatchObject({ value: 7, origin: 'file' });
    expect(await save({ ttl_ms: 1_000 })).toEqual({ saved: true, restart: [] });
    expect(await shown('ttl_ms')).toMatchObject({ value: 900, origin: 'flag' });
  });

  it('show what waits for the next start beside what runs', async () => {
    const { shown, save } = rig();
    expect(await save({ ttl_ms: 900, theme: 'dark' })).toEqual({ saved: true, restart: ['ttl_ms'] });
    expect(await shown('ttl_ms')).toMatchObject({ value: 900, running: 5_000 });
    expect(await shown('theme')).not.toHaveProperty('running');
  });
});

describe('saving settings from a screen', () => {
  it('keeps what else is in the file, is private, and is recorded with what was before', async () => {
    const { save, saved, recorded, path } = rig({}, {}, { magic_base: 7 });
    await save({ ttl_ms: 900, symbols: ['EURUSD'], kill_at_once: true });
    expect(saved()).toEqual({ version: 1, magic_base: 7, ttl_ms: 900, symbols: ['EURUSD'], kill_at_once: true });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const payload = {
      symbols: { old: [], new: ['EURUSD'] },
      ttlMs: { old: 5_000, new: 900 },
      killAtOnce: { old: false, new: true },
    };
    expect(recorded).toEqual([{ type: 'SETTINGS_CHANGED', payload, by: BY }]);
  });

  it('puts a default back with null', async () => {
    const { save, saved, recorded } = rig({}, {}, { ttl_ms: 900 });
    expect(await save({ ttl_ms: null })).toEqual({ saved: true, restart: ['ttl_ms'] });
    expect(saved()).toEqual({ version: 1 });
    expect(recorded).toMatchObject([{ payload: { ttlMs: { old: 900, new: 5_000 } } }]);
  });

  it('reads a value that was typed as text as the command line would', async () => {
    const { save, saved } = rig();
    await save({ panel_port: '8555', ttl_ms: '900' });
    expect(saved()).toEqual({ version: 1, panel_port: 8_555, ttl_ms: 900 });
    await save({ panel_port: 'none' });
    expect(saved()).toMatchObject({ panel_port: 'none' });
  });

  it('is all or nothing: each name that is wrong is told what it takes', async () => {
    const { save, recorded } = rig();
    const { faults } = (await save({ ttl_ms: 4, comand_port: 1, theme: 'dark' })) as { faults: object };
    expect(faults).toEqual({
      ttl_ms: 'a whole number of milliseconds, 100 to 3600000',
      comand_port: 'is no setting',
    });
    expect(recorded).toEqual([]);
  });

  it.each([
    [{ limit_daily_loss_soft: 30, limit_daily_loss_hard: 3 }, ['limit_daily_loss_soft', 'limit_daily_loss_hard']],
    [{ host: '0.0.0.0', theme: 'dark' }, ['host']],
    [{ security: 'plain-network' }, ['security']],
    [{ security: 'plain-network', allow_from: ['10.0.0.0/8'] }, ['security']],
    [{ host: '0.0.0.0', security: 'local' }, ['host', 'security']],
  ])('refuses %j, with which no gateway would start', async (changes, names) => {
    const saved = await rig().save(changes);
    expect(saved.saved ? [] : Object.keys(saved.faults)).toEqual(names);
  });

  it('refuses a limit that contradicts one that was saved before', async () => {
    const { save } = rig({}, {}, { limit_drawdown_hard: 10 });
    const saved = await save({ limit_drawdown_soft: 20 });
    expect(saved).toMatchObject({
      saved: false,
      faults: { limit_drawdown_soft: expect.stringContaining('above') as string },
    });
  });

  it('records nothing where nothing changes', async () => {
    const { save, recorded } = rig({}, {}, { ttl_ms: 900 });
    expect(await save({ ttl_ms: 900 })).toEqual({ saved: true, restart: [] });
    expect(recorded).toEqual([]);
  });

  it('loses nothing when two save at the same time', async () => {
    const { save, saved } = rig();
    await Promise.all([save({ ttl_ms: 900 }), save({ theme: 'dark' }), save({ language: 'zh-CN' })]);
    expect(saved()).toEqual({ version: 1, ttl_ms: 900, theme: 'dark', language: 'zh-CN' });
  });

  it('says so where the disk does not take it, and records nothing', async () => {
    const { save, recorded, path } = rig();
    const { mkdirSync } = await import('node:fs');
    mkdirSync(`${path}.new`);
    await expect(save({ ttl_ms: 900 })).rejects.toThrow(/^nothing was saved: .*EISDIR/);
    expect(recorded).toEqual([]);
  });
});
