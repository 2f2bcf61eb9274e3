import { readFileSync } from 'node:fs';

/** Resident memory of a process in MB of 1,048,576 bytes, as the system counts it. Linux only. */
export function residentMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`no VmRSS of process ${pid}`);
  return Number(kib) / 1024;
}
