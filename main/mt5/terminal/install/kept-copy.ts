import { writeFileSync } from 'node:fs';
import { readBytes } from './text-file.ts';

/**
 * Keeps `bytes` beside `path`, as `NAME.bak-<version>`, or with the date where no version is known. Never over another
 * copy: those get a number. Gives the copy's path.
 */
export function keepCopy(path: string, bytes: Buffer, version: string): string {
  const mark = version === '' ? new Date().toISOString().slice(0, 10) : version;
  for (let number = 1; ; number += 1) {
    const copy = `${path}.bak-${mark}${number === 1 ? '' : `-${number}`}`;
    const there = readBytes(copy);
    if (there?.equals(bytes) === true) return copy;
    if (there !== null) continue;
    writeFileSync(copy, bytes, { flag: 'wx', flush: true });
    return copy;
  }
}
