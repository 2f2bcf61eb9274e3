import type { AppendResult, AuditEntry } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { canonicalJson } from '../protocol/json.ts';
import type { Arming } from './arming.ts';
import type { Flatten } from './flatten.ts';
import type { HaltRecord } from './halt-record.ts';
import { causesPayload, latchedRow, safetyRow } from './halt-rows.ts';
import { MAX_REASON_CHARACTERS, resumeObstacle, type ResumeObstacle } from './resume-rules.ts';
import type { ResumeResult } from './safety-port.ts';
import type { StateHolder } from './state-holder.ts';
import type { TerminalLatch } from './terminal-latch.ts';
import { atEpoch, resumed } from './transitions.ts';

export interface ResumptionPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'state'>;
  readonly holder: StateHolder;
  readonly arming: Arming;
  readonly latch: TerminalLatch;
  readonly record: HaltRecord;
  readonly flatten: Pick<Flatten, 'isRunning' | 'open'>;
  /** Appends to the audit log. Never rejects. */
  readonly append: (rows: readonly AuditEntry[]) => Promise<AppendResult>;
}

const OVERRULED = 'trading was stopped again meanwhile';

/** The way back to TRADING: record first, resume second. A kill that comes while it waits wins. */
export class Resumption {
  readonly #ports: ResumptionPorts;
  #nextEpoch: number | null = null;
  #isOverruled = false;

  constructor(ports: ResumptionPorts) {
    this.#ports = ports;
  }

  get isUnderWay(): boolean {
    return this.#nextEpoch !== null;
  }

  /** Resumes, or says why not. */
  async run(by: string, reason: string): Promise<ResumeResult> {
    const { clock, holder, record, append } = this.#ports;
    const obstacle = this.#obstacle(reason);
    if (obstacle !== null) {
      void append([this.#refusedRow(by, reason, obstacle.message)]);
      return { ok: false, ...obstacle };
    }
    const epoch = holder.now.epoch + 1;
    this.#nextEpoch = epoch;
    this.#isOverruled = false;
    record.cancel();
    const failure = await this.#recordArmRelease(by, reason.trim(), epoch);
    this.#nextEpoch = null;
    if (failure !== null) return this.#takeBack(by, reason, epoch, failure);
    holder.become(resumed(holder.now, epoch, clock.nowMs()));
    return { ok: true, state: holder.now };
  }

  /**
   * Something was raised, or the gateway stops. Moves the epoch past that of a resume under way, so that nothing of it
   * is worth anything to the terminal any more.
   */
  overrule(): void {
    this.#isOverruled = true;
    const { holder } = this.#ports;
    if (this.#nextEpoch !== null) holder.enforce(atEpoch(holder.now, this.#nextEpoch + 1));
  }

  #obstacle(reason: string): ResumeObstacle | null {
    const { terminal, holder, flatten } = this.#ports;
    if (this.#nextEpoch !== null) return { message: 'refused: a resume is under way', standing: [] };
    if (terminal.state().account === null) {
      return { message: 'refused: the terminal has not said its account', standing: [] };
    }
    return resumeObstacle(holder.now, reason, flatten.isRunning(), flatten.open());
  }

  /** Why it failed; null when every step has worked and nothing has overruled it. */
  async #recordArmRelease(by: string, reason: string, epoch: number): Promise<string | null> {
    const { append, arming, latch } = this.#ports;
    const isOverruled = () => this.#isOverruled;
    const written = await append([this.#resumeRow(by, reason, epoch)]);
    if (isOverruled()) return OVERRULED;
    if (!written.ok) return `the audit log cannot record it: ${written.message}`;
    const armed = await arming.arm(epoch, by);
    if (isOverruled()) return OVERRULED;
    if (!armed.ok) return `the ARMED token cannot be written: ${armed.message}`;
    const isReleased = await latch.release(epoch);
    if (isOverruled()) return OVERRULED;
    return isReleased ? null : 'the terminal did not answer';
  }

  /** Undoes what had been done, under an epoch that nothing of it carries. */
  #takeBack(by: string, reason: string, epoch: number, failure: string): ResumeResult {
    const { clock, holder, latch, record } = this.#ports;
    holder.enforce({ ...atEpoch(holder.now, epoch + 1), recorded: false });
    if (holder.now.mode === 'HALTED') latch.engage(holder.now.epoch);
    record.begin([this.#refusedRow(by, reason, failure), latchedRow(clock, holder.now)]);
    holder.publish();
    return { ok: false, message: `refused: ${failure}`, standing: [] };
  }

  #resumeRow(by: string, reason: string, epoch: number): AuditEntry {
    const { clock, holder } = this.#ports;
    const payload = causesPayload(holder.now);
    const changed = { epoch, mode: 'TRADING', payload };
    return safetyRow('RESUME', clock, holder.now, { actorKind: 'operator', actor: by, reason, ...changed });
  }

  #refusedRow(by: string, reason: string, message: string): AuditEntry {
    const { clock, holder } = this.#ports;
    return safetyRow('RESUME_REFUSED', clock, holder.now, {
      actorKind: 'operator',
      actor: by,
      reason: reason.slice(0, MAX_REASON_CHARACTERS),
      payload: canonicalJson({ refused: message }),
    });
  }
}
