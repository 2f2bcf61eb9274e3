import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerminalSetupError } from '../terminal-setup-error.ts';

/** Longest path of a Unix socket in bytes, its end included in the system's 108. */
const MAX_SOCKET_PATH_BYTES = 107;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Where a program inside a terminal finds the gateway: `\\.\pipe\NAME` on Windows, elsewhere a Unix socket NAME in
 * $XDG_RUNTIME_DIR or the temporary folder. Throws TerminalSetupError for a name or a folder that cannot be used.
 */
export function pipePath(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  if (!NAME.test(name)) {
    throw new TerminalSetupError(
      `"${name}" cannot name a pipe: use 1 to 64 letters, digits, dots, dashes or underscores`,
    );
  }
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const path = join(environment['XDG_RUNTIME_DIR'] || tmpdir(), name);
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_SOCKET_PATH_BYTES) {
    throw new TerminalSetupError(
      `the path of the terminal's pipe has ${bytes} bytes, the system takes ${MAX_SOCKET_PATH_BYTES}: ${path}; set XDG_RUNTIME_DIR to a shorter folder`,
    );
  }
  return path;
}
