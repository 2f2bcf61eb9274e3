import type { AuditLog } from '../audit/audit-log.ts';
import { isOpenState } from '../audit/command-record.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { refusal } from '../protocol/codes.ts';
import { refused } from './ending.ts';
import type { TradeJournal } from './trade-journal.ts';
import type { Trade } from './trade.ts';

/** Nothing was sent, since it could not be recorded. */
export const NOT_RECORDED = refusal(
  'AUDIT_UNAVAILABLE',
  'the audit log cannot be written, and nothing is executed that cannot be recorded; this request sent nothing',
);

const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000] as const;
const REASON = 'its intent is on disk although that was reported as failed: it was certainly not sent';

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: AuditLog;
  readonly journal: TradeJournal;
}

/**
 * A commit that failed may have reached the disk all the same. The command was not sent and its client was told so; what
 * is looked up here, once the log works again, is whether its rows are there: then they get an end, so that nobody has to
 * search the terminal for it. What is not settled within half a minute is left to the next start.
 */
export class ClaimDoubts {
  readonly #ports: Ports;
  readonly #cancels = new Set<() => void>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The claim of this command failed, and may be on disk. */
  lookUp(trade: Trade): void {
    this.#tryAfter(trade, 0);
  }

  /** Looks no more. May be called twice. */
  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #tryAfter(trade: Trade, tries: number): void {
    const { clock, log } = this.#ports;
    const pauseMs = PAUSES_MS[tries];
    if (pauseMs === undefined) {
      log.warn('claim-in-doubt-left-to-the-next-start', { req_id: trade.command.key.reqId });
      return;
    }
    const cancel = clock.after(pauseMs, () => {
      this.#cancels.delete(cancel);
      void this.#isSettled(trade)
        .catch(() => false)
        .then((isSettled) => {
          if (!isSettled) this.#tryAfter(trade, tries + 1);
        });
    });
    this.#cancels.add(cancel);
  }

  /** False also where the log has nothing: what is not there now may be once the log has been opened anew. */
  async #isSettled({ command, claimedAfterSeq }: Trade): Promise<boolean> {
    const { audit, journal, clock } = this.#ports;
    const record = await audit.findCommand(command.key);
    if (record === null) return false;
    const isOurs = record.seq > claimedAfterSeq;
    if (!isOurs || !isOpenState(record.state)) return true;
    const ending = refused('FENCED', NOT_RECORDED.code, NOT_RECORDED.message);
    if (!(await journal.recovered(record.key, record.action, ending, REASON))) return false;
    command.settle(ending.state, ending.answer, clock.nowMs());
    return true;
  }
}
