import { statfs } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { FabricEvent } from '../protocol/events.ts';
import type { Safety } from './safety-port.ts';

/** Between two looks, in milliseconds. */
const LOOK_EVERY_MS = 10_000;
const MIB = 1024 * 1024;

export interface DiskWatchPorts {
  readonly clock: Clock;
  readonly safety: Pick<Safety, 'raise' | 'clear'>;
  readonly log: Log;
  /** Publishes on the event channel. */
  readonly announce: (event: FabricEvent) => void;
  /** Free bytes where the audit log is; see `freeBytesOf`. */
  readonly freeBytes: () => Promise<number>;
}

/** Levels of free space, in bytes; 0 for none. */
export interface DiskLevels {
  /** Below it a warning is given. */
  readonly warnBytes: number;
  /** Below it only closing is allowed. */
  readonly reduceBytes: number;
}

/** Watches the space that the audit log grows into, so that a full disk does not come as a halt in the middle of a trade. */
export class DiskWatch {
  readonly #ports: DiskWatchPorts;
  readonly #levels: DiskLevels;
  #isRunning = false;
  #isLow = false;
  #isShort = false;
  #isSilent = false;
  #cancel = () => {};

  constructor(ports: DiskWatchPorts, levels: DiskLevels) {
    this.#ports = ports;
    this.#levels = levels;
  }

  /** Looks at once and then every 10 s; a second call changes nothing. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#look();
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    this.#isRunning = false;
    this.#cancel();
  }

  async #look(): Promise<void> {
    const free = await this.#ask();
    if (!this.#isRunning) return;
    if (free !== null) {
      this.#judgeShort(free);
      this.#judgeLow(free);
    }
    this.#cancel = this.#ports.clock.after(LOOK_EVERY_MS, () => void this.#look());
  }

  /** Free bytes; null where the disk cannot be asked, which says nothing about the space on it. */
  async #ask(): Promise<number | null> {
    try {
      const free = await this.#ports.freeBytes();
      this.#isSilent = false;
      return free;
    } catch (error) {
      if (!this.#isSilent) this.#ports.log.warn('disk-space-unknown', { error });
      this.#isSilent = true;
      return null;
    }
  }

  #judgeShort(free: number): void {
    const isShort = free < this.#levels.reduceBytes;
    if (isShort === this.#isShort) return;
    this.#isShort = isShort;
    if (isShort) this.#restrict(free);
    else this.#ports.safety.clear('DISK');
  }

  #judgeLow(free: number): void {
    const isLow = free < this.#levels.warnBytes;
    if (isLow === this.#isLow) return;
    this.#isLow = isLow;
    if (isLow) this.#warn(free);
    else this.#ports.log.info('disk-space-back', { freeBytes: free, limitBytes: this.#levels.warnBytes });
  }

  #restrict(free: number): void {
    const { safety, log } = this.#ports;
    const { reduceBytes } = this.#levels;
    const reason = `the disk of the audit log has ${mib(free)} free, less than ${mib(reduceBytes)}`;
    safety.raise({ kind: 'DISK', mode: 'REDUCE_ONLY', flatten: 'none', actor: 'gateway', reason, standing: true });
    log.error('disk-space-short', { freeBytes: free, limitBytes: reduceBytes });
  }

  #warn(free: number): void {
    const { clock, log, announce } = this.#ports;
    const { warnBytes } = this.#levels;
    const data = { limit: 'DISK', value: free, limit_value: warnBytes };
    announce({ event: 'LIMIT', timestamp: clock.nowMs() / 1_000, data });
    log.warn('disk-space-low', { freeBytes: free, limitBytes: warnBytes });
  }
}

/** Bytes that this program may still write where `folder` is; rejects where that cannot be told. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function mib(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`;
}
