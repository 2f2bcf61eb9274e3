import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { once } from '../mql5/build-once.ts';

const run = promisify(execFile);
const OPTIONS = ['-std=c++20', '-Wall', '-Wextra', '-static'];

/** Compiles a source of this folder for Windows, once for each content of it; the program's path in `cache`. */
export function buildWindowsProgram(name: 'stand-in-editor' | 'close-console', cache: string): Promise<string> {
  const source = join(import.meta.dirname, `${name}.cpp`);
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  return once(join(cache, `${name}-${digest}.exe`), async (target) => {
    await run('x86_64-w64-mingw32-g++-posix', [...OPTIONS, source, '-o', target]);
  });
}
