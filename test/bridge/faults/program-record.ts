import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tagIn } from './broker-evidence.ts';

/** Tags of the commands of which the program's record knows only that they began. */
export function begunTags(terminalDir: string): ReadonlySet<string> {
  const path = join(terminalDir, 'MQL5', 'Files', 'MT5Fabric', 'commands.txt');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const tags = new Map<string, string>();
  for (const [kind, command = '', comment] of lines.map((line) => line.split('\t'))) {
    const tag = tagIn(comment);
    if (kind === 'BEGUN' && tag !== null) tags.set(command, tag);
    if (kind === 'ENDED') tags.delete(command);
  }
  return new Set(tags.values());
}
