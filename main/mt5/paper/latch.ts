import type { Fence, LatchState, TradeOutcome } from '../handler.ts';

/** Whether a call may open or change what opens; such calls are refused while the latch is on. */
export type CallKind = 'entry' | 'reduce';

/** The terminal's own part of the kill switch: refuses new orders while it is on, and every epoch smaller than its own. */
export class Latch {
  #epoch = 0;
  #isOn = false;

  get state(): LatchState {
    return { epoch: this.#epoch, isOn: this.#isOn };
  }

  halt(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, epoch);
    this.#isOn = true;
  }

  /** Returns false for an epoch smaller than the latch's own: a late release must not undo a newer halt. */
  release(epoch: number): boolean {
    if (epoch < this.#epoch) return false;
    this.#epoch = epoch;
    this.#isOn = false;
    return true;
  }

  /** Why a call must not start now; null when it may. */
  refusal(kind: CallKind, fence: Fence, monoMs: number): TradeOutcome | null {
    if (fence.epoch < this.#epoch) {
      return { kind: 'fenced', message: `the terminal is at epoch ${this.#epoch}, the command at ${fence.epoch}` };
    }
    if (this.#isOn && kind === 'entry') {
      return { kind: 'fenced', message: `the terminal is halted at epoch ${this.#epoch}` };
    }
    if (monoMs > fence.validUntilMonoMs) {
      return { kind: 'expired', message: 'the command became too old before the terminal could start it' };
    }
    return null;
  }
}
