import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { retryDelayMs } from './retry-delay.ts';
import { within } from './within.ts';

/** How long the terminal may take to lift its latch, in milliseconds. */
const RELEASE_LIMIT_MS = 5_000;

export interface TerminalLatchPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'halt' | 'release' | 'onState'>;
  readonly log: Log;
}

/** Keeps the terminal latched: asks until it acks, and again whenever it comes back, since it may have lost its latch. */
export class TerminalLatch {
  readonly #ports: TerminalLatchPorts;
  readonly #unsubscribe: () => void;
  #wantedEpoch: number | null = null;
  #ackedEpoch: number | null = null;
  #linked = true;
  #tries = 0;
  #cancelRetry = () => {};
  #isStopped = false;

  constructor(ports: TerminalLatchPorts) {
    this.#ports = ports;
    this.#unsubscribe = ports.terminal.onState(({ linked }) => {
      if (linked === this.#linked) return;
      this.#linked = linked;
      this.#ackedEpoch = null;
      if (linked) this.#askAgain();
    });
  }

  /** Asks for the latch at `epoch`, in this turn unless that is already under way. */
  engage(epoch: number): void {
    if (this.#wantedEpoch !== null && this.#wantedEpoch >= epoch) return;
    this.#wantedEpoch = epoch;
    this.#askAgain();
  }

  /** The terminal has said that it is latched, at the last epoch that was asked for. */
  isAcked(): boolean {
    return this.#wantedEpoch !== null && this.#ackedEpoch === this.#wantedEpoch;
  }

  /** Wants the latch no more and asks the terminal to lift it; false when it does not answer. One wanted meanwhile is not lost. */
  async release(epoch: number): Promise<boolean> {
    this.#wantedEpoch = null;
    this.#cancelRetry();
    const answer = await within(this.#ports.clock, RELEASE_LIMIT_MS, this.#call('release', epoch));
    // A halt goes ahead of the terminal's queue: it may have overtaken this release.
    this.#askAgain();
    return answer === true;
  }

  /** The gateway stops: a latch that is wanted now is still asked for, but only once. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe();
    this.#cancelRetry();
  }

  #askAgain(): void {
    if (this.#wantedEpoch === null) return;
    this.#tries = 0;
    this.#ackedEpoch = null;
    this.#ask(this.#wantedEpoch);
  }

  #ask(epoch: number): void {
    this.#cancelRetry();
    this.#tries += 1;
    // While OrderSend runs the terminal reads nothing, so the retry does not wait for this answer.
    if (!this.#isStopped) this.#repeatLater(epoch);
    void this.#call('halt', epoch).then((isAcked) => {
      if (!isAcked || this.#wantedEpoch !== epoch) return;
      this.#ackedEpoch = epoch;
      this.#cancelRetry();
    });
  }

  #repeatLater(epoch: number): void {
    this.#cancelRetry = this.#ports.clock.after(retryDelayMs(this.#tries), () => {
      this.#ports.log.warn('terminal-latch-not-acked', { epoch, tries: this.#tries });
      this.#ask(epoch);
    });
  }

  async #call(what: 'halt' | 'release', epoch: number): Promise<boolean> {
    try {
      return await this.#ports.terminal[what](epoch);
    } catch (error) {
      this.#ports.log.error('terminal-latch-failed', { what, epoch, error });
      return false;
    }
  }
}
