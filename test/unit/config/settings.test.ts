import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controlEndpoints, resolveDataDir } from '../../../main/config/data-dir.ts';
import { loadSettings, type FlagValues } from '../../../main/config/load-settings.ts';
import { saveSettings, settingsPath } from '../../../main/config/settings-file.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

function load(dataDir: string, flags: FlagValues = {}, environment: NodeJS.ProcessEnv = {}) {
  const loaded = loadSettings(dataDir, flags, environment);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded;
}

describe('settings', () => {
  it('have working defaults without any file', () => {
    const { settings, origins } = load(temporaryFolder());
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      commandPort: 5555,
      dataPort: 5556,
      eventPort: 5557,
      terminal: 'paper',
      symbols: [],
    });
    expect(origins.commandPort).toBe('default');
  });

  it('come from flag over environment over file over default', () => {
    const dataDir = temporaryFolder();
    saveSettings(dataDir, { commandPort: 1, dataPort: 1, eventPort: 1 });
    const { settings, origins } = load(
      dataDir,
      { commandPort: '3' },
      { MT5_FABRIC_COMMAND_PORT: '2', MT5_FABRIC_DATA_PORT: '2' },
    );
    expect([settings.commandPort, settings.dataPort, settings.eventPort]).toEqual([3, 2, 1]);
    expect([origins.commandPort, origins.dataPort, origins.eventPort, origins.host]).toEqual([
      'flag',
      'environment',
      'file',
      'default',
    ]);
  });

  it('keep what else stands in the file when one is saved', () => {
    const dataDir = temporaryFolder();
    saveSettings(dataDir, { symbols: ['EURUSD'] });
    saveSettings(dataDir, { ttlMs: 900 });
    expect(JSON.parse(readFileSync(settingsPath(dataDir), 'utf8'))).toEqual({
      version: 1,
      symbols: ['EURUSD'],
      ttl_ms: 900,
    });
    expect(statSync(settingsPath(dataDir)).mode & 0o777).toBe(0o600);
  });

  it.each([
    [{ commandPort: 'abc' }, '--command-port is "abc"; it takes a port, 0 to 65535'],
    [{ commandPort: '65536' }, '--command-port is 65536; it takes a port'],
    [{ panelPort: 'off' }, '--panel-port is "off"; it takes a port, 0 to 65535 (0 picks a free one), or none'],
    [{ panelPort: '65536' }, '--panel-port is 65536; it takes a port, 0 to 65535'],
    [{ terminal: 'demo' }, '--terminal is "demo"; it takes one of paper, bridge'],
    [{ paperSuffix: 'a b' }, '--paper-suffix is "a b"; it takes at most 10 letters'],
    [{ paperLatencyMs: '1.5' }, '--paper-latency-ms is 1.5; it takes a whole number of milliseconds'],
    [{ killAtOnce: 'yes' }, '--kill-at-once is "yes"; it takes true or false'],
  ] satisfies [FlagValues, string][])('refuse %j by naming it and what it takes', (flags, message) => {
    const loaded = loadSettings(temporaryFolder(), flags, {});
    expect(loaded).toMatchObject({ ok: false });
    expect(loaded.ok ? '' : loaded.message).toContain(message);
  });

  it('read true and false typed as text', () => {
    const { settings } = load(temporaryFolder(), { killAtOnce: 'true' });
    expect(settings.killAtOnce).toBe(true);
    expect(load(temporaryFolder(), { killAtOnce: 'false' }).settings.killAtOnce).toBe(false);
  });

  it('read a port of the panel or none, and text that looks like a number where text is meant', () => {
    const dataDir = temporaryFolder();
    expect(load(dataDir).settings.panelPort).toBe('none');
    expect(load(dataDir, { panelPort: '0' }).settings.panelPort).toBe(0);
    expect(load(dataDir, { panelPort: 'none' }, { MT5_FABRIC_PANEL_PORT: '5560' }).settings.panelPort).toBe('none');
    saveSettings(dataDir, { panelPort: 5_560 });
    expect(load(dataDir, { paperSuffix: '5', bridgePipe: '77' }).settings).toMatchObject({
      ...{ panelPort: 5_560, paperSuffix: '5', bridgePipe: '77' },
    });
  });

  it('name the variable when the environment is wrong, and the key when the file is', () => {
    const dataDir = temporaryFolder();
    const fromEnvironment = loadSettings(dataDir, {}, { MT5_FABRIC_TTL_MS: 'soon' });
    expect(fromEnvironment.ok ? '' : fromEnvironment.message).toContain('MT5_FABRIC_TTL_MS is "soon"');
    writeFileSync(settingsPath(dataDir), '{"version":1,"ttl_ms":"soon"}');
    const fromFile = loadSettings(dataDir, {}, {});
    expect(fromFile.ok ? '' : fromFile.message).toContain('"ttl_ms" in settings.json is "soon"');
  });

  it.each(['not json', '[]', '{"version":99,"host":"10.0.0.1"}', ''])(
    'set a file that says %j aside and go on',
    (content) => {
      const dataDir = temporaryFolder();
      writeFileSync(settingsPath(dataDir), content);
      const { settings, notes } = load(dataDir);
      expect(settings.host).toBe('127.0.0.1');
      expect(notes.map((note) => note.kind)).toEqual(['set-aside']);
      expect(existsSync(settingsPath(dataDir))).toBe(false);
      const aside = readdirSync(dataDir).find((name) => name.startsWith('settings.json.damaged-'));
      expect(readFileSync(join(dataDir, aside ?? ''), 'utf8')).toBe(content);
    },
  );

  it('name a key that is no setting', () => {
    const dataDir = temporaryFolder();
    writeFileSync(settingsPath(dataDir), '{"version":1,"comand_port":7}');
    expect(load(dataDir).notes[0]?.message).toContain('"comand_port" is no setting');
  });
});

describe('the data folder', () => {
  it('is the one asked for, else the variable, else the place for application data', () => {
    expect(resolveDataDir('/a', { MT5_FABRIC_DATA_DIR: '/b' })).toBe('/a');
    expect(resolveDataDir(undefined, { MT5_FABRIC_DATA_DIR: '/b', XDG_DATA_HOME: '/c' })).toBe('/b');
    expect(resolveDataDir(undefined, { XDG_DATA_HOME: '/c' })).toBe('/c/mt5-fabric');
    expect(resolveDataDir(undefined, {})).toMatch(/\.local\/share\/mt5-fabric$/);
  });

  it('gives one folder one control endpoint, by whatever links it is named, before it is there and after', () => {
    const folder = temporaryFolder();
    symlinkSync(folder, `${folder}-link`);
    const names = () => [`${folder}/data`, `${folder}-link/data`, `${folder}/../${basename(folder)}/data`];
    const before = names().map((name) => controlEndpoints(name, {})[0]);
    mkdirSync(join(folder, 'data'));
    const after = names().map((name) => controlEndpoints(name, {})[0]);
    rmSync(`${folder}-link`);
    expect(new Set([...before, ...after]).size).toBe(1);
    expect(controlEndpoints(`${folder}/other`, {})[0]).not.toBe(after[0]);
  });

  it('has control endpoints that fit a socket path, whatever the folder is called', () => {
    for (const path of controlEndpoints(`/${'deep/'.repeat(100)}`, { XDG_RUNTIME_DIR: '/run/user/1000' })) {
      expect(path.length).toBeLessThan(107);
    }
  });
});
