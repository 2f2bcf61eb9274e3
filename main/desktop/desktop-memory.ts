import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomically } from '../config/write-file-atomically.ts';
import type { Log } from '../log.ts';
import { placeSchema, type Place } from './window-place.ts';

const memorySchema = z.object({
  place: z.optional(placeSchema),
  /** The operator has been told once that closing the window does not end the gateway. */
  told_of_tray: z._default(z.boolean(), false),
});
type Memory = z.output<typeof memorySchema>;

/** What the desktop remembers from one start to the next, in `desktop.json`. Nothing that trading depends on. */
export class DesktopMemory {
  readonly #path: string;
  readonly #log: Log;
  #memory: Memory;

  /** A file that is missing or cannot be understood counts as none. */
  constructor(dataDir: string, log: Log) {
    this.#path = join(dataDir, 'desktop.json');
    this.#log = log;
    this.#memory = readMemory(this.#path);
  }

  place(): Place | null {
    return this.#memory.place ?? null;
  }

  keepPlace(place: Place): void {
    if (JSON.stringify(place) !== JSON.stringify(this.#memory.place)) this.#keep({ place });
  }

  /** True the first time, and never again. */
  tellOfTray(): boolean {
    if (this.#memory.told_of_tray) return false;
    this.#keep({ told_of_tray: true });
    return true;
  }

  #keep(change: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...change };
    try {
      writeFileAtomically(this.#path, `${JSON.stringify(this.#memory)}\n`);
    } catch (error) {
      this.#log.warn('the place of the window could not be kept', { error });
    }
  }
}

function readMemory(path: string): Memory {
  try {
    return memorySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return memorySchema.parse({});
  }
}
