import type { AppendResult, AuditEntry } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ArmedToken, DisarmResult } from './armed-token.ts';
import { retryDelayMs } from './retry-delay.ts';

export interface HaltRecordPorts {
  readonly clock: Clock;
  readonly token: Pick<ArmedToken, 'disarm'>;
  readonly log: Log;
  /** Appends to the audit log. Never rejects. */
  readonly append: (rows: readonly AuditEntry[]) => Promise<AppendResult>;
  /** The state as a KILL_LATCHED row, for a further try. */
  readonly latchedRow: () => AuditEntry;
  /** The row that says that the token is gone. */
  readonly removedRow: (how: DisarmResult['kind']) => AuditEntry;
  /** Token and audit log have both answered: the halt outlives a restart whichever of them is lost. */
  readonly onRecorded: () => void;
}

/** K2 and K3: takes the token away and writes the rows, at the same time, and tries again until both have worked. */
export class HaltRecord {
  readonly #ports: HaltRecordPorts;
  /** Answers that belong to an older round count no more. */
  #round = 0;
  #failures = 0;
  #underWay: Promise<unknown> = Promise.resolve();
  #cancelRetry = () => {};
  #isStopped = false;

  constructor(ports: HaltRecordPorts) {
    this.#ports = ports;
  }

  /** Starts both in this turn. */
  begin(rows: readonly AuditEntry[]): void {
    this.#failures = 0;
    this.#try(rows);
  }

  /** The halt may be about to end: no further try, and answers on their way count no more. */
  cancel(): void {
    this.#round += 1;
    this.#cancelRetry();
  }

  /** The gateway stops: a halt that comes now is still recorded, but tried only once. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelRetry();
  }

  /** Resolves when what has been started has answered, in whatever way. */
  async whenAnswered(): Promise<void> {
    await this.#underWay;
  }

  #try(rows: readonly AuditEntry[]): void {
    this.#cancelRetry();
    const round = (this.#round += 1);
    this.#underWay = Promise.all([this.#disarm(), this.#ports.append(rows)]).then(([isDisarmed, written]) => {
      if (round !== this.#round) return;
      if (isDisarmed && written.ok) this.#ports.onRecorded();
      else this.#tryLater();
    });
  }

  async #disarm(): Promise<boolean> {
    const result = await this.#ports.token.disarm();
    if (result.kind === 'failed') {
      this.#ports.log.error('armed-token-not-removed', { message: result.message });
      return false;
    }
    if (result.kind !== 'absent') void this.#ports.append([this.#ports.removedRow(result.kind)]);
    return true;
  }

  #tryLater(): void {
    this.#failures += 1;
    this.#ports.log.error('halt-not-recorded', { failures: this.#failures });
    if (this.#isStopped) return;
    this.#cancelRetry = this.#ports.clock.after(retryDelayMs(this.#failures), () => {
      this.#try([this.#ports.latchedRow()]);
    });
  }
}
