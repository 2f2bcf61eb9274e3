import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WholeFile } from '../../../main/audit/whole-file.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

describe('a file that is there only when it is complete', () => {
  it('has its name, and the mode of a private file, once it is complete', () => {
    const path = join(temporaryFolder(), 'rows');
    const file = new WholeFile(path);
    file.write('first\n');
    file.write('second\n');
    expect(() => statSync(path)).toThrow('ENOENT');
    file.complete();
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    file.discard();
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
  });

  it('leaves what had the name alone when it is given up, and nothing of itself', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'rows');
    writeFileSync(path, 'older');
    const file = new WholeFile(path);
    file.write('newer');
    file.discard();
    file.discard();
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['rows']);
  });
});
