// Finds Electron's runtime, which npm does not bring along, and tries once to have it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const INSTALL_WITHIN_MS = 20_000;
const EXECUTABLES = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };

/** The executable, or why there is none. `modules` is the folder node_modules; `say` tells of a wait. */
export function findRuntime({ modules, environment, platform, say, withinMs = INSTALL_WITHIN_MS }) {
  const folder = join(modules, 'electron');
  if (!existsSync(join(folder, 'package.json'))) return { missing: 'the package electron is not installed' };
  const found = executableIn(folder, environment, platform);
  if (found !== null) return { executable: found };
  if (environment.ELECTRON_OVERRIDE_DIST_PATH) return { missing: 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron' };
  if (environment.ELECTRON_SKIP_BINARY_DOWNLOAD) return { missing: 'Electron is not to be fetched here' };

  const failed = join(modules, '.cache', 'mt5-fabric', `no-electron-${versionOf(folder)}`);
  if (existsSync(failed))
    return { missing: "Electron could not be fetched before; 'npx install-electron' tries again" };
  say(`fetching Electron for the window, for ${withinMs / 1_000} s at most …`);
  spawnSync(process.execPath, [join(folder, 'install.js')], {
    ...{ stdio: 'ignore', env: environment, timeout: withinMs, killSignal: 'SIGKILL', windowsHide: true },
  });
  const fetched = executableIn(folder, environment, platform);
  if (fetched !== null) return { executable: fetched };
  remember(failed);
  return { missing: "Electron could not be fetched; 'npx install-electron' tries again" };
}

/** The installer writes path.txt last: what it broke off does not count. */
function executableIn(folder, environment, platform) {
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  if (!override && !existsSync(join(folder, 'path.txt'))) return null;
  const executable = join(override || join(folder, 'dist'), EXECUTABLES[platform] ?? 'electron');
  return existsSync(executable) ? executable : null;
}

function versionOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** The next start must not wait again. In a tree that cannot be written it does. */
function remember(file) {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
  } catch {
    // Nothing to be done about it.
  }
}
