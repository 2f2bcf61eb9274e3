import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Packages that tests may ask for. */
export type SystemPackageName =
  'python3-zmq' | 'strace' | 'g++' | 'chromium' | 'fonts-noto-cjk' | 'systemd' | 'iproute2' | 'nsis';

/** A Debian package that some tests need, and how to tell that what it brings is there. */
export interface SystemPackage {
  /** Succeeds when the package is usable; run without a shell. */
  readonly check: readonly [command: string, ...words: string[]];
  /** What stays undone without it. */
  readonly neededBy: string;
}

/** Everything outside npm that the tests use. */
export const SYSTEM_PACKAGES: Readonly<Record<SystemPackageName, SystemPackage>> = {
  'python3-zmq': {
    check: ['/usr/bin/python3', '-c', 'import zmq'],
    neededBy: 'the Python clients, and the Python column of the benchmarks',
  },
  strace: {
    check: ['strace', '-V'],
    neededBy: 'the tests with a slow disk',
  },
  'g++': {
    check: ['g++', '--version'],
    neededBy: 'the tests of the bridge program for MetaTrader 5',
  },
  chromium: {
    check: ['/usr/bin/chromium', '--version'],
    neededBy: 'the tests of the screen from end to end',
  },
  nsis: {
    check: ['makensis', '-VERSION'],
    neededBy: 'the tests of the package and the installer for Windows',
  },
  systemd: {
    check: ['systemd-analyze', '--version'],
    neededBy: 'the checks of the unit that runs a brain as a service',
  },
  iproute2: {
    check: ['ip', '-V'],
    neededBy: 'the brain in another network than its gateway',
  },
  'fonts-noto-cjk': {
    check: ['fc-list', '-q', ':lang=zh'],
    neededBy: 'screenshots in Chinese',
  },
};
const NAMES = Object.keys(SYSTEM_PACKAGES) as SystemPackageName[];

/** Set by test/run.ts for the test files: the missing packages, separated by commas. */
export const MISSING_PACKAGES_VARIABLE = 'MT5_FABRIC_TEST_MISSING';
/** Set to 1 to leave the machine's packages as they are. */
export const NO_INSTALL_VARIABLE = 'MT5_FABRIC_TEST_NO_INSTALL';

/**
 * Whether what the package brings is there: `describe.runIf(hasSystemPackage('python3-zmq'))`. Uses the finding of
 * test/run.ts where that started the tests, else looks.
 */
export function hasSystemPackage(name: SystemPackageName): boolean {
  const missing = process.env[MISSING_PACKAGES_VARIABLE];
  if (missing !== undefined) return !missing.split(',').includes(name);
  return works(name);
}

/** What could not be brought, and why, in words for the end of a run. */
export interface MissingPackage {
  readonly name: SystemPackageName;
  readonly neededBy: string;
  readonly why: string;
}

/**
 * Installs what is missing where that can be done (Debian, as root), and says so through `say`. Never throws: what
 * could not be brought comes back with the reason.
 */
export function bringSystemPackages(say: (line: string) => void): readonly MissingPackage[] {
  const absent = NAMES.filter((name) => !works(name));
  if (absent.length === 0) return [];
  const obstacle = whyNotInstallable();
  if (obstacle === null) install(absent, say);
  return absent
    .filter((name) => !works(name))
    .map((name) => ({
      name,
      neededBy: SYSTEM_PACKAGES[name].neededBy,
      why: obstacle ?? 'apt-get could not install it',
    }));
}

function works(name: SystemPackageName): boolean {
  const [command, ...words] = SYSTEM_PACKAGES[name].check;
  return spawnSync(command, words, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

function whyNotInstallable(): string | null {
  if (process.env[NO_INSTALL_VARIABLE] === '1') return `${NO_INSTALL_VARIABLE} is set`;
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return 'not a Debian system';
  if (process.getuid?.() !== 0) return 'not root';
  return null;
}

function install(names: readonly SystemPackageName[], say: (line: string) => void): void {
  say(`installing Debian packages that the tests need: ${names.join(', ')}`);
  if (aptGet('install', ...names)) return;
  say('apt-get update, since the package lists seem to be missing or old');
  if (aptGet('update')) aptGet('install', ...names);
}

function aptGet(...words: string[]): boolean {
  const options = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=60'];
  const done = spawnSync('apt-get', [...options, ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: 400_000,
  });
  return done.status === 0;
}
