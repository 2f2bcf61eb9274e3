import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Safety } from './safety-port.ts';
import type { Trigger } from './trading-state.ts';

/** What a file named `HALT` in the data folder asks for: halt, keep positions, for as long as it is there. */
export const HALT_FILE_TRIGGER: Trigger = {
  kind: 'HALT_FILE',
  mode: 'HALTED',
  flatten: 'none',
  actor: 'operator',
  reason: 'a file named HALT is in the data folder',
  standing: true,
};

export interface HaltFilePorts {
  readonly clock: Clock;
  readonly safety: Pick<Safety, 'raise' | 'clear'>;
  /** Whether the file is there; see `haltFileExists`. */
  readonly exists: () => Promise<boolean>;
}

/** Watches for the file, so that a halt works with a file manager alone. Taking it away ends the cause, not the halt. */
export class HaltFileWatch {
  readonly #ports: HaltFilePorts;
  readonly #pollMs: number;
  #running = false;
  /** Null before the first look: start-up may have seen a file that is gone by now. */
  #isThere: boolean | null = null;
  #cancel = () => {};

  constructor(ports: HaltFilePorts, pollMs = 250) {
    this.#ports = ports;
    this.#pollMs = pollMs;
  }

  /** Looks at once and then every `pollMs`. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#poll();
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    this.#running = false;
    this.#cancel();
  }

  async #poll(): Promise<void> {
    const isThere = await this.#ports.exists().catch(() => true);
    if (!this.#running) return;
    if (isThere && this.#isThere !== true) this.#ports.safety.raise(HALT_FILE_TRIGGER);
    if (!isThere && this.#isThere !== false) this.#ports.safety.clear('HALT_FILE');
    this.#isThere = isThere;
    this.#cancel = this.#ports.clock.after(this.#pollMs, () => void this.#poll());
  }
}

/** Whether the data folder has a file named `HALT`. A failure other than "not there" counts as there. */
export async function haltFileExists(dataFolder: string): Promise<boolean> {
  try {
    await stat(join(dataFolder, 'HALT'));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
