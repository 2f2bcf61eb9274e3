import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { type Finding, lookFor, type Search } from './evidence.ts';
import { refused } from './ending.ts';
import type { Ending } from './trade-journal.ts';

/** How a command of unknown outcome turned out. */
export interface Verdict {
  readonly ending: Ending;
  /** What it rests on, one sentence. */
  readonly reason: string;
}

const FIRST_LOOK_MS = 0;
const PAUSES_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;
const TRIES_THAT_PROVE_NOTHING_HAPPENED = 3;

interface Ports {
  readonly clock: Clock;
  readonly terminal: Mt5Handler;
  readonly log: Log;
}

/**
 * Finds out what became of commands whose answer was lost. It looks again and again, slower each time, and never gives up:
 * without evidence a command stays UNKNOWN. Finding nothing counts only after the terminal's own settling time, with its
 * history complete, three times over.
 */
export class Reconciler {
  readonly #ports: Ports;
  readonly #cancels = new Set<() => void>();
  #open = 0;
  #stopped = false;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** How many commands' outcome is still not known. */
  get open(): number {
    return this.#open;
  }

  /** Looks for what a command did until there is an answer, then calls `done`, once. */
  add(search: Search, done: (verdict: Verdict) => void): void {
    this.#open += 1;
    this.#lookAfter(FIRST_LOOK_MS, { search, done, looks: 0, emptyLooks: 0, lastWhy: '' });
  }

  /** Ends all searches without an answer. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #lookAfter(pauseMs: number, inquiry: Inquiry): void {
    if (this.#stopped) return;
    const cancel = this.#ports.clock.after(pauseMs, () => {
      this.#cancels.delete(cancel);
      void this.#look(inquiry);
    });
    this.#cancels.add(cancel);
  }

  async #look(inquiry: Inquiry): Promise<void> {
    const { terminal, log } = this.#ports;
    const finding = await lookFor(inquiry.search, terminal).catch((error: unknown): Finding => {
      return { kind: 'unclear', why: `the terminal could not be asked: ${String(error)}` };
    });
    if (this.#stopped) return;
    const verdict = this.#judge(inquiry, finding);
    if (verdict !== null) {
      this.#open -= 1;
      inquiry.done(verdict);
      return;
    }
    if (finding.kind === 'unclear' && finding.why !== inquiry.lastWhy) {
      log.warn('outcome-still-unknown', { tag: inquiry.search.subject.tag, why: finding.why });
      inquiry.lastWhy = finding.why;
    }
    const pauseMs = PAUSES_MS[Math.min(inquiry.looks, PAUSES_MS.length - 1)] ?? 60_000;
    inquiry.looks += 1;
    this.#lookAfter(pauseMs, inquiry);
  }

  #judge(inquiry: Inquiry, finding: Finding): Verdict | null {
    if (finding.kind === 'proof') return { ending: finding.ending, reason: finding.what };
    if (finding.kind === 'unclear' || !this.#hasSettled(inquiry.search)) {
      inquiry.emptyLooks = 0;
      return null;
    }
    inquiry.emptyLooks += 1;
    return inquiry.emptyLooks < TRIES_THAT_PROVE_NOTHING_HAPPENED ? null : nothingHappened(inquiry.search);
  }

  #hasSettled({ lostAtMs }: Search): boolean {
    const { clock, terminal } = this.#ports;
    return clock.nowMs() - lostAtMs >= terminal.settleMs;
  }
}

interface Inquiry {
  readonly search: Search;
  readonly done: (verdict: Verdict) => void;
  looks: number;
  emptyLooks: number;
  lastWhy: string;
}

function nothingHappened({ kind }: Search): Verdict {
  const trace = kind === 'cancel' ? 'the order is still pending' : 'nothing in the terminal carries its tag';
  const reason = `the terminal gave no answer, and ${trace}: it did not happen`;
  return { ending: refused('EXPIRED', 'TERMINAL_TIMEOUT', reason), reason };
}
