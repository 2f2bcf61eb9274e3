import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The brain's tarball, packed from the build and unpacked into an empty folder outside the tree, with nothing but Node. */
export class PackedBrain {
  /** Where all of it is; removed by `remove`. */
  readonly base: string;
  readonly archive: string;
  /** The unpacked folder. */
  readonly folder: string;
  /** A folder with Node and nothing else: the whole PATH. */
  readonly path: string;

  private constructor(base: string, archive: string) {
    this.base = base;
    this.archive = archive;
    this.folder = join(base, 'empty', 'brain');
    this.path = join(base, 'path');
  }

  static async make(): Promise<PackedBrain> {
    const base = mkdtempSync(join(tmpdir(), 'mt5-fabric-brain-'));
    const packed = new PackedBrain(base, await packBrain(join(base, 'packed')));
    mkdirSync(packed.path);
    symlinkSync(process.execPath, join(packed.path, 'node'));
    mkdirSync(packed.folder, { recursive: true });
    await run('tar', ['-xzf', packed.archive, '-C', packed.folder, '--strip-components=1']);
    return packed;
  }

  get program(): string {
    return join(this.folder, 'bin/mt5-fabric-brain');
  }

  /** Runs it with only Node on the PATH and nothing else in the environment, for at most 20 s. */
  run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return runToEnd(this.program, words, { PATH: this.path, ...environment });
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** Packs the brain into a folder; its archive. */
export async function packBrain(folder: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const script = join(ROOT, 'resources/build/pack-brain.mjs');
  await run(process.execPath, [script, folder], { cwd: ROOT, env: { ...process.env, ...environment } });
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tar.gz'))!,
  );
}

/** Runs a program to its end, for at most 20 s; a code that is not 0 is no exception. */
export async function runToEnd(
  program: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(program, words, { env: environment, timeout: 20_000 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}
