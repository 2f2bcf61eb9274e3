import type { Clock } from '../clock.ts';
import type { Fence, Mt5Handler, TradeOutcome, Traces } from '../mt5/handler.ts';
import type { Position } from '../mt5/market.ts';
import { RETCODE, retcodeClass, retcodeName } from '../mt5/retcodes.ts';
import { tagOfName } from '../mt5/tag.ts';
import { roundDownToStep } from '../mt5/volume.ts';
import { ask } from './flatten-book.ts';
import {
  afterCancel,
  afterClose,
  blocked,
  deviationPoints,
  unknown,
  withState,
  type CloseAttempt,
  type FlattenTicket,
  type SentClose,
} from './flatten-ticket.ts';
import { within } from './within.ts';

/** How long after it was sent the terminal may still start a close, in milliseconds. */
const VALID_FOR_MS = 5_000;
/** After this without an answer a call counts as lost, in milliseconds. */
const PATIENCE_MS = 15_000;

/** Code of a ticket whose market is closed. */
const MARKET_CLOSED = retcodeName(RETCODE.MARKET_CLOSED);

export interface TicketCloserPorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'positions' | 'symbol' | 'close' | 'cancel' | 'find' | 'settleMs'>;
  /** The trading state's epoch now. */
  readonly epoch: () => number;
  /** Who closes, at most 18 characters: begins the comment of each close and keeps its tags apart from another's. `kill` when absent. */
  readonly name?: string;
}

/** Takes one step with one ticket of a flatten: cancels, closes, or finds out what became of a close. */
export class TicketCloser {
  readonly #ports: TicketCloserPorts;
  readonly #name: string;
  #closes = 0;

  constructor(ports: TicketCloserPorts) {
    this.#ports = ports;
    this.#name = ports.name ?? 'kill';
  }

  /** The ticket after one step. Sends nothing when `isWanted` says no right before. Never rejects. */
  async step(item: FlattenTicket, isWanted: () => boolean): Promise<FlattenTicket> {
    if (item.what === 'order') return this.#cancel(item);
    return item.state.kind === 'UNKNOWN' ? this.#lookFor(item, item.state.sent) : this.#close(item, isWanted);
  }

  async #cancel(item: FlattenTicket): Promise<FlattenTicket> {
    const outcome = await this.#call((fence) => this.#ports.terminal.cancel(item.ticket, fence));
    return afterCancel(item, outcome, this.#nowMs());
  }

