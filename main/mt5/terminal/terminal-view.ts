import type { Clock } from '../../clock.ts';
import type { LatchState, TerminalState } from '../handler.ts';
import type { Transport } from './connection.ts';
import type { Hello } from './hello.ts';
import type { StateLine } from './state-line.ts';

/** A program that says nothing for so long is not linked, in milliseconds. */
const SILENT_AFTER_MS = 2_000;
/** The same while it works on a trading call: then it reads and says nothing. */
const SILENT_AT_WORK_AFTER_MS = 60_000;

type LinkState =
  | { readonly kind: 'away'; readonly why: string }
  /** Welcomed, but its state is not known yet. */
  | { readonly kind: 'greeted' }
  | { readonly kind: 'up' }
  | { readonly kind: 'silent'; readonly limitMs: number };

export interface ViewPorts {
  readonly clock: Clock;
  /** Whether the program works on a trading call. */
  readonly isAtWork: () => boolean;
  /** Called for each change that matters; not for lines that only say that it is alive. */
  readonly onChange: (state: TerminalState) => void;
}

/** Why nothing is linked before anything ever was. */
export const NOBODY_YET = 'no terminal program has connected yet; see --doctor';

/** What is known of the terminal, from what its program has said and for how long it has said nothing. */
export class TerminalView {
  readonly #ports: ViewPorts;
  #link: LinkState = { kind: 'away', why: NOBODY_YET };
  #hello: Hello | null = null;
  #line: StateLine | null = null;
  #latch: LatchState | null = null;
  #lastHeardMonoMs: number | null = null;
  #transport: Transport | null = null;
  #listensOn: readonly string[] = [];
  #told = '';
  #cancelLook = () => {};

  constructor(ports: ViewPorts) {
    this.#ports = ports;
    this.#told = significant(this.state());
  }

  get isLinked(): boolean {
    return this.#link.kind === 'up';
  }

  /** Why there is no terminal to ask. */
  get fault(): string {
    return this.#fault() ?? '';
  }

  state(): TerminalState {
    const { isLinked } = this;
    return {
      linked: isLinked,
      linkFault: this.#fault(),
      connected: isLinked && this.#line !== null && this.#line.connected,
      // Without a link the last ones stay: nobody has said that they are on again.
      tradingBlockedBy: this.#line?.switchedOff ?? [],
      // Not the one in the hello: who waits for the account counts on the latch being known then, too.
      account: this.#line?.account ?? null,
      marginMode: (this.#line ?? this.#hello)?.marginMode ?? 'HEDGING',
      bridgeVersion: this.#hello?.programVersion ?? '',
      lastHeardMonoMs: this.#lastHeardMonoMs,
      latch: this.#latch,
      transport: this.#link.kind === 'away' ? null : this.#transport,
      listensOn: this.#listensOn,
    };
  }

  /** Where a program finds the gateway from now on. */
  listening(listensOn: readonly string[]): void {
    this.#listensOn = listensOn;
    this.#tell();
  }

  greeted(hello: Hello, transport: Transport): void {
    this.#hello = hello;
    this.#transport = transport;
    this.#link = { kind: 'greeted' };
    this.heard();
    this.#tell();
  }

  heard(): void {
    this.#lastHeardMonoMs = this.#ports.clock.monoMs();
    if (this.#link.kind !== 'silent') return;
    this.#link = { kind: 'up' };
    this.#lookLater(SILENT_AFTER_MS);
    this.#tell();
  }

  /** The program has told its state. `beforeTelling` runs when that makes it linked, ahead of all who are told of it. */
  took(line: StateLine, beforeTelling: () => void): void {
    this.#line = line;
    this.#latch = line.latch;
    if (this.#link.kind === 'greeted') {
      this.#link = { kind: 'up' };
      this.#lookLater(SILENT_AFTER_MS);
      beforeTelling();
    }
    this.#tell();
  }

  acked(latch: LatchState): void {
    this.#latch = latch;
    this.#tell();
  }

  gone(why: string): void {
    this.#link = { kind: 'away', why };
    this.#cancelLook();
    this.#tell();
  }

  /** The program works on nothing any more: its silence counts from now on as it does otherwise. */
  look(): void {
    if (this.#link.kind !== 'up') return;
    const limitMs = this.#ports.isAtWork() ? SILENT_AT_WORK_AFTER_MS : SILENT_AFTER_MS;
    const leftMs = limitMs - (this.#ports.clock.monoMs() - (this.#lastHeardMonoMs ?? 0));
    if (leftMs > 0) {
      this.#lookLater(leftMs);
      return;
    }
    this.#cancelLook();
    this.#link = { kind: 'silent', limitMs };
    this.#tell();
  }

  #lookLater(delayMs: number): void {
    this.#cancelLook();
    this.#cancelLook = this.#ports.clock.after(delayMs, () => this.look());
  }

  #fault(): string | null {
    switch (this.#link.kind) {
      case 'up':
        return null;
      case 'away':
        return this.#link.why;
      case 'greeted':
        return 'the terminal program has connected, but has not told its state yet';
      case 'silent':
        return `the terminal program has been silent for ${this.#link.limitMs / 1_000} s`;
    }
  }

  #tell(): void {
    const state = this.state();
    const now = significant(state);
    if (now === this.#told) return;
    this.#told = now;
    this.#ports.onChange(state);
  }
}

function significant(state: TerminalState): string {
  return JSON.stringify({ ...state, lastHeardMonoMs: null });
}
