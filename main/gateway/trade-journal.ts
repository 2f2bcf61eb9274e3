import type { AuditEntry, AuditLog, ClaimResult, CommandKey, CommandState } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { Mt5Handler, TradeResult } from '../mt5/handler.ts';
import type { Answer } from '../protocol/envelope.ts';
import { encodeJson } from '../protocol/json.ts';
import type { Safety } from '../safety/safety-port.ts';
import type { CommandContent } from './command.ts';
import { type Plan, type Subject, subjectOf } from './plan.ts';
import { sentPayload } from './sent-positions.ts';
import type { Trade } from './trade.ts';

/** How a command ended. */
export interface Ending {
  readonly state: Exclude<CommandState, 'ACCEPTED' | 'DISPATCHING' | 'UNKNOWN'>;
  readonly answer: Answer;
  /** What the terminal answered, where it did. */
  readonly result: TradeResult | null;
}

interface Ports {
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly safety: Safety;
  readonly terminal: Mt5Handler;
}

/**
 * Writes the rows of trading commands. What cannot be recorded must not be traded: any failure to write halts, in the
 * turn in which it is known.
 */
export class TradeJournal {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Claims the key with the intent, and with the dispatch in the same commit when the order may go out at once. */
  async claimIntent(trade: Trade, plan: Plan, alsoDispatch: boolean): Promise<ClaimResult> {
    const columns = { type: 'INTENT', status: 'ACCEPTED', payload: trade.payload, ...texts(subjectOf(plan)) } as const;
    const intent = this.#row(trade, columns);
    return this.#claim(trade, alsoDispatch ? [intent, this.#dispatchRow(trade, plan)] : [intent]);
  }

  /** Claims the key with a refusal: a well-formed order uses its `req_id` up also when it is refused. */
  async claimRefusal(trade: Trade, answer: Answer): Promise<ClaimResult> {
    const row = { type: 'REFUSED', status: 'REFUSED', payload: trade.payload, ...answerColumns(answer) } as const;
    return this.#claim(trade, [this.#row(trade, row)]);
  }

  /** Records that the order goes out now. */
  async dispatch(trade: Trade, plan: Plan): Promise<boolean> {
    return this.#append([this.#dispatchRow(trade, plan)]);
  }

  /** Records how a command ended; `reconciled` says what that rests on where it had to be found out. */
  async outcome(trade: Trade, plan: Plan | null, ending: Ending, reconciled?: string): Promise<boolean> {
    const row = this.#outcomeRow(trade, plan, ending);
    if (reconciled === undefined) return this.#append([row]);
    return this.#append([row, this.#row(trade, { type: 'RECONCILED', reason: reconciled })]);
  }

  /** Records that a command's outcome is not known yet. */
  async unknown(trade: Trade, plan: Plan | null, answer: Answer, result: TradeResult | null = null): Promise<boolean> {
    return this.#append([this.#outcomeRow(trade, plan, { state: 'UNKNOWN', answer, result })]);
  }

  /** Records a request that used a known `req_id` for something else. Takes no key and changes no command. */
  async reused(key: CommandKey, content: CommandContent, payload: string, answer: Answer): Promise<boolean> {
    const { clock, safety } = this.#ports;
    const row = { type: 'REFUSED', status: 'REFUSED', ...content, payload, ...answerColumns(answer) } as const;
    return this.#append([commandRow(key, clock, safety, row)]);
  }

