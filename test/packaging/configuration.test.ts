import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, it } from 'vitest';
import { RELEASE_FUSES } from '../../resources/build/fuses.mjs';

const ROOT = join(import.meta.dirname, '../..');
const configuration = () => getConfig(ROOT, join(ROOT, 'electron-builder.yml'), null);
const validated = (config: object) => validateConfiguration(config, new DebugLogger(false));

describe('the configuration of the packages', () => {
  it('is valid by the schema of electron-builder', async () => {
    await expect(validated(await configuration())).resolves.toBeUndefined();
  });

  it.each([
    ['a key that does not exist', { nsis: { oneClik: false } }],
    ['a value of another kind', { electronFuses: { runAsNode: 'yes' } }],
  ])('would not be with %s', async (_what, broken) => {
    await expect(validated({ ...(await configuration()), ...broken })).rejects.toThrow('Invalid configuration');
  });

  it('names only files that are there', async () => {
    const { win, nsis, directories } = await configuration();
    const copied = [win?.extraFiles ?? []].flat().map((file) => (typeof file === 'string' ? file : (file.from ?? '')));
    const named = [win?.icon, nsis?.include, nsis?.license, directories?.buildResources, ...copied];
    expect(copied).toHaveLength(1);
    for (const path of named) expect(existsSync(join(ROOT, path ?? 'not named')), path ?? undefined).toBe(true);
  });

  it('asks for the fuses that the release is checked for', async () => {
    const { electronFuses } = await configuration();
    const asked = new Map(Object.entries(electronFuses ?? {}).map(([name, state]) => [name.toLowerCase(), state]));
    const wanted = new Map(Object.entries(RELEASE_FUSES).map(([name, state]) => [name.toLowerCase(), state]));
    // Not an option of electron-builder: it stays as Electron delivers it.
    wanted.delete('wasmtraphandlers');
    expect(asked).toEqual(wanted);
  });

  it('compiles nothing and checks the archive', async () => {
    expect(await configuration()).toMatchObject({ npmRebuild: false, asar: { smartUnpack: false } });
    expect(await configuration()).not.toHaveProperty('disableAsarIntegrity');
  });
});
