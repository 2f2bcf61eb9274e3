import type { Role } from '../../protocol/connection-file.ts';

const PASTE = 'Paste the connection file, then press Enter and Ctrl+D:';

/** Name for the connection file of a brain. */
export function connectionFileName(name: string): string {
  return `${name}.connection.json`;
}

/**
 * What to type on the brain's Linux machine, in this order. Instead of the first the file may be copied into the home
 * folder. The file is never part of a command: a shell keeps those in its history.
 */
export function brainCommands(name: string, role: Role): string[] {
  const file = `~/${connectionFileName(name)}`;
  return [
    `echo '${PASTE}' && install -m 600 /dev/stdin ${file}`,
    `chmod 600 ${file}`,
    // A key that may only halt has no command to be tried with.
    ...(role === 'kill' ? [] : [`mt5-fabric-brain heartbeat --connection ${file}`]),
  ];
}
