import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  /** Memory of this process in use, in bytes. */
  readonly residentBytes: () => number;
  /** Ends every connection of all ports. */
  readonly endConnections: () => Promise<void>;
}

const MIB = 1024 * 1024;
const LOOK_EVERY_MS = 250;
/** After connections were ended, memory and peers get this long to settle, in milliseconds. */
const SETTLE_MS = 1_000;
/** So much more than at the start is no work of the gateway's any more. */
const ALLOWED_BYTES = 256 * MIB;
/** What was given back may stay with the allocator: the next flood is told by what comes on top of it. */
const ALLOWED_AGAIN_BYTES = 64 * MIB;

/**
 * Ends all connections when the process's memory has grown beyond reason. libzmq keeps the frames of a message until its
 * last one has come, whatever the high-water mark, and tells the application of none: a message that never ends would take
 * all memory. Whoever may come back does so by itself.
 */
export class MemoryGuard {
  readonly #ports: Ports;
  #limitBytes = Infinity;
  #cancel: () => void = () => {};

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Begins to look, from the memory in use now. */
  start(): void {
    this.#limitBytes = this.#ports.residentBytes() + ALLOWED_BYTES;
    this.#lookIn(LOOK_EVERY_MS);
  }

  /** May be called twice. */
  stop(): void {
    this.#cancel();
  }

  #lookIn(delayMs: number): void {
    this.#cancel = this.#ports.clock.after(delayMs, () => this.#look());
  }

  #look(): void {
    const { log, residentBytes, endConnections } = this.#ports;
    const inUse = residentBytes();
    if (inUse <= this.#limitBytes) {
      this.#lookIn(LOOK_EVERY_MS);
      return;
    }
    log.error('memory-flooded', {
      inUseMib: mib(inUse),
      allowedMib: mib(this.#limitBytes),
      action: 'connections ended',
    });
    this.#limitBytes = inUse + ALLOWED_AGAIN_BYTES;
    void endConnections();
    this.#lookIn(SETTLE_MS);
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / MIB);
}