  /** Records the outcome of a command that is not under way any more, found in the log. */
  async recovered(key: CommandKey, action: string, ending: Ending, reason: string): Promise<boolean> {
    const { clock, safety } = this.#ports;
    const outcome = {
      type: 'OUTCOME',
      action,
      status: ending.state,
      ...resultColumns(ending.result),
      ...answerColumns(ending.answer),
    } as const;
    return this.#append([
      commandRow(key, clock, safety, outcome),
      commandRow(key, clock, safety, { type: 'RECONCILED', action, reason }),
    ]);
  }

  #outcomeRow(
    trade: Trade,
    plan: Plan | null,
    { state, answer, result }: Omit<Ending, 'state'> & { readonly state: CommandState },
  ): AuditEntry {
    return this.#row(trade, {
      type: 'OUTCOME',
      status: state,
      ...(plan === null ? {} : texts(subjectOf(plan))),
      ...resultColumns(result),
      ...answerColumns(answer),
      latencyUs: trade.latencyUs(),
    });
  }

  #dispatchRow(trade: Trade, plan: Plan): AuditEntry {
    const payload = sentPayload(plan);
    return this.#row(trade, {
      type: 'DISPATCH',
      status: 'DISPATCHING',
      ...texts(subjectOf(plan)),
      ...(payload === null ? {} : { payload }),
    });
  }

  #row(trade: Trade, columns: Columns): AuditEntry {
    const { clock, safety, terminal } = this.#ports;
    const { account, bridgeVersion } = terminal.state();
    return commandRow(trade.command.key, clock, safety, {
      ...trade.command.content,
      ...(account === null ? {} : { account: `${account.login}@${account.server}` }),
      ...(bridgeVersion === '' ? {} : { bridgeVersion }),
      ...columns,
    });
  }

  async #claim(trade: Trade, rows: readonly AuditEntry[]): Promise<ClaimResult> {
    const { audit } = this.#ports;
    trade.claimedAfterSeq = audit.head().seq;
    const claimed = await audit.claim(trade.command.key, rows);
    if (!claimed.ok) this.#halt(claimed.message);
    return claimed;
  }

  async #append(rows: readonly AuditEntry[]): Promise<boolean> {
    const appended = await this.#ports.audit.append(rows);
    if (!appended.ok) this.#halt(appended.message);
    return appended.ok;
  }

  #halt(message: string): void {
    // In the words of the log's own fault, so that one fault is one cause.
    const reason = `cannot record: ${message}`;
    this.#ports.safety.raise({ kind: 'AUDIT', mode: 'HALTED', flatten: 'none', actor: 'gateway', reason });
  }
}

type Columns = Omit<AuditEntry, 'tsUtcUs' | 'tsMonoUs' | 'actorKind' | 'actor' | 'reqId' | 'epoch' | 'mode'>;

function commandRow(key: CommandKey, clock: Clock, safety: Safety, columns: Columns): AuditEntry {
  const { epoch, mode } = safety.state();
  return {
    tsUtcUs: Math.round(clock.nowMs() * 1000),
    tsMonoUs: Math.round(clock.monoMs() * 1000),
    actorKind: 'client',
    actor: key.client,
    reqId: key.reqId,
    epoch,
    mode,
    ...columns,
  };
}

/** Numbers of a subject as exact text. */
function texts({ symbol, side, volumeLots, price, sl, tp, magic, tag, ticket }: Subject): Partial<AuditEntry> {
  return {
    ...(symbol === undefined ? {} : { symbol }),
    ...(side === undefined ? {} : { side }),
    ...(volumeLots === undefined ? {} : { volume: String(volumeLots) }),
    ...(price === undefined ? {} : { price: String(price) }),
    ...(sl === undefined ? {} : { sl: String(sl) }),
    ...(tp === undefined ? {} : { tp: String(tp) }),
    ...(magic === undefined ? {} : { magic: String(magic) }),
    ...(tag === undefined ? {} : { tag }),
    ...(ticket === undefined ? {} : { ticket: String(ticket) }),
  };
}

/** What the terminal really did takes the place of what was asked for. */
function resultColumns(result: TradeResult | null): Partial<AuditEntry> {
  if (result === null) return {};
  const { retcode, volumeLots, price, deal } = result;
  const ticket = result.position === 0n ? result.order : result.position;
  return {
    retcode,
    ...(volumeLots > 0 ? { volume: String(volumeLots) } : {}),
    ...(price > 0 ? { price: String(price) } : {}),
    ...(ticket > 0n ? { ticket: String(ticket) } : {}),
    ...(deal > 0n ? { deal: String(deal) } : {}),
  };
}

function answerColumns(answer: Answer): Partial<AuditEntry> {
  const text = encodeJson(answer);
  return answer.status === 'SUCCESS' ? { answer: text } : { answer: text, code: answer.code, reason: answer.error };
}
