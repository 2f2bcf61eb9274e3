import { spawnSync } from 'node:child_process';

const TIMEOUT_MS = 60_000;

/** Compiles a script of NSIS in a folder, as electron-builder does: every warning is an error. Throws with what it said. */
export function makensis(script: string, folder: string): void {
  const done = spawnSync('makensis', ['-V2', '-WX', '-INPUTCHARSET', 'UTF8', '-'], {
    ...{ cwd: folder, input: script, encoding: 'utf8', timeout: TIMEOUT_MS },
  });
  if (done.status !== 0) throw new Error(`makensis: ${done.error?.message ?? `${done.stdout}${done.stderr}`}`);
}
