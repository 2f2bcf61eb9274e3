import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { NO_INSTALL_VARIABLE } from '../system-packages.ts';

/** What runs Windows programs here, and what compiles them, by their Debian packages. */
const PROGRAMS = [
  { debianPackages: ['wine', 'wine64'], check: ['wine', '--version'] },
  { debianPackages: ['g++-mingw-w64-x86-64-posix'], check: ['x86_64-w64-mingw32-g++-posix', '--version'] },
] as const;
/** Wine is large. */
const INSTALL_TIMEOUT_MS = 600_000;

/** Installs what is missing of Wine and mingw where that can be done (Debian, as root). Why they are not there, or null. */
export function bringWine(say: (line: string) => void): string | null {
  const absent = missingPackages();
  if (absent.length === 0) return null;
  const obstacle = whyNotInstallable();
  if (obstacle !== null) return `no ${absent.join(', ')} (${obstacle})`;
  say(`installing Debian packages: ${absent.join(', ')}`);
  aptGet('update');
  aptGet('install', ...absent);
  const left = missingPackages();
  return left.length === 0 ? null : `no ${left.join(', ')} (apt-get could not install them)`;
}

function missingPackages(): string[] {
  return PROGRAMS.filter(({ check: [command, word] }) => !works(command, word)).flatMap(({ debianPackages }) => [
    ...debianPackages,
  ]);
}

function works(command: string, ...words: string[]): boolean {
  const env = { ...process.env, WINEDEBUG: '-all' };
  return spawnSync(command, words, { stdio: 'ignore', timeout: 20_000, env }).status === 0;
}

function whyNotInstallable(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `${process.platform} ${process.arch}`;
  if (process.env[NO_INSTALL_VARIABLE] === '1') return `${NO_INSTALL_VARIABLE} is set`;
  if (!existsSync('/etc/debian_version')) return 'not a Debian system';
  return process.getuid?.() === 0 ? null : 'not root';
}

function aptGet(...words: string[]): void {
  const options = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=60'];
  spawnSync('apt-get', [...options, ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'ignore',
    timeout: INSTALL_TIMEOUT_MS,
  });
}
