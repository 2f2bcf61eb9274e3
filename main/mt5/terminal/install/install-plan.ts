import { join } from 'node:path';
import { presetOf } from './preset.ts';
import { PROGRAM, type ProgramSource } from './program-source.ts';

/** What an installation is to bring about. */
export interface Wanted {
  readonly source: ProgramSource;
  readonly token: string;
  /** Values of inputs that differ from one gateway to another, by name. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** Where things are in a terminal's data folder. */
export interface Places {
  /** The program's folder, `MQL5\Experts\MT5Fabric`. */
  readonly program: string;
  readonly source: string;
  readonly compiled: string;
  readonly compileLog: string;
  /** What was installed, with the SHA-256 of each file. */
  readonly manifest: string;
  readonly token: string;
  readonly preset: string;
}

/** Places in a data folder. */
export function placesIn(dataFolder: string): Places {
  const program = join(dataFolder, 'MQL5', 'Experts', 'MT5Fabric');
  return {
    program,
    source: join(program, `${PROGRAM}.mq5`),
    compiled: join(program, `${PROGRAM}.ex5`),
    compileLog: join(program, `${PROGRAM}.log`),
    manifest: join(program, 'installed.json'),
    token: join(dataFolder, 'MQL5', 'Files', 'MT5Fabric', 'token.txt'),
    preset: join(dataFolder, 'MQL5', 'Presets', `${PROGRAM}.set`),
  };
}

/** Every file that an installation writes, by its path below the data folder, except the token. */
export function wantedFiles(wanted: Wanted): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [name, bytes] of wanted.source.files) files.set(`MQL5/Experts/MT5Fabric/${name}`, bytes);
  files.set(`MQL5/Presets/${PROGRAM}.set`, presetOf(wanted.source.inputs, wanted.inputs));
  return files;
}
