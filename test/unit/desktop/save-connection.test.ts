import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { saveConnection } from '../../../main/desktop/save-connection.ts';
import * as electron from '../../desktop/electron-stand-in.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

beforeEach(electron.reset);

describe('saving a connection file', () => {
  it('asks where, and writes it for its owner alone, also over a file that others could read', async () => {
    const at = join(temporaryFolder(), 'alpha.connection.json');
    writeFileSync(at, 'old', { mode: 0o644 });
    electron.dialog.saveAt = at;
    expect(await saveConnection('alpha.connection.json', '{"version":1}\n')).toEqual({ isSaved: true, error: null });
    expect(readFileSync(at, 'utf8')).toBe('{"version":1}\n');
    expect(statSync(at).mode & 0o777).toBe(0o600);
    expect(electron.dialog.offered[0]?.defaultPath).toMatch(/alpha\.connection\.json$/);
  });

  it('saves nothing where the operator changes their mind', async () => {
    expect(await saveConnection('alpha.connection.json', '{}')).toEqual({ isSaved: false, error: null });
  });

  it('says why it could not', async () => {
    electron.dialog.saveAt = join(temporaryFolder(), 'no', 'such', 'folder.json');
    const { isSaved, error } = await saveConnection('alpha.connection.json', '{}');
    expect(isSaved).toBe(false);
    expect(error).toContain('ENOENT');
  });
});
