import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makensis } from './makensis.ts';

/** In front of the fuses, in every Electron. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron 45 is delivered: version 1, nine fuses, 1 for on. */
const DELIVERED_FUSES = '101100011';
const SCRIPT = `Unicode true
Target amd64-unicode
Name "Electron"
OutFile "electron.exe"
RequestExecutionLevel user
VIProductVersion 1.0.0.0
VIAddVersionKey ProductName "Electron"
VIAddVersionKey FileVersion "1.0"
VIAddVersionKey FileDescription "Electron"
VIAddVersionKey LegalCopyright "none"
Section
SectionEnd
`;

/** A folder that a packager takes for Electron: a program of Windows with version, resources and fuses. */
export function makeStandInElectron(folder: string, version: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'LICENSE'), '');
  for (const language of ['de', 'en-US', 'zh-CN']) writeFileSync(join(folder, 'locales', `${language}.pak`), '');
  makensis(SCRIPT, folder);
  const wire = [Buffer.from(FUSE_SENTINEL), Buffer.from([1, DELIVERED_FUSES.length]), Buffer.from(DELIVERED_FUSES)];
  appendFileSync(join(folder, 'electron.exe'), Buffer.concat(wire));
}
