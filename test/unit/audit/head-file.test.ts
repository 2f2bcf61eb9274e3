import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HEAD_FILE, HeadFile } from '../../../main/audit/head-file.ts';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';

const head = (seq: number) => ({ seq, hash: seq.toString(16).padStart(64, '0') });

function headFile(dataDir: string): HeadFile {
  const file = new HeadFile(dataDir);
  onTestFinished(() => file.close());
  return file;
}

describe('the note of the log’s last row', () => {
  it('is there for the next run', () => {
    const dataDir = temporaryFolder();
    expect(headFile(dataDir).read()).toBeNull();
    headFile(dataDir).note(head(7));
    expect(headFile(dataDir).read()).toEqual(head(7));
  });

  it('is as long each time, so that nothing of an older one is left', () => {
    const dataDir = temporaryFolder();
    const file = headFile(dataDir);
    file.note(head(123_456_789));
    const { size } = statSync(join(dataDir, HEAD_FILE));
    file.note(head(3));
    expect(statSync(join(dataDir, HEAD_FILE)).size).toBe(size);
    expect(file.read()).toEqual(head(3));
    expect(JSON.parse(readFileSync(join(dataDir, HEAD_FILE), 'utf8'))).toEqual(head(3));
  });

  it('is none for a log without rows', () => {
    const dataDir = temporaryFolder();
    headFile(dataDir).note(head(0));
    expect(headFile(dataDir).read()).toBeNull();
  });

  it.each(['', '{"seq":1', '{"seq":-1,"hash":"ab"}', '\u0000\u0000\u0000'])('is none where it reads %j', (text) => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, HEAD_FILE), text);
    expect(headFile(dataDir).read()).toBeNull();
  });

  it('is no reason to fail where it cannot be written', () => {
    const file = headFile(join(temporaryFolder(), 'gone'));
    expect(() => file.note(head(1))).not.toThrow();
    expect(file.read()).toBeNull();
  });

  it('goes on after it was closed', () => {
    const dataDir = temporaryFolder();
    const file = headFile(dataDir);
    file.note(head(1));
    file.close();
    file.note(head(2));
    expect(file.read()).toEqual(head(2));
  });
});