  async #close(item: FlattenTicket, isWanted: () => boolean): Promise<FlattenTicket> {
    const maxLots = await this.#mostLots(item.symbol);
    const live = await this.#live(item);
    if (live === 'away') return this.#away(item);
    if (live === 'gone') return withState(item, { kind: 'CLOSED', how: 'GONE' });
    if (!isWanted()) return item;
    const attempt: CloseAttempt = {
      tag: this.#nextTag(item),
      liveLots: live.volumeLots,
      askedLots: Math.min(live.volumeLots, maxLots),
    };
    const outcome = await this.#call((fence) => this.#sendClose(item, live, attempt, fence));
    return this.#withOpening(afterClose({ ...item, volumeLots: live.volumeLots }, attempt, outcome, this.#nowMs()));
  }

  /** Says of a closed market when it opens, where the terminal knows. */
  async #withOpening(item: FlattenTicket): Promise<FlattenTicket> {
    const { state } = item;
    if (state.kind !== 'BLOCKED' || state.code !== MARKET_CLOSED) return item;
    const spec = await ask(this.#ports.clock, () => this.#ports.terminal.symbol(item.symbol));
    if (!spec.ok || spec.value.opensAtMs === undefined) return item;
    const opening = new Date(spec.value.opensAtMs).toISOString();
    return withState(item, { ...state, message: `${state.message}; it opens at ${opening}` });
  }

  #sendClose(item: FlattenTicket, live: Position, attempt: CloseAttempt, fence: Fence): Promise<TradeOutcome> {
    return this.#ports.terminal.close(
      {
        ticket: live.ticket,
        symbol: live.symbol,
        volumeLots: attempt.askedLots,
        deviationPoints: deviationPoints(item.requotes),
        magic: live.magic,
        comment: `${this.#name}~${attempt.tag}`,
      },
      fence,
    );
  }

  /** A close may be under way whose answer is lost. On a netting account a second one would open the other side. */
  async #lookFor(item: FlattenTicket, sent: SentClose): Promise<FlattenTicket> {
    const live = await this.#live(item);
    if (live === 'gone') return withState(item, { kind: 'CLOSED', how: 'CLOSED' });
    if (live === 'away') return unknown(item, sent, 'the terminal does not answer', this.#nowMs(), sent.lostAtMs);
    const traces = await ask(this.#ports.clock, () => this.#ports.terminal.find(sent.tag));
    const hasSettled = this.#nowMs() - sent.lostAtMs >= this.#ports.terminal.settleMs;
    // A netted position may have grown by more than was closed.
    const isShown = live.volumeLots < sent.liveLots || hasSettled;
    const found = traces.ok ? verdict(traces.value, isShown) : 'unclear';
    if (found === 'dealt') return withState(item, { kind: 'PARTIAL', restLots: live.volumeLots });
    if (found === 'nothing' && hasSettled) return withState(item, { kind: 'OPEN' });
    return unknown(item, sent, 'what became of the last close is not known yet', this.#nowMs(), sent.lostAtMs);
  }

  async #live(item: FlattenTicket): Promise<Position | 'gone' | 'away'> {
    const answer = await ask(this.#ports.clock, () => this.#ports.terminal.positions({ ticket: item.ticket }));
    if (!answer.ok) return answer.code === 'NOT_FOUND' ? 'gone' : 'away';
    return answer.value.find((position) => position.ticket === item.ticket) ?? 'gone';
  }

  async #mostLots(symbol: string): Promise<number> {
    const spec = await ask(this.#ports.clock, () => this.#ports.terminal.symbol(symbol));
    return spec.ok ? roundDownToStep(spec.value.volumeMax, spec.value.volumeStep) : Infinity;
  }

  async #call(send: (fence: Fence) => Promise<TradeOutcome>): Promise<TradeOutcome> {
    const { clock, epoch } = this.#ports;
    const started = (async () => send({ epoch: epoch(), validUntilMonoMs: clock.monoMs() + VALID_FOR_MS }))();
    const outcome = await within(clock, PATIENCE_MS, started);
    return outcome ?? { kind: 'lost', message: 'no answer from the terminal' };
  }

  #away(item: FlattenTicket): FlattenTicket {
    return blocked(item, 'TERMINAL_DISCONNECTED', 'the terminal does not answer', this.#nowMs());
  }

  /** Names one close, also over restarts, since each run has epochs of its own. */
  #nextTag(item: FlattenTicket): string {
    this.#closes += 1;
    return tagOfName(
      `${this.#name}:${this.#ports.epoch()}:${item.ticket}:${this.#closes}:${this.#ports.clock.nowMs()}`,
    );
  }

  #nowMs(): number {
    return this.#ports.clock.monoMs();
  }
}

function verdict(traces: Traces, isSmaller: boolean): 'dealt' | 'nothing' | 'unclear' {
  // A broker may have rewritten the comment that carries the tag: the program's own record tells all the same. Of a call
  // that only began it tells nothing.
  const isNoted = traces.recorded.some(({ result }) => result !== null && retcodeClass(result.retcode) === 'done');
  if (isNoted) return isSmaller ? 'dealt' : 'unclear';
  const hasTrace = traces.deals.length + traces.orders.length + traces.pending.length + traces.positions.length > 0;
  if (!hasTrace) return traces.complete ? 'nothing' : 'unclear';
  // A deal that the position does not show yet, or an order that still works: wait for them.
  return traces.deals.length > 0 && traces.pending.length === 0 && isSmaller ? 'dealt' : 'unclear';
}
