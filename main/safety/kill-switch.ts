import type { AppendResult, AuditEntry, AuditLog, RowType } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler, TerminalState } from '../mt5/handler.ts';
import type { Position } from '../mt5/market.ts';
import type { Action } from '../protocol/actions.ts';
import type { Refusal } from '../protocol/codes.ts';
import type { FabricEvent } from '../protocol/events.ts';
import { canonicalJson } from '../protocol/json.ts';
import type { Ticket } from '../protocol/ticket.ts';
import type { ArmedToken } from './armed-token.ts';
import { Arming } from './arming.ts';
import { Flatten } from './flatten.ts';
import { gate } from './gate.ts';
import { HaltRecord } from './halt-record.ts';
import { latchedRow, safetyRow, triggerRow } from './halt-rows.ts';
import { Resumption } from './resumption.ts';
import type { KillReport, ResumeResult, Safety, TicketReport } from './safety-port.ts';
import { firstFreeEpoch, isFirstRun, latchTrigger, startUpTriggers, type StartUpFindings } from './start-up.ts';
import { StateHolder } from './state-holder.ts';
import { TerminalLatch } from './terminal-latch.ts';
import type { CauseKind, FlattenPhase, TradingState, Trigger } from './trading-state.ts';
import { atEpoch, beat, clearCause, initialState, inPhase, isLatched, raise, startedUp } from './transitions.ts';
import { within } from './within.ts';

const BEAT_MS = 1_000;
/** How long `stop` waits for a record that is under way, in milliseconds. */
const STOP_LIMIT_MS = 1_000;

export interface KillSwitchPorts {
  readonly clock: Clock;
  readonly terminal: Mt5Handler;
  readonly audit: AuditLog;
  readonly token: ArmedToken;
  /** Publishes on the event channel. */
  readonly announce: (event: FabricEvent) => void;
  /** Commands between their intent and a known outcome, those whose outcome is UNKNOWN included. */
  readonly tradesInFlight: () => number;
  /** Whether a position or order was opened through this gateway. */
  readonly isOwn: (item: Pick<Position, 'magic' | 'comment'>) => boolean;
  readonly log: Log;
}

/**
 * The kill switch: holds the trading state and carries out what its changes ask for. A halt is in force before anything
 * that can fail or wait is started; a resume comes only after everything that can fail has not.
 */
export class KillSwitch implements Safety {
  readonly #ports: KillSwitchPorts;
  readonly #holder: StateHolder;
  readonly #latch: TerminalLatch;
  readonly #record: HaltRecord;
  readonly #flatten: Flatten;
  readonly #arming: Arming;
  readonly #resumption: Resumption;
  readonly #unsubscribe: readonly (() => void)[];
  readonly #haltFindings = new Set<string>();
  #cancelBeat = () => {};
  #isStopped = false;

