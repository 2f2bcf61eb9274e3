import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../fakes/temporary-folder.ts';
import { once } from '../../mql5/build-once.ts';
import { buildProgram, CompileError, compilerVersion } from '../../mql5/build.ts';
import { hasSystemPackage } from '../../system-packages.ts';

const BUILD_TIMEOUT_MS = 300_000;

function build(text: string): Promise<string> {
  return buildProgram({ variant: 'plain', sources: new Map([['small.mq5', text]]) });
}

describe.runIf(hasSystemPackage('g++'))('Building a program', { timeout: BUILD_TIMEOUT_MS }, () => {
  it('compiles a text once, and another text anew', async () => {
    const first = await build('int OnInit() { return(0); }');
    const { ino } = statSync(first);
    expect(await build('int OnInit() { return(0); }')).toBe(first);
    expect(statSync(first).ino).toBe(ino);
    expect(await build('int OnInit() { return(1); }')).not.toBe(first);
  });

  it.each([
    ['string s = "a" + 5;', 'use of deleted function'],
    ['int F(const int n) { if(n > 0) return(1); }', 'return-type'],
    ['int F(const long n) { return(n); }', "conversion from 'mql5::mql_long'"],
    ['void F(const string s) { if(s == NULL) Print(s); }', 'use of deleted function'],
    ['void F() { int n = "5"; Print(n); }', 'cannot convert'],
    ['void F() { Nothing(); }', "'Nothing' was not declared"],
    ['void F() { int unused; }', 'unused-variable'],
  ])('refuses %s', async (line, reason) => {
    const built = build(`int OnInit() { return(0); }\n\n${line}`);
    await expect(built).rejects.toThrow(CompileError);
    const words = await built.catch((error: unknown) => (error as Error).message);
    expect(words).toContain('small.mq5:3:');
    expect(words).toContain(reason);
  });

  it('names its compiler', () => {
    expect(compilerVersion()).toMatch(/^g\+\+ \d+\.\d+/);
  });
});

function writing(text: string): (target: string) => Promise<void> {
  return (target) => {
    writeFileSync(target, text);
    return Promise.resolve();
  };
}

describe('A file that is made once', () => {
  it('is made by one of those who ask at the same time, and appears whole', async () => {
    const path = join(temporaryFolder(), 'file');
    let made = 0;
    const make = (target: string) => {
      made++;
      writeFileSync(target, 'whole');
      expect(existsSync(path)).toBe(false);
      return Promise.resolve();
    };
    await Promise.all([once(path, make), once(path, make)]);
    expect(made).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('whole');
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });

  it('is tried again after a failure', async () => {
    const path = join(temporaryFolder(), 'file');
    await expect(once(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await once(path, writing(''));
    expect(existsSync(path)).toBe(true);
  });

  it('is waited for while another process makes it', async () => {
    const path = join(temporaryFolder(), 'file');
    // Loaded anew the module has a memory of its own, as in another process.
    vi.resetModules();
    const other = await import('../../mql5/build-once.ts');
    const slow = other.once(path, async (target) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      writeFileSync(target, 'by the other');
    });
    await once(path, () => Promise.reject(new Error('made twice')));
    await slow;
    expect(readFileSync(path, 'utf8')).toBe('by the other');
  });

  it('is taken over from a process that is gone', async () => {
    const path = join(temporaryFolder(), 'file');
    mkdirSync(`${path}.tmp`);
    // No process has this number: Linux ends at 2^22.
    writeFileSync(join(`${path}.tmp`, 'pid'), '4194999');
    await once(path, writing('mine'));
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });
});
