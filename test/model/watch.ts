import type { Call } from './model-terminal.ts';
import type { Order, Position } from '../../main/mt5/market.ts';
import type { TradeOutcome } from '../../main/mt5/handler.ts';
import { isOwn } from '../../main/gateway/trade-marks.ts';
import type { FabricEvent } from '../../main/protocol/events.ts';
import type { CauseKind, TradingState, Trigger } from '../../main/safety/trading-state.ts';
import { Breach, type Property } from './breach.ts';
import { MAGIC_BASE, type ProcessListener } from './gateway-process.ts';
import { isAtLeast, type Lattice } from './lattice.ts';
import type { Reached } from './reached.ts';
import type { Ledger } from './ledger.ts';
import type { Look } from './terminal-handle.ts';

/** Two empty looks must be this far apart, in milliseconds. */
const SETTLE_MS = 2_000;
const FLATTEN_MARK = /^kill~/;

/** What is known of a resume that a person has asked for. */
export interface ResumeUnderWay {
  readonly raisesBefore: number;
  readonly mayEverWork: boolean;
  hasWorked: boolean;
}

export interface WatchPorts {
  readonly lattice: Lattice;
  readonly ledger: Ledger;
  readonly mayStillHappen: (call: Call) => boolean;
  readonly monoMs: () => number;
  readonly breach: (breach: Breach) => void;
  readonly reached: (state: Reached) => void;
}

/** Holds what one gateway does, at every moment, against the model. */
export class Watch implements ProcessListener {
  readonly #ports: WatchPorts;
  readonly #firstEpoch: number;
  #state: TradingState | null = null;
  readonly #resumes = new Set<ResumeUnderWay>();
  #isStarting = true;
  /** Empty or not, the looks at the book since the link came up. */
  #looks: Look[] = [];
  /** Volume of each position as the terminal told it last, in lots. */
  readonly #toldLots = new Map<bigint, number>();
  /** The last close that the flatten sent, by position. */
  readonly #lastCloses = new Map<bigint, Call>();

  constructor(firstEpoch: number, ports: WatchPorts) {
    this.#firstEpoch = firstEpoch;
    this.#ports = ports;
  }

  /** The state that the gateway begins in. */
  begin(state: TradingState): void {
    this.#state = state;
  }

