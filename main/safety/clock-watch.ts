import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Safety } from './safety-port.ts';

/** Between two looks, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** Clocks that come apart by more than this between two looks have jumped, in milliseconds. */
const JUMP_MS = 2_000;
/** A sleep that the system tells of so soon after a jump was seen is the same one, in milliseconds. */
const SAME_SLEEP_MS = 5_000;

export interface ClockWatchPorts {
  readonly clock: Clock;
  readonly safety: Pick<Safety, 'raise' | 'clear'>;
  readonly log: Log;
  /** A jump was seen; `reason` is one sentence. Called after trading has been suspended. */
  readonly onJump: (reason: string) => void;
}

interface Look {
  readonly wallMs: number;
  readonly monoMs: number;
  readonly bootMs: number;
}

/**
 * Watches for a system time that is set and for sleep, both of which make ages and market times meaningless. Clocks are
 * compared from look to look: one that creeps is not a jump, and neither is a look that comes late.
 */
export class ClockWatch {
  readonly #ports: ClockWatchPorts;
  #last: Look | null = null;
  #hasJumped = false;
  #jumpedAtMonoMs = -Infinity;
  #cancel = () => {};

  constructor(ports: ClockWatchPorts) {
    this.#ports = ports;
  }

  /** Looks twice a second from now on; a second call changes nothing. */
  start(): void {
    if (this.#last !== null) return;
    this.#last = this.#read();
    this.#lookLater();
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    this.#last = null;
    this.#cancel();
  }

  /**
   * The system says that the machine has slept, for so many milliseconds; Infinity where that is not known. On Windows
   * both clocks count sleep, so that looks do not see it. Counts as a jump like one that was seen; sleep that is too short
   * for that is passed over.
   */
  slept(asleepMs: number): void {
    if (this.#last === null || asleepMs <= JUMP_MS) return;
    const now = this.#read();
    if (now.monoMs - this.#jumpedAtMonoMs <= SAME_SLEEP_MS) return;
    this.#last = now;
    this.#jumped(sleepReason(asleepMs));
  }

  #lookLater(): void {
    this.#cancel = this.#ports.clock.after(LOOK_EVERY_MS, () => {
      this.#look();
      this.#lookLater();
    });
  }

  #look(): void {
    const now = this.#read();
    const jump = this.#last === null ? null : jumpBetween(this.#last, now);
    this.#last = now;
    if (jump !== null) this.#jumped(jump);
    else if (this.#hasJumped) this.#steady();
  }

  #jumped(reason: string): void {
    const { safety, log, onJump } = this.#ports;
    this.#hasJumped = true;
    this.#jumpedAtMonoMs = this.#ports.clock.monoMs();
    safety.raise({ kind: 'CLOCK', mode: 'SUSPENDED', flatten: 'none', actor: 'gateway', reason, standing: true });
    onJump(reason);
    log.warn('clock-jumped', { reason });
  }

  #steady(): void {
    this.#hasJumped = false;
    this.#ports.safety.clear('CLOCK');
  }

  #read(): Look {
    const { clock } = this.#ports;
    return { wallMs: clock.nowMs(), monoMs: clock.monoMs(), bootMs: clock.bootMs() };
  }
}

/** What has happened between two looks, one sentence; null for nothing but the time that passed. */
function jumpBetween(before: Look, now: Look): string | null {
  const awakeMs = now.monoMs - before.monoMs;
  const asleepMs = now.bootMs - before.bootMs - awakeMs;
  if (asleepMs > JUMP_MS) return sleepReason(asleepMs);
  const steppedMs = now.wallMs - before.wallMs - awakeMs;
  if (Math.abs(steppedMs) <= JUMP_MS) return null;
  return `the system time was set ${steppedMs > 0 ? 'forward' : 'back'} by ${seconds(Math.abs(steppedMs))}`;
}

function sleepReason(asleepMs: number): string {
  return asleepMs === Infinity ? 'the machine slept' : `the machine slept for ${seconds(asleepMs)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
