import type { Clock } from '../../clock.ts';
import type { Fence, TradeOutcome } from '../handler.ts';
import type { LineMaker } from './connection.ts';
import type { RequestTable } from './request-table.ts';
import { TradeCall } from './trade-call.ts';
import type { TradeBody } from './trade-lines.ts';

const MAX_UNANSWERED = 1_000;

/** Where trading calls are sent: a link whose program has told its state. */
export interface TradeLink {
  /** Names the program's record of commands. */
  readonly instance: string;
  send(line: LineMaker): boolean;
  /** The program's counter at a monotonic time; null when not known. */
  counterAt(monoMs: number): number | null;
}

export interface TradePorts {
  readonly clock: Clock;
  readonly requests: RequestTable;
  /** A call that was under way no longer is. */
  readonly onEnded: () => void;
}

/** Trading calls under way. A call that was written when the link broke waits for the same program to come back. */
export class TradeCalls {
  readonly #ports: TradePorts;
  readonly #session: string;
  readonly #open = new Set<TradeCall>();
  #commands = 0;

  constructor(session: string, ports: TradePorts) {
    this.#ports = ports;
    this.#session = session;
  }

  /** Calls that the program has and has not answered: while it works on one it may say nothing else. */
  get underWay(): number {
    let count = 0;
    for (const call of this.#open) if (call.state.kind === 'written') count += 1;
    return count;
  }

  submit(body: TradeBody, fence: Fence, link: TradeLink): Promise<TradeOutcome> {
    if (this.#open.size >= MAX_UNANSWERED) {
      return Promise.resolve({ kind: 'unsent', message: `${MAX_UNANSWERED} calls wait for the terminal already` });
    }
    this.#commands += 1;
    const command = `${this.#session}-${this.#commands}`;
    return new Promise((resolve) => {
      const id = this.#ports.requests.newId();
      const call = new TradeCall({ id, command, body, fence }, this.#ports.clock, (outcome) => {
        this.#ports.requests.close(id);
        this.#open.delete(call);
        resolve(outcome);
        this.#ports.onEnded();
      });
      this.#ports.requests.open(id, call);
      this.#open.add(call);
      call.sendOver(link);
    });
  }

  /** The link is gone: what was written may have happened, what was not has not. */
  linkLost(why: string): void {
    for (const call of this.#open) call.linkLost(why);
  }

  /** A program has connected: one with another record of commands knows nothing of the calls that wait. */
  programCame(instance: string): void {
    for (const call of this.#open) {
      if (call.instance !== instance) call.abandon('the terminal program came back without its record of commands');
    }
  }

  /** Writes the calls that wait again, in their order, under their names; those that may not start any more are given up. */
  resend(link: TradeLink, mayRepeat: (fence: Fence) => boolean): void {
    for (const call of this.#open) {
      if (mayRepeat(call.fence)) call.resendOver(link);
      else call.abandon('the trading state has changed since it was sent');
    }
  }

  /** The gateway stops: nothing is waited for any more. */
  stop(): void {
    for (const call of this.#open) call.giveUp('the gateway stopped before the terminal answered');
  }
}