  constructor(ports: KillSwitchPorts) {
    this.#ports = ports;
    const { clock, terminal, token, log, audit } = ports;
    const append = (rows: readonly AuditEntry[]) => this.#append(rows);
    this.#holder = new StateHolder(ports, initialState(clock.nowMs(), audit.opened.epoch));
    this.#latch = new TerminalLatch({ clock, terminal, log });
    this.#arming = new Arming(ports);
    this.#record = new HaltRecord({
      clock,
      token,
      log,
      append,
      latchedRow: () => latchedRow(clock, this.#holder.now),
      removedRow: (how) => this.#row('TOKEN_REMOVED', { reason: how }),
      onRecorded: () => this.#holder.become({ ...this.#holder.now, recorded: true }),
    });
    this.#flatten = new Flatten({
      ...ports,
      scope: () => this.#holder.now.flatten,
      epoch: () => this.#holder.now.epoch,
      isLatched: () => this.#latch.isAcked(),
      record: (type, fields) => void this.#append([this.#row(type, fields)]),
      onPhase: (phase) => this.#onPhase(phase),
      onFenced: () => this.#overtakeEpoch(),
    });
    this.#resumption = new Resumption({
      clock,
      terminal,
      append,
      holder: this.#holder,
      arming: this.#arming,
      latch: this.#latch,
      record: this.#record,
      flatten: this.#flatten,
    });
    this.#unsubscribe = [
      audit.onFault((fault) => this.raise(faultTrigger('AUDIT', `cannot record: ${fault}`))),
      terminal.onState((state) => this.#followLatch(state)),
    ];
  }

  state(): TradingState {
    return this.#holder.now;
  }

  gate(action: Action): Refusal | null {
    return gate(this.#holder.now, action);
  }

  raise(trigger: Trigger): void {
    this.#raiseAll([trigger]);
  }

  clear(kind: CauseKind, actor?: string): void {
    const cleared = clearCause(this.#holder.now, kind, actor);
    // Where there was nothing to clear, the beats that have passed still count.
    if (cleared === this.#holder.now) return;
    this.#holder.become(cleared);
    this.#restartBeat();
  }

  async killReport(): Promise<KillReport> {
    if (this.#holder.now.flatten !== 'none') return this.#flatten.report();
    return { positions_closed: 0, total_positions: 0, orders_cancelled: 0, flatten: 'NONE', tickets: [] };
  }

  /** The flatten of this halt, ticket by ticket; empty where there is none. */
  flattenTickets(): readonly TicketReport[] {
    return this.#holder.now.flatten === 'none' ? [] : this.#flatten.reports();
  }

  async resume(by: string, reason: string): Promise<ResumeResult> {
    if (this.#isStopped) return { ok: false, message: 'refused: the gateway is stopping', standing: [] };
    return this.#resumption.run(by, reason);
  }

  onChange(listener: (state: TradingState) => void): () => void {
    return this.#holder.onChange(listener);
  }

  /** An operator takes a ticket out of a flatten that cannot close it; audited. False when it is not one of its open ones. */
  takeOut(ticket: Ticket, by: string, reason: string): boolean {
    return this.#flatten.takeOut(ticket, by, reason);
  }

  /** An operator closes this ticket by hand; the flatten leaves it alone until `giveBack`. False while the flatten has it to close. */
  lend(ticket: Ticket): boolean {
    return this.#flatten.lend(ticket);
  }

  giveBack(ticket: Ticket): void {
    this.#flatten.giveBack(ticket);
  }

  /**
   * Ends start-up with what it has found out: TRADING with a token armed, or the mode that the findings ask for. While
   * they say that it is not complete, STARTING stands against trading and resuming, and this may be called again.
   */
  async completeStartUp(findings: StartUpFindings): Promise<TradingState> {
    const holder = this.#holder;
    if (!holder.now.causes.some(({ kind }) => kind === 'STARTING')) return holder.now;
    const triggers = startUpTriggers(findings);
    const isHalt = isLatched(holder.now.mode) || triggers.some(({ mode }) => isLatched(mode));
    const isComplete = !triggers.some(({ kind }) => kind === 'STARTING');
    if (isHalt || isComplete) holder.enforce(atEpoch(holder.now, firstFreeEpoch(findings)));
    this.#raiseAll(triggers.filter((trigger) => this.#isNewFinding(trigger)));
    if (isComplete && !isHalt) await this.#armFirst(isFirstRun(findings) ? 'FIRST_RUN' : 'START');
    if (isComplete) holder.become(startedUp(holder.now, this.#ports.clock.nowMs()));
    if (holder.now.mode === 'TRADING') void this.#append([this.#row('MODE_CHANGED')]);
    this.#restartBeat();
    return holder.now;
  }

  /** Ends all timers; the state stays as it is. Waits at most a second for a record that is under way. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#resumption.overrule();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#cancelBeat();
    this.#flatten.stop();
    this.#latch.stop();
    // A record that has failed is tried once more: nothing tries it after this.
    const { mode, recorded } = this.#holder.now;
    if (isLatched(mode) && !recorded) this.#record.begin([latchedRow(this.#ports.clock, this.#holder.now)]);
    await within(this.#ports.clock, STOP_LIMIT_MS, this.#record.whenAnswered());
    this.#record.stop();
  }

  /** K0 in this turn, then K1 to K7, each started and none awaited. */
  #raiseAll(triggers: readonly Trigger[]): void {
    const holder = this.#holder;
    const before = holder.now;
    const nowMs = this.#ports.clock.nowMs();
    holder.enforce(triggers.reduce((state, trigger) => raise(state, trigger, nowMs), before));
    this.#resumption.overrule();
    if (holder.now.mode === 'HALTED') this.#latch.engage(holder.now.epoch);
    this.#recordChange(before, triggers);
    holder.publish();
    if (triggers.some(isHalting)) holder.announce('KILL_SWITCH');
    if (triggers.some(({ flatten }) => flatten !== 'none')) this.#flatten.engage();
    this.#restartBeat();
  }

  #recordChange(before: TradingState, triggers: readonly Trigger[]): void {
    const { clock } = this.#ports;
    const holder = this.#holder;
    const rows = triggers.filter(isNews).map((trigger) => triggerRow(clock, holder.now, trigger));
    if (isLatched(holder.now.mode) && needsRecord(before, holder.now)) {
      holder.enforce({ ...holder.now, recorded: false });
      this.#record.begin([...rows, this.#intentRow(), latchedRow(clock, holder.now)]);
    } else if (before.mode === 'TRADING') {
      void this.#recordSuspended([...rows, this.#row('MODE_CHANGED')]);
    } else if (triggers.some(isHalting) || before.causes.length !== holder.now.causes.length) {
      void this.#append(rows);
    }
  }

  async #recordSuspended(rows: readonly AuditEntry[]): Promise<void> {
    const { epoch } = this.#holder.now;
    const written = await this.#append(rows);
    if (written.ok && !isLatched(this.#holder.now.mode)) await this.#arming.renew(epoch);
  }

  /** What halted at the first call must not start its flatten once more at the second. */
  #isNewFinding({ kind, mode, reason }: Trigger): boolean {
    const finding = `${kind} ${reason}`;
    if (this.#haltFindings.has(finding)) return false;
    if (isLatched(mode)) this.#haltFindings.add(finding);
    return true;
  }

  /** Record first, arm second; a halt that comes meanwhile takes the token away again. */
  async #armFirst(reason: 'FIRST_RUN' | 'START'): Promise<void> {
    const { epoch } = this.#holder.now;
    const written = await this.#append([this.#row('ARMED', { reason })]);
    if (isLatched(this.#holder.now.mode)) return;
    if (!written.ok) {
      this.raise(faultTrigger('AUDIT', `cannot record: ${written.message}`));
      return;
    }
    const armed = await this.#arming.arm(epoch, 'gateway');
    if (isLatched(this.#holder.now.mode) || armed.ok) return;
    this.raise(faultTrigger('TOKEN', `the ARMED token cannot be written: ${armed.message}`));
  }

  /** A terminal that outlived a gateway whose disk had failed may know an epoch that no row tells. */
  #overtakeEpoch(): void {
    const known = this.#ports.terminal.state().latch?.epoch ?? 0;
    this.#holder.become(atEpoch(this.#holder.now, Math.max(known, this.#holder.now.epoch) + 1));
    this.#latch.engage(this.#holder.now.epoch);
  }

  /** What the terminal would refuse must not look allowed here. Start-up asks for itself, a resume lifts the latch. */
  #followLatch({ latch }: TerminalState): void {
    const { mode, epoch, causes } = this.#holder.now;
    if (latch === null || this.#resumption.isUnderWay || causes.some(({ kind }) => kind === 'STARTING')) return;
    const isAhead = latch.epoch > epoch;
    if (mode !== 'HALTED' && (latch.isOn || isAhead)) this.raise(latchTrigger(latch));
    if (isAhead) this.#overtakeEpoch();
  }

  #onPhase(phase: FlattenPhase): void {
    this.#holder.become(inPhase(this.#holder.now, phase));
    if (phase === 'FLAT') this.#holder.announce('KILL_SWITCH');
  }

  /** SUSPENDED ends a whole number of beats after the last change of its causes. */
  #restartBeat(): void {
    this.#cancelBeat();
    if (this.#isStopped || this.#holder.now.mode !== 'SUSPENDED') return;
    this.#cancelBeat = this.#ports.clock.after(BEAT_MS, () => {
      this.#holder.become(beat(this.#holder.now, this.#ports.clock.nowMs()));
      if (this.#holder.now.mode === 'TRADING') void this.#append([this.#row('MODE_CHANGED')]);
      this.#restartBeat();
    });
  }

  async #append(rows: readonly AuditEntry[]): Promise<AppendResult> {
    try {
      return await this.#ports.audit.append(rows);
    } catch (error) {
      this.#ports.log.error('audit-append-failed', { error });
      return { ok: false, ambiguous: true, message: String(error) };
    }
  }

  #row(type: RowType, fields: Partial<AuditEntry> = {}): AuditEntry {
    return safetyRow(type, this.#ports.clock, this.#holder.now, fields);
  }

  #intentRow(): AuditEntry {
    const { mode, flatten } = this.#holder.now;
    return this.#row('KILL_INTENT', { payload: canonicalJson({ flatten, mode }) });
  }
}

function faultTrigger(kind: CauseKind, reason: string): Trigger {
  return { kind, mode: 'HALTED', flatten: 'none', actor: 'gateway', reason };
}

function isHalting(trigger: Trigger): boolean {
  return trigger.mode === 'HALTED' || trigger.flatten !== 'none';
}

/** What an earlier session was stopped by has its rows already. */
function isNews(trigger: Trigger): boolean {
  return trigger.atMs === undefined;
}

/** Whether a restart has to know something that the last record does not say. */
function needsRecord(before: TradingState, after: TradingState): boolean {
  const isChanged = before.mode !== after.mode || before.flatten !== after.flatten || before.epoch !== after.epoch;
  const isFlatteningAgain = before.flattenPhase === 'FLAT' && after.flattenPhase !== 'FLAT';
  return isChanged || isFlatteningAgain || latchingCauses(before) !== latchingCauses(after);
}

function latchingCauses({ causes }: TradingState): number {
  return causes.filter(({ mode }) => isLatched(mode)).length;
}