  /** Start-up is under way no more. */
  started(state: TradingState): void {
    if (!this.#isStarting) return;
    this.#isStarting = false;
    const { lattice, monoMs } = this.#ports;
    lattice.withdraw('STARTING', monoMs());
    if (state.epoch <= this.#firstEpoch) this.#breach('lattice', `epoch ${state.epoch} has been traded in before`);
  }

  /** A person asks to resume. */
  resuming(resume: ResumeUnderWay): void {
    this.#resumes.add(resume);
  }

  /** The resume has been answered. */
  resumed(resume: ResumeUnderWay, isOk: boolean): void {
    this.#resumes.delete(resume);
    if (isOk !== resume.hasWorked) {
      this.#breach('only-a-person-resumes', `a resume answered ${isOk}, and the mode says ${resume.hasWorked}`);
    }
  }

  state(state: TradingState): void {
    const before = this.#state;
    this.#state = state;
    if (this.#isStarting && state.mode === 'TRADING') this.started(state);
    if (before !== null) this.#followEpoch(before, state);
    if (before !== null && !isAtLeast(state.mode, before.mode)) this.#lowered(before, state);
    if (before?.flattenPhase !== 'FLAT' && state.flattenPhase === 'FLAT') this.#verified();
  }

  event({ event, data }: FabricEvent): void {
    if (event === 'KILL_SWITCH' && data['flatten_phase'] === 'FLAT' && this.#ports.lattice.isFlatteningDue) {
      this.#breach('flat-is-flat', 'FLAT was announced while a flatten is due');
    }
  }

  raised({ kind, mode, flatten, actor, reason, standing = mode === 'SUSPENDED' }: Trigger): void {
    if (kind === 'EXCEPTION') this.#breach('goes-on-afterwards', `the gateway failed: ${reason}`);
    this.#ports.lattice.ask({ kind, mode, flatten, actor, standing }, this.#ports.monoMs());
  }

  cleared(kind: CauseKind, actor: string | undefined): void {
    if (kind !== 'UNKNOWN_ORDER') this.#breach('lattice', `the core itself has cleared ${kind}`);
    this.#ports.lattice.clear(kind, actor, this.#ports.monoMs());
  }

  wrote(call: Call): void {
    const { lattice, ledger, monoMs } = this.#ports;
    const mode = lattice.mode(monoMs());
    if (call.kind === 'open') {
      if (mode !== 'TRADING') this.#breach('no-entry-after-a-stop', `an entry was written while ${mode}`);
      ledger.wrote(call.order.comment, call.fence.epoch);
      return;
    }
    if (call.kind === 'cancel') return;
    if (FLATTEN_MARK.test(call.close.comment)) this.#wroteFlattenClose(call);
    else if (mode === 'HALTED') this.#breach('no-entry-after-a-stop', 'a close of a client was written while HALTED');
    else ledger.wrote(call.close.comment, 0);
  }

  answered(call: Call, outcome: TradeOutcome): void {
    const isFlattenClose = call.kind === 'close' && FLATTEN_MARK.test(call.close.comment);
    if (isFlattenClose && outcome.kind === 'lost') this.#ports.reached('the answer to a close of the flatten was lost');
  }

  told(positions: readonly Position[]): void {
    for (const { ticket, volumeLots } of positions) this.#toldLots.set(ticket, volumeLots);
  }

  looked(look: Look): void {
    this.#looks.push(look);
  }

  /** The link has gone or come back: what was seen before proves nothing any more. */
  linkChanged(): void {
    this.#looks = [];
  }

  #followEpoch(before: TradingState, state: TradingState): void {
    if (state.epoch < before.epoch) this.#breach('lattice', `the epoch fell from ${before.epoch} to ${state.epoch}`);
    const isDeparture = before.mode === 'TRADING' && state.mode !== 'TRADING';
    if (isDeparture && state.epoch === before.epoch) this.#breach('lattice', 'TRADING was left in the same epoch');
  }

  #lowered(before: TradingState, state: TradingState): void {
    const { lattice, ledger, monoMs, reached } = this.#ports;
    if (state.mode === 'TRADING' && lattice.mode(monoMs()) === 'TRADING') return;
    const change = `${before.mode} became ${state.mode}`;
    const resume = [...this.#resumes].find((one) => one.mayEverWork && one.raisesBefore === lattice.raises);
    if (resume === undefined || resume.hasWorked) {
      const asked = this.#resumes.size > 0 ? 'against a cause, a flatten or a later stop' : 'without a resume';
      this.#breach('only-a-person-resumes', `${change} ${asked}`);
      return;
    }
    if (state.mode !== 'TRADING' || state.epoch <= before.epoch) this.#breach('lattice', `${change} in the same epoch`);
    resume.hasWorked = true;
    reached('resumed');
    lattice.resumed();
    ledger.isFlat = false;
  }

  #verified(): void {
    const { lattice, ledger, reached } = this.#ports;
    const doubt = this.#whyNotSeen() ?? ledger.whyNotFlat(lattice.flatten, this.#looks.at(-1)?.startedAtMs ?? 0);
    if (doubt !== null) this.#breach('flat-is-flat', doubt);
    lattice.verified();
    ledger.isFlat = true;
    reached('verified flat');
  }

  #whyNotSeen(): string | null {
    const isEmpty = ({ items }: Look) => !items.some((item) => this.#isInScope(item));
    const empty = this.#looks.slice(this.#looks.findLastIndex((look) => !isEmpty(look)) + 1);
    const [first, last] = [empty[0], empty.at(-1)];
    const spanMs = first === undefined || last === undefined ? 0 : last.startedMs - first.startedMs;
    return spanMs >= SETTLE_MS ? null : `called flat after ${empty.length} empty look(s) over ${spanMs} ms`;
  }

  #wroteFlattenClose(call: Extract<Call, { kind: 'close' }>): void {
    const { ticket, volumeLots = Infinity, magic, comment } = call.close;
    const toldLots = this.#toldLots.get(ticket) ?? 0;
    if (volumeLots > toldLots) {
      this.#breach('close-only-what-is-live', `${volumeLots} lots of ${ticket} to be closed, ${toldLots} are live`);
    }
    const last = this.#lastCloses.get(ticket);
    if (last !== undefined && this.#ports.mayStillHappen(last)) {
      this.#breach('close-only-what-is-live', `a second close of ${ticket} was sent while the first may still happen`);
    }
    this.#lastCloses.set(ticket, call);
    const { flatten } = this.#ports.lattice;
    const isForeign = flatten === 'gateway' && !this.#isInScope({ magic, comment });
    if (flatten === 'none' || isForeign) this.#breach('lattice', `${ticket} was closed with flatten ${flatten}`);
  }

  #isInScope(item: Pick<Order | Position, 'magic' | 'comment'>): boolean {
    const { flatten } = this.#ports.lattice;
    return flatten === 'account' || (flatten === 'gateway' && isOwn(item, MAGIC_BASE));
  }

  #breach(property: Property, what: string): void {
    this.#ports.breach(new Breach(property, what));
  }
}
