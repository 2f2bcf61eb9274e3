import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { once } from '../mql5/build-once.ts';

const run = promisify(execFile);
const SOURCE = join(import.meta.dirname, 'stand-in-editor.cpp');

/** A program with MetaEditor's command line, for tests without MetaTrader; its path. */
export function buildStandInEditor(cache: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16);
  return once(join(cache, `stand-in-editor-${digest}.exe`), async (target) => {
    await run('x86_64-w64-mingw32-g++-posix', ['-std=c++20', '-Wall', '-Wextra', '-static', SOURCE, '-o', target]);
  });
}
