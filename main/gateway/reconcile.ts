import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { assertNever } from '../assert-never.ts';
import { type Decision, decidedVerdict, type OpenSearch, type Verdict } from './decision.ts';
import { refused } from './ending.ts';
import { lookFor } from './evidence.ts';
import type { Finding, Search } from './search.ts';

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
  /** Searches that wait for their next look, and what cancels that. */
  readonly #waiting = new Map<Inquiry, () => void>();
  readonly #inquiries = new Set<Inquiry>();
  readonly #stopListening: () => void;
  #isAway: boolean;
  readonly #noneOpenListeners: (() => void)[] = [];
  #stopped = false;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#isAway = isAway(ports.terminal);
    this.#stopListening = ports.terminal.onState(() => this.#followLink());
  }

  /** How many commands' outcome is still not known. */
  get open(): number {
    return this.#inquiries.size;
  }

  /** Looks for what a command did until there is an answer, then calls `done`, once. */
  add(search: Search, done: (verdict: Verdict) => void): void {
    const inquiry = { search, done, looks: 0, emptyLooks: 0, lastFound: '', lastWhy: '' };
    this.#inquiries.add(inquiry);
    this.#lookAfter(FIRST_LOOK_MS, inquiry);
  }

  /** The commands whose outcome is not known, the oldest first. */
  openSearches(): readonly OpenSearch[] {
    return [...this.#inquiries].map(({ search: { reqId, client, kind, lostAtMs }, lastWhy: why }) => {
      return { reqId, client, kind, lostAtMs, why };
    });
  }

  /** A person has looked, and says what became of a command. False where no such search is open, or more than one. */
  decide(decision: Decision): boolean {
    const { reqId, client } = decision;
    const [inquiry, ...others] = [...this.#inquiries].filter(
      ({ search }) => search.reqId === reqId && (client === undefined || search.client === client),
    );
    if (inquiry === undefined || others.length > 0) return false;
    this.#end(inquiry, decidedVerdict(inquiry.search, decision));
    return true;
  }

  /** `listener` is called each time the last open search has ended with an answer. */
  onNoneOpen(listener: () => void): void {
    this.#noneOpenListeners.push(listener);
  }

  /** Ends all searches without an answer. */
  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  /** A terminal that has come back is asked at once: while it was away the pauses have grown for nothing. */
  #followLink(): void {
    const wasAway = this.#isAway;
    this.#isAway = isAway(this.#ports.terminal);
    if (!wasAway || this.#isAway) return;
    for (const [inquiry, cancel] of [...this.#waiting]) {
      cancel();
      inquiry.looks = 0;
      this.#lookAfter(FIRST_LOOK_MS, inquiry);
    }
  }

  #lookAfter(pauseMs: number, inquiry: Inquiry): void {
    if (this.#stopped) return;
    const cancel = this.#ports.clock.after(pauseMs, () => {
      this.#waiting.delete(inquiry);
      void this.#look(inquiry);
    });
    this.#waiting.set(inquiry, cancel);
  }

  async #look(inquiry: Inquiry): Promise<void> {
    const { terminal, log } = this.#ports;
    const finding = await lookFor(inquiry.search, terminal).catch((error: unknown): Finding => {
      return { kind: 'unclear', why: `the terminal could not be asked: ${String(error)}` };
    });
    if (this.#stopped || !this.#inquiries.has(inquiry)) return;
    const verdict = this.#judge(inquiry, finding);
    if (verdict !== null) {
      this.#end(inquiry, verdict);
      return;
    }
    if (finding.kind === 'unclear' && finding.why !== inquiry.lastWhy) {
      log.warn('outcome-still-unknown', { req_id: inquiry.search.reqId, why: finding.why });
      inquiry.lastWhy = finding.why;
    }
    const pauseMs = PAUSES_MS[Math.min(inquiry.looks, PAUSES_MS.length - 1)] ?? 60_000;
    inquiry.looks += 1;
    this.#lookAfter(pauseMs, inquiry);
  }

  #end(inquiry: Inquiry, verdict: Verdict): void {
    this.#waiting.get(inquiry)?.();
    this.#waiting.delete(inquiry);
    this.#inquiries.delete(inquiry);
    inquiry.done(verdict);
    if (this.#inquiries.size === 0) for (const listener of this.#noneOpenListeners) listener();
  }

  #judge(inquiry: Inquiry, finding: Finding): Verdict | null {
    if (finding.kind === 'proof') return { ending: finding.ending, reason: finding.what };
    if (finding.kind === 'unclear' || !this.#hasSettled(inquiry.search)) {
      inquiry.emptyLooks = 0;
      return null;
    }
    const found = finding.kind === 'part' ? finding.what : '';
    // As long as more turns up, the rest may still come.
    if (found !== inquiry.lastFound) inquiry.emptyLooks = 0;
    inquiry.lastFound = found;
    inquiry.emptyLooks += 1;
    if (inquiry.emptyLooks < TRIES_THAT_PROVE_NOTHING_HAPPENED) return null;
    return finding.kind === 'part' ? onlyThat(finding) : nothingHappened(inquiry.search);
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
  lastFound: string;
  lastWhy: string;
}

function onlyThat({ ending, what }: Extract<Finding, { kind: 'part' }>): Verdict {
  return { ending, reason: `the terminal gave no answer; ${what}, and of the rest nothing` };
}

function isAway(terminal: Mt5Handler): boolean {
  const { linked, connected } = terminal.state();
  return !linked || !connected;
}

function nothingHappened({ kind }: Search): Verdict {
  const reason = `the terminal gave no answer, and ${lackOf(kind)}: it did not happen`;
  return { ending: refused('EXPIRED', 'TERMINAL_TIMEOUT', reason), reason };
}

function lackOf(kind: Search['kind']): string {
  switch (kind) {
    case 'open':
    case 'close':
    case 'close-all':
      return 'nothing in the terminal carries its tag';
    case 'cancel':
      return 'no order was cancelled';
    case 'modify-position':
      return 'the position does not have the stops asked for';
    case 'modify-order':
      return 'the order does not have what was asked for';
    default:
      return assertNever(kind, 'kind of search');
  }
}
