import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** The data folder: as asked for, else MT5_FABRIC_DATA_DIR, else the system's place for local application data. */
export function resolveDataDir(asked: string | undefined, environment: NodeJS.ProcessEnv): string {
  const chosen = asked ?? environment['MT5_FABRIC_DATA_DIR'];
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  const local = environment['LOCALAPPDATA'];
  if (process.platform === 'win32' && local) return join(local, 'mt5-fabric');
  const shared = environment['XDG_DATA_HOME'];
  return join(shared ? shared : join(homedir(), '.local', 'share'), 'mt5-fabric');
}

/**
 * Where the gateway of a data folder listens for local commands: a named pipe on Windows, a socket elsewhere. The first
 * is where it listens; the others are looked at too, since a service and a shell may differ in XDG_RUNTIME_DIR.
 */
export function controlEndpoints(dataDir: string, environment: NodeJS.ProcessEnv): readonly [string, ...string[]] {
  const name = `mt5-fabric-control-${createHash('sha256').update(canonical(dataDir)).digest('hex').slice(0, 8)}`;
  if (process.platform === 'win32') return [`\\\\.\\pipe\\${name}`];
  // A socket's path ends at 107 bytes; the run-time folder and the temporary folder are short.
  const runtimeDir = environment['XDG_RUNTIME_DIR'];
  return runtimeDir ? [join(runtimeDir, name), join(tmpdir(), name)] : [join(tmpdir(), name)];
}

/** The one spelling of a folder, whatever links or letter case it is named by: it is one folder, and has one lock. */
function canonical(folder: string): string {
  const real = realOf(resolve(folder));
  return process.platform === 'win32' ? real.toLowerCase() : real;
}

/** Of a folder that is not there yet: that of its nearest parent that is, and the rest as it is named. */
function realOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : join(realOf(parent), basename(folder));
  }
}
