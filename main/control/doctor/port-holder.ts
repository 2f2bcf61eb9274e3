import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Holder } from './findings.ts';

const COMMAND_TIMEOUT_MS = 5_000;

/** Who listens on a TCP port of this machine; null where the system does not tell. */
export async function portHolder(port: number, platform: NodeJS.Platform): Promise<Holder | null> {
  if (platform === 'linux') return holderInProc(port, '/proc');
  if (platform !== 'win32') return null;
  const pid = pidInNetstat(await outputOf('netstat', ['-ano', '-p', 'TCP']), port);
  if (pid === null) return null;
  const name = nameInTasklist(await outputOf('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']));
  return { pid, name };
}

/** The process whose socket listens on `port`, by the tables below /proc. Only one's own processes can be seen there. */
export function holderInProc(port: number, proc: string): Holder | null {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(textOf(join(proc, 'net', table)), port)));
  if (inodes.size === 0) return null;
  const pid = namesIn(proc).find((name) => /^\d+$/.test(name) && holdsSocket(join(proc, name, 'fd'), inodes));
  return pid === undefined ? null : { pid: Number(pid), name: textOf(join(proc, pid, 'comm')).trim() };
}

/** Inodes of the sockets that listen on `port`, in a table like /proc/net/tcp. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([, local = '', , state, , , , , , inode = '']) =>
    state === '0A' && local.endsWith(suffix) ? [inode] : [],
  );
}

/** The process that listens on `port`, by `netstat -ano`, whose words for the state differ from language to language. */
export function pidInNetstat(text: string, port: number): number | null {
  for (const line of text.split(/\r?\n/)) {
    const [protocol, local = '', foreign = '', , pid = ''] = line.trim().split(/\s+/);
    if (protocol !== 'TCP' || !local.endsWith(`:${port}`)) continue;
    if (/^(0\.0\.0\.0|\[::\]|\*):(0|\*)$/.test(foreign) && /^\d+$/.test(pid)) return Number(pid);
  }
  return null;
}

/** The program's name in a line of `tasklist /FO CSV /NH`; empty when it found no process. */
export function nameInTasklist(text: string): string {
  return /^"([^"]+)","\d+"/m.exec(text)?.[1] ?? '';
}

function holdsSocket(fds: string, inodes: ReadonlySet<string>): boolean {
  return namesIn(fds).some((fd) => {
    const [, inode = ''] = /^socket:\[(\d+)\]$/.exec(linkOf(join(fds, fd))) ?? [];
    return inodes.has(inode);
  });
}

function outputOf(command: string, words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...words], { timeout: COMMAND_TIMEOUT_MS, windowsHide: true }, (_, stdout) => resolve(stdout));
  });
}

// Processes come and go while their folders are read, and others' may not be read at all.
function namesIn(folder: string): string[] {
  return orElse([], () => readdirSync(folder));
}

function textOf(path: string): string {
  return orElse('', () => readFileSync(path, 'utf8'));
}

function linkOf(path: string): string {
  return orElse('', () => readlinkSync(path));
}

function orElse<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}
