import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { assertNever } from '../assert-never.ts';
import { canonicalJson } from '../protocol/json.ts';
import { ticketData, type FlattenTicket } from './flatten-ticket.ts';
import { safetyRow } from './halt-rows.ts';
import { MAX_REASON_CHARACTERS } from './resume-rules.ts';
import type { Safety, TicketReport } from './safety-port.ts';
import { within } from './within.ts';

/** A close waits no longer than this for its row, in milliseconds: a broken log must not keep risk from being reduced. */
const WRITE_LIMIT_MS = 1_000;

export interface OperatorCloseRecordPorts {
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly safety: Pick<Safety, 'state'>;
  readonly log: Log;
}

/** The rows of one close by an operator: who wanted it and why, with its intent and with whatever is known of its outcome. */
export class OperatorCloseRecord {
  readonly #ports: OperatorCloseRecordPorts;
  readonly #by: string;
  readonly #reason: string;
  #isRecorded = true;

  constructor(ports: OperatorCloseRecordPorts, by: string, reason: string) {
    this.#ports = ports;
    this.#by = by;
    this.#reason = reason.slice(0, MAX_REASON_CHARACTERS).toWellFormed();
  }

  /** False once a row could not be written, or not in time. */
  get isRecorded(): boolean {
    return this.#isRecorded;
  }

  /** Writes that it is wanted. Resolves when that is on disk, or cannot be waited for any longer. */
  async intent(item: FlattenTicket): Promise<void> {
    await this.#write(item, 'INTENT');
  }

  /** Writes how it stands now. Resolves like `intent`. */
  async outcome(item: FlattenTicket): Promise<void> {
    await this.#write(item, operatorStatus(item));
  }

  async #write(item: FlattenTicket, status: string): Promise<void> {
    const written = await within(this.#ports.clock, WRITE_LIMIT_MS, this.#append(this.#row(item, status)));
    if (written?.ok === true) return;
    this.#isRecorded = false;
    const message = written?.message ?? 'the disk does not answer';
    this.#ports.log.error('operator-close-not-recorded', { ticket: item.ticket, status, message });
  }

  #append(row: AuditEntry): ReturnType<AuditLog['append']> {
    return this.#ports.audit.append([row]);
  }

  #row(item: FlattenTicket, status: string): AuditEntry {
    const { clock, safety } = this.#ports;
    const { ticket, symbol, volumeLots, state } = item;
    return safetyRow('OPERATOR_CLOSE', clock, safety.state(), {
      actorKind: 'operator',
      actor: this.#by,
      reason: this.#reason,
      ticket: ticket.toString(),
      symbol,
      volume: String(volumeLots),
      status,
      payload: canonicalJson(operatorReport(item)),
      ...('code' in state ? { code: state.code } : {}),
    });
  }
}

/** How an operator's close stands. Unlike in a flatten, what failed is not tried again. */
export type OperatorCloseStatus = 'CLOSED' | 'CANCELLED' | 'GONE' | 'PARTIAL' | 'FAILED' | 'UNKNOWN';

/** How it stands now; UNKNOWN while it is under way. */
export function operatorStatus({ state }: FlattenTicket): OperatorCloseStatus {
  switch (state.kind) {
    case 'CLOSED':
      return state.how;
    case 'PARTIAL':
      return 'PARTIAL';
    case 'RETRY':
    case 'BLOCKED':
      return state.code === 'OUTCOME_UNKNOWN' ? 'UNKNOWN' : 'FAILED';
    case 'OPEN':
    case 'CLOSING':
    case 'UNKNOWN':
    case 'TAKEN_OUT':
      return 'UNKNOWN';
    default:
      return assertNever(state, 'ticket state');
  }
}

/** The ticket as an operator is told of it. */
export function operatorReport(item: FlattenTicket): TicketReport {
  return { ...ticketData(item), state: operatorStatus(item) };
}
