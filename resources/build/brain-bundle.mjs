import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The names of the brain's bundle and of its parts that are loaded only when they are needed; what an older build left is none of them. */
export function bundleFiles(root) {
  const files = new Set(['brain.cjs']);
  for (const name of files) {
    const text = readFileSync(join(root, 'dist', name), 'utf8');
    for (const [, part] of text.matchAll(/require\("\.\/(brain\.[^"]+\.cjs)"\)/g)) files.add(part);
  }
  return [...files];
}
