import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll } from '@electron/asar';
import { packForWindows } from '../packaging/packed.ts';
import type { WinePrefix } from './wine-prefix.ts';

/**
 * Packs the built program for Windows and lays the files of the package, and no others, below that Windows' Program Files;
 * the path of the entry. They lie there openly, since Node reads no archive as Electron does. On drive C nothing else can
 * be found: from the checkout Node would look in its node_modules too.
 */
export function installPacked({ programFiles }: WinePrefix): string {
  const folder = join(programFiles, 'MT5 Fabric', 'resources', 'app');
  rmSync(folder, { recursive: true, force: true });
  const work = mkdtempSync(join(tmpdir(), 'mt5-fabric-packed-'));
  try {
    extractAll(join(packForWindows(work).folder, 'resources', 'app.asar'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return join(folder, 'dist', 'mt5-fabric.js');
}
