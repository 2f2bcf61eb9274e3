import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mounted = new Set<string>();
process.on('exit', () => {
  for (const folder of mounted) spawnSync('umount', ['-l', folder]);
});

/** A file system in memory that is soon full. */
export class SmallDisk {
  readonly folder: string;
  readonly #filler: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#filler = join(folder, 'filler');
  }

  /** Mounts one of so many MiB. Null where that is not allowed (it takes root). */
  static mount(mib: number): SmallDisk | null {
    const folder = mkdtempSync(join(tmpdir(), 'mt5-fabric-disk-'));
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=0700`, 'tmpfs', folder]);
    if (status !== 0) {
      rmSync(folder, { recursive: true, force: true });
      return null;
    }
    mounted.add(folder);
    return new SmallDisk(folder);
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Fills it until at most so many bytes are free. */
  fillTo(freeBytes: number): void {
    try {
      while (this.freeBytes > freeBytes) {
        appendFileSync(this.#filler, Buffer.alloc(Math.min(65_536, this.freeBytes - freeBytes)));
      }
    } catch (error) {
      // Something else has taken the rest meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  /** Makes room again. */
  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  /** Takes the disk away, with all that is on it. */
  unmount(): void {
    spawnSync('umount', ['-l', this.folder]);
    mounted.delete(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
