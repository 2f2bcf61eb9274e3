import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 100;
const UNUSED_DAYS = 7;
/** Longer than any compiler runs: then the number in it is that of another process by now. */
const ABANDONED_MS = 600_000;

const building = new Map<string, Promise<string>>();

/**
 * The file at `path`; where it is not there yet `make` makes it beside it, and it appears whole or not at all. Another
 * process that makes the same is waited for. Files that nobody has used for a week are removed from its folder.
 */
export function once(path: string, make: (target: string) => Promise<void>): Promise<string> {
  const begun = building.get(path);
  if (begun !== undefined) return begun;
  const made = found(path) ? Promise.resolve(path) : makeOrWait(path, make);
  building.set(path, made);
  made.catch(() => building.delete(path));
  return made;
}

async function makeOrWait(path: string, make: (target: string) => Promise<void>): Promise<string> {
  const workshop = `${path}.tmp`;
  while (!claim(workshop)) {
    await sleep(LOOK_AGAIN_MS);
    if (found(path)) return path;
  }
  try {
    const target = join(workshop, `made${extname(path) === '.exe' ? '.exe' : ''}`);
    await make(target);
    renameSync(target, path);
    removeUnused(dirname(path));
    return path;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Whether the folder is this process's now: it was not there, or whoever made it is gone. */
function claim(workshop: string): boolean {
  mkdirSync(dirname(workshop), { recursive: true });
  try {
    mkdirSync(workshop);
    writeFileSync(join(workshop, 'pid'), String(process.pid));
    return true;
  } catch {
    if (isAbandoned(workshop)) rmSync(workshop, { recursive: true, force: true });
    return false;
  }
}

function isAbandoned(workshop: string): boolean {
  try {
    const owner = Number(readFileSync(join(workshop, 'pid'), 'utf8'));
    if (owner === 0) return false;
    process.kill(owner, 0);
    return ageMs(workshop) > ABANDONED_MS;
  } catch (error) {
    // Between its making and its pid's a folder has none for a moment.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' || ageMs(workshop) > 5_000;
  }
}

function ageMs(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

/** A file that is there, marked as used. */
function found(path: string): boolean {
  if (!existsSync(path)) return false;
  utimesSync(path, new Date(), new Date());
  return true;
}

function removeUnused(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, basename(name));
    if (ageMs(path) > UNUSED_DAYS * 86_400_000) rmSync(path, { recursive: true, force: true });
  }
}
