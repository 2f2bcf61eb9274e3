import type { Clock } from '../../clock.ts';
import type { Fence } from '../handler.ts';
import { buildLine } from './line-codec.ts';

/** How long an ack may take, in milliseconds. */
const ACK_WITHIN_MS = 5_000;

/** Where halts are written: at once, ahead of all that waits. */
export interface LatchLink {
  urge(line: string): void;
}

interface Waiting {
  readonly epoch: number;
  readonly isOn: boolean;
  readonly end: (isAcked: boolean) => void;
}

/** The program's latch as the gateway asks for it. A halt that is wanted is told to every program that connects, ahead of all else. */
export class LatchCalls {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #wantedEpoch: number | null = null;
  #lastEpoch = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The newest epoch that has been named. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  halt(epoch: number, link: LatchLink | null): Promise<boolean> {
    this.#wantedEpoch = Math.max(epoch, this.#wantedEpoch ?? 0);
    return this.#ask('halt', epoch, link);
  }

  release(epoch: number, link: LatchLink | null): Promise<boolean> {
    this.#wantedEpoch = null;
    return this.#ask('resume', epoch, link);
  }

  /** An order carries `epoch`. */
  noteEpoch(epoch: number): void {
    this.#lastEpoch = Math.max(this.#lastEpoch, epoch);
  }

  /**
   * Whether a call may be written once more to a program that came back: it fences by the halt that it has been told, or
   * the trading state is still the one in which the call was written.
   */
  mayRepeat({ epoch, mayStillStart = () => true }: Fence): boolean {
    return this.#wantedEpoch !== null || (epoch >= this.#lastEpoch && mayStillStart());
  }

  /** A program has been welcomed: what it missed, before it gets anything that it could carry out. */
  programCame(link: LatchLink): void {
    if (this.#wantedEpoch !== null) link.urge(latchLine('halt', this.#wantedEpoch));
  }

  acked(epoch: number, isOn: boolean): void {
    for (const waiting of this.#waiting) if (answers(waiting, epoch, isOn)) waiting.end(true);
  }

  linkLost(): void {
    for (const waiting of this.#waiting) waiting.end(false);
  }

  #ask(kind: 'halt' | 'resume', epoch: number, link: LatchLink | null): Promise<boolean> {
    this.noteEpoch(epoch);
    if (link === null) return Promise.resolve(false);
    link.urge(latchLine(kind, epoch));
    return new Promise((resolve) => {
      const end = (isAcked: boolean) => {
        cancel();
        this.#waiting.delete(waiting);
        resolve(isAcked);
      };
      const cancel = this.#clock.after(ACK_WITHIN_MS, () => end(false));
      const waiting: Waiting = { epoch, isOn: kind === 'halt', end };
      this.#waiting.add(waiting);
    });
  }
}

// A program that is latched at a newer epoch refuses all that a halt at an older one would.
function answers(waiting: Waiting, epoch: number, isOn: boolean): boolean {
  if (waiting.isOn !== isOn) return false;
  return isOn ? epoch >= waiting.epoch : epoch === waiting.epoch;
}

function latchLine(kind: 'halt' | 'resume', epoch: number): string {
  return buildLine([kind, String(epoch)]);
}
