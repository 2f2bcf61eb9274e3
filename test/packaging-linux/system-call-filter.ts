import { execFileSync } from 'node:child_process';

/** The system calls that `SystemCallFilter=` lines allow, with systemd's own sets in the place of their names. */
export function allowedCalls(lines: readonly string[]): ReadonlySet<string> {
  const allowed = new Set<string>();
  for (const line of lines) {
    const isBarred = line.startsWith('~');
    for (const name of line.replace('~', '').split(' ')) {
      for (const call of callsOf(name)) {
        if (isBarred) allowed.delete(call);
        else allowed.add(call);
      }
    }
  }
  return allowed;
}

function callsOf(name: string): readonly string[] {
  if (!name.startsWith('@')) return [name];
  const text = execFileSync('systemd-analyze', ['syscall-filter', name], { encoding: 'utf8' });
  const members = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  return members.filter((member) => /^[@\w]/.test(member)).flatMap(callsOf);
}

/** The names in the table that `strace -c` writes. */
export function callsInSummary(summary: string): readonly string[] {
  const rows = summary.split('\n').filter((line) => /^ *\d+\.\d+ /.test(line) && !line.endsWith(' total'));
  return rows.map((row) => row.trim().split(/ +/).at(-1)!);
}
