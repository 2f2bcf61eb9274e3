import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AccountPin, Mt5Handler, TerminalState } from '../mt5/handler.ts';
import type { Safety } from './safety-port.ts';
import type { CauseKind, Trigger } from './trading-state.ts';

/** A terminal that has been away for so long suspends, in milliseconds. */
const SILENT_MS = 5_000;
/** While it is away longer, requests and unknown outcomes are looked at this often, in milliseconds. */
const LOOK_EVERY_MS = 250;

export interface TerminalWatchPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'state' | 'onState'>;
  readonly safety: Pick<Safety, 'raise' | 'clear'>;
  readonly log: Log;
  /** Orders of which it is not known what became of them. */
  readonly unknownOrders: () => number;
  /** Requests that wait for the terminal's answer, unknown ones included: while it works on one it may hear nothing else. */
  readonly tradesInFlight: () => number;
}

export interface TerminalWatchOptions {
  /** A terminal that is away for so long halts, in milliseconds; null for never. */
  readonly haltAfterMs: number | null;
  /** The account that may be traded; when absent, the first one that the terminal names. */
  readonly expected?: AccountPin;
}

/** Where the link to the broker stands. Times are monotonic, in milliseconds. */
type Link =
  | { readonly kind: 'up' }
  | { readonly kind: 'away'; readonly sinceMs: number; readonly asked: 'nothing' | 'SUSPENDED' | 'HALTED' };

/**
 * Watches the terminal: its link, its switches and its account. Without the link or with a switch off nothing can be
 * closed from here, so trading is suspended for as long as that lasts; a halt is asked for where money may be at stake
 * unseen. Link and switches that are back end their cause, and another account only when the first one is back.
 */
export class TerminalWatch {
  readonly #ports: TerminalWatchPorts;
  readonly #haltAfterMs: number;
  #expected: AccountPin | null;
  #link: Link = { kind: 'up' };
  /** Switches that are off and account that is wrong, as they were last told; empty for none. */
  #switches = '';
  #stranger = '';
  #unsubscribe: (() => void) | null = null;
  #cancelLook = () => {};

  constructor(ports: TerminalWatchPorts, { haltAfterMs, expected }: TerminalWatchOptions) {
    this.#ports = ports;
    this.#haltAfterMs = haltAfterMs ?? Infinity;
    this.#expected = expected ?? null;
  }

  /** Looks at once and at every change; a second call changes nothing. */
  start(): void {
    if (this.#unsubscribe !== null) return;
    const { terminal } = this.#ports;
    this.#unsubscribe = terminal.onState((state) => this.#see(state));
    this.#see(terminal.state());
  }

  /** Looks no more; what was raised stays. May be called twice. */
  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#cancelLook();
  }

  #see(state: TerminalState): void {
    this.#seeAccount(state.account);
    this.#seeSwitches(state.tradingBlockedBy);
    this.#seeLink(state);
  }

  #seeAccount(account: AccountPin | null): void {
    // A terminal that does not say its account has not changed it.
    if (account === null) return;
    this.#expected ??= account;
    const stranger = isSame(account, this.#expected) ? '' : named(account);
    if (stranger === this.#stranger) return;
    this.#stranger = stranger;
    const reason = `the terminal trades ${stranger} now, not ${named(this.#expected)}`;
    if (stranger === '') this.#over('ACCOUNT_CHANGED');
    else this.#ask({ kind: 'ACCOUNT_CHANGED', mode: 'HALTED', reason });
  }

  #seeSwitches(off: readonly string[]): void {
    const switches = off.join(', ');
    if (switches === this.#switches) return;
    this.#switches = switches;
    const reason = `switched off in the terminal: ${switches}; nothing can be closed or flattened from here meanwhile`;
    if (switches === '') this.#over('AUTOTRADING');
    else this.#ask({ kind: 'AUTOTRADING', mode: 'SUSPENDED', reason });
  }

  #seeLink(state: TerminalState): void {
    const isUp = state.linked && state.connected;
    if (isUp && this.#link.kind === 'away') this.#back(this.#link);
    if (!isUp && this.#link.kind === 'up') {
      const nowMs = this.#ports.clock.monoMs();
      // A terminal that has lost its broker still speaks; one that has gone silent was last heard a while ago.
      const sinceMs = state.linked ? nowMs : (state.lastHeardMonoMs ?? nowMs);
      this.#link = { kind: 'away', sinceMs, asked: 'nothing' };
      this.#lookLater(nowMs - sinceMs);
    }
  }

  #back(link: Extract<Link, { kind: 'away' }>): void {
    this.#link = { kind: 'up' };
    this.#cancelLook();
    if (link.asked !== 'nothing') this.#over('TERMINAL');
  }

  #look(): void {
    if (this.#link.kind === 'up') return;
    const silentMs = this.#ports.clock.monoMs() - this.#link.sinceMs;
    const wanted = this.#wantedAfter(silentMs);
    // Once each; a halt is the last thing that there is to ask for.
    if (wanted !== 'nothing' && wanted !== this.#link.asked) {
      this.#link = { ...this.#link, asked: wanted };
      this.#ask({ kind: 'TERMINAL', mode: wanted, reason: this.#silence(silentMs) });
    }
    this.#lookLater(silentMs);
  }

  #wantedAfter(silentMs: number): 'nothing' | 'SUSPENDED' | 'HALTED' {
    const { unknownOrders, tradesInFlight } = this.#ports;
    if (silentMs >= this.#haltAfterMs) return 'HALTED';
    if (silentMs < SILENT_MS) return 'nothing';
    if (unknownOrders() > 0) return 'HALTED';
    return tradesInFlight() === 0 ? 'SUSPENDED' : 'nothing';
  }

  #silence(silentMs: number): string {
    const { terminal, unknownOrders } = this.#ports;
    const { linked, linkFault } = terminal.state();
    const fault = linked ? 'the terminal has lost its broker' : (linkFault ?? 'the terminal does not answer');
    const unknown = unknownOrders();
    const also = unknown > 0 ? `; the outcome of ${orders(unknown)} is not known` : '';
    return `${fault}, for ${(silentMs / 1_000).toFixed(1)} s${also}`;
  }

  #lookLater(silentMs: number): void {
    this.#cancelLook();
    if (this.#link.kind === 'up' || this.#link.asked === 'HALTED') return;
    const dueInMs = [SILENT_MS, this.#haltAfterMs].map((atMs) => atMs - silentMs).filter((inMs) => inMs > 0);
    const lookInMs = silentMs < SILENT_MS ? Infinity : LOOK_EVERY_MS;
    this.#cancelLook = this.#ports.clock.after(Math.min(lookInMs, ...dueInMs), () => this.#look());
  }

  #ask({ kind, mode, reason }: Pick<Trigger, 'kind' | 'mode' | 'reason'>): void {
    this.#ports.safety.raise({ kind, mode, flatten: 'none', actor: 'gateway', reason, standing: true });
    this.#ports.log.warn('terminal-fault', { kind, reason });
  }

  #over(kind: CauseKind): void {
    this.#ports.safety.clear(kind);
    this.#ports.log.info('terminal-fault-over', { kind });
  }
}

function isSame(a: AccountPin, b: AccountPin): boolean {
  return a.login === b.login && a.server === b.server && a.mode === b.mode;
}

function named({ login, server, mode }: AccountPin): string {
  return `${mode} ${login} at ${server}`;
}

function orders(count: number): string {
  return count === 1 ? '1 order' : `${count} orders`;
}
