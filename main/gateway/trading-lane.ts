import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mt5Handler } from '../mt5/handler.ts';
import { failure } from '../protocol/envelope.ts';
import { refusal, type Refusal } from '../protocol/codes.ts';
import type { Envelope } from '../protocol/decode.ts';
import { payloadHash } from '../protocol/payload-hash.ts';
import type { Admission, PreTradeLimits, Safety } from '../safety/safety-port.ts';
import { type ClaimDoubts, NOT_RECORDED } from './claim-doubts.ts';
import { Command, type CommandContent } from './command.ts';
import type { CommandIndex } from './command-index.ts';
import { beforeDeadline } from './deadline.ts';
import { endOfTurn } from './end-of-turn.ts';
import { haltedBefore, type NotKnown, refused } from './ending.ts';
import type { Exchange } from './exchange.ts';
import { makePlan } from './make-plan.ts';
import { isRefusal, type Plan } from './plan.ts';
import { recordedPayload } from './recorded-payload.ts';
import type { Verdict } from './decision.ts';
import type { Reconciler } from './reconcile.ts';
import { Settlement } from './settlement.ts';
import type { SymbolDigits } from './symbol-digits.ts';
import { TerminalLeg } from './terminal-leg.ts';
import { mayNotStart } from './trade-gate.ts';
import { Trade, type TradeRequest } from './trade.ts';
import type { Ending, TradeJournal } from './trade-journal.ts';
import { type Place, WriteWindow } from './write-window.ts';

/** Settings of the trading lane. */
export interface LaneOptions {
  /** After this long a command whose outcome is not known is answered PENDING, in milliseconds. */
  readonly commandDeadlineMs: number;
  /** How long after its timestamp a command may start when it does not say so itself, in milliseconds. */
  readonly ttlMs: number;
  readonly magicBase: number;
  /** How many commands may be with the terminal at once. */
  readonly windowSize: number;
  /** How many may wait for that; beyond it a command is refused as BUSY. */
  readonly queueLimit: number;
}

interface Ports {
  readonly clock: Clock;
  readonly log: Log;
  readonly safety: Safety;
  readonly terminal: Mt5Handler;
  readonly symbols: Pick<SymbolDigits, 'has'>;
  readonly index: CommandIndex;
  readonly journal: TradeJournal;
  readonly doubts: ClaimDoubts;
  readonly reconciler: Reconciler;
  /** None where the operator's limits are not watched. */
  readonly limits?: PreTradeLimits | undefined;
  /** The outcome of a command that was answered PENDING is known. */
  readonly onLateOutcome: (command: Command) => void;
}

/**
 * The way of a trading command: deduplicate → age → mode and limits → record intent → mode again → execute → record
 * outcome → reply. Commands are written to the terminal in the order of receipt; none waits for the answer to another.
 * After every wait, the gate is asked again before the next step, last in the very turn in which the terminal is written to.
 */
export class TradingLane {
  readonly #options: LaneOptions;
  readonly #ports: Ports;
  readonly #settlement: Settlement;
  readonly #leg: TerminalLeg;
  readonly #window: WriteWindow;
  readonly #stopListening: () => void;
  readonly #running = new Set<Promise<void>>();

  constructor(options: LaneOptions, ports: Ports) {
    this.#options = options;
    this.#ports = ports;
    this.#settlement = new Settlement(options.commandDeadlineMs, ports);
    this.#leg = new TerminalLeg(ports);
    this.#window = new WriteWindow(options.windowSize);
    // What waits for a slot when trading stops is refused at once, not when its turn comes.
    this.#stopListening = ports.safety.onChange(() => this.#window.sendAway());
  }

  /** Commands that are with the terminal or whose outcome is not known. */
  get inFlight(): number {
    return this.#leg.inFlight;
  }

  /** Commands that wait for a slot. */
  get waiting(): number {
    return this.#window.waiting;
  }

  /** Resolves when every command taken so far has ended or is known to be unknown. */
  async whenIdle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  /** Listens to the trading state no more. */
  stop(): void {
    this.#stopListening();
  }

  /**
   * Takes a command. `asked` is the request, or why it cannot run as it is: such a one uses its `req_id` up as well.
   * Nothing is acted on before the end of this turn, so that a KILL that waits behind it in the socket comes first.
   */
  receive(client: string, envelope: Envelope, asked: TradeRequest | Refusal, exchange: Exchange): void {
    const { index, clock } = this.#ports;
    const { action, reqId, rawPayload } = envelope;
    const key = { client, reqId };
    const content = { action, payloadHash: payloadHash(action, rawPayload) };
    const known = index.find(key);
    if (known !== null) {
      this.#attendKnown(known, content, envelope, exchange);
      return;
    }
    if (this.#running.size >= MAX_UNDER_WAY) {
      exchange.answer(failure(busy(this.#running.size)));
      return;
    }
    const command = new Command(key, content, clock.nowMs());
    index.add(command);
    command.attend(exchange, content, false);
    const running = this.#run(new Trade(command, envelope, this.#options.ttlMs, clock), asked);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  #attendKnown(known: Command, content: CommandContent, envelope: Envelope, exchange: Exchange): void {
    known.attend(exchange, content, true);
    if (known.isSame(content)) return;
    void this.#ports.journal.reused(known.key, content, recordedPayload(envelope.rawPayload), known.reused());
  }

  async #run(trade: Trade, asked: TradeRequest | Refusal): Promise<void> {
    const cancelDeadline = this.#ports.clock.after(this.#options.commandDeadlineMs, () =>
      this.#settlement.deadlinePassed(trade),
    );
    try {
      await endOfTurn();
      const refusedAtOnce = 'code' in asked ? asked : this.#tooManyWait();
      if (refusedAtOnce !== null) await this.#settlement.refuse(trade, refusedAtOnce);
      else if ('payload' in asked) await this.#carryOut(trade, asked);
    } catch (error) {
      await this.#stumble(trade, error);
    } finally {
      cancelDeadline();
    }
  }

  async #carryOut(trade: Trade, request: TradeRequest): Promise<void> {
    const place = this.#window.enter(() => this.#ports.safety.gate(request.action) === null);
    try {
      const plan = await this.#plan(trade, request);
      if (isRefusal(plan)) await this.#settlement.refuse(trade, plan);
      else if (await this.#isRecorded(trade, plan, place)) await this.#send(trade, plan, place);
    } finally {
      place.leave();
    }
  }

  #tooManyWait(): Refusal | null {
    const { waiting } = this.#window;
    return waiting < this.#options.queueLimit ? null : busy(waiting);
  }

  /** Why it may not start now, or null. */
  #mayNotStart(trade: Trade, plan: Plan | null = null): Refusal | null {
    return mayNotStart(trade, plan, this.#ports.safety);
  }

  async #plan(trade: Trade, request: TradeRequest): Promise<Plan | Refusal> {
    const early = this.#mayNotStart(trade);
    if (early !== null) return early;
    const { terminal, symbols } = this.#ports;
    const { magicBase } = this.#options;
    const making = makePlan(request, { key: trade.command.key, magicBase, terminal, symbols });
    const made = await this.#inTime<Plan | Refusal>(making, () => notTold('the position'));
    if (isRefusal(made)) return this.#mayNotStart(trade) ?? made;
    return this.#mayNotStart(trade, made) ?? (await this.#limit(trade, request)) ?? made;
  }

  /** The operator's limits, for what opens something. An order that is let through counts until its outcome is known. */
  async #limit(trade: Trade, request: TradeRequest): Promise<Refusal | null> {
    const { limits } = this.#ports;
    if (limits === undefined || request.action !== 'OPEN_ORDER') return null;
    const admitting = limits.admit(request.payload, trade.command.key.client);
    const admission = await this.#inTime<Admission | null>(admitting, () => null);
    if (admission === null) {
      void admitting.then((late) => {
        if (late.admitted) late.ended();
      });
      return notTold('what the limits have to know');
    }
    if (!admission.admitted) return admission.refusal;
    trade.onEnded(admission.ended);
    return this.#mayNotStart(trade);
  }

  #inTime<T>(asking: Promise<T>, late: () => T): Promise<T> {
    return beforeDeadline(this.#ports.clock, this.#options.commandDeadlineMs, asking, late);
  }

  /** Records the intent and, when its turn has come, the dispatch. False where the command ended instead. */
  async #isRecorded(trade: Trade, plan: Plan, place: Place): Promise<boolean> {
    const { isImmediate } = place;
    trade.markClaimed();
    const claimed = await this.#ports.journal.claimIntent(trade, plan, isImmediate);
    if (!this.#settlement.isNew(trade, claimed)) return false;
    trade.markRecorded();
    if (!isImmediate) return this.#isDispatched(trade, plan, place);
    trade.command.moveTo('DISPATCHING', this.#ports.clock.nowMs());
    return true;
  }

  /** Waits for a slot and records that the order goes out. False where the command ended instead. */
  async #isDispatched(trade: Trade, plan: Plan, place: Place): Promise<boolean> {
    const hasSlot = await place.slot;
    const halted = this.#mayNotStart(trade, plan) ?? (hasSlot ? null : SENT_AWAY);
    if (halted !== null) {
      await this.#settlement.end(trade, plan, haltedBefore(halted));
      return false;
    }
    if (!(await this.#ports.journal.dispatch(trade, plan))) {
      this.#settlement.settle(trade, 'REFUSED', failure(NOT_RECORDED));
      return false;
    }
    trade.command.moveTo('DISPATCHING', this.#ports.clock.nowMs());
    return true;
  }

  /** The gate stands right before the write, with no wait between the two. */
  async #send(trade: Trade, plan: Plan, place: Place): Promise<void> {
    await endOfTurn();
    await place.turn;
    const found = ({ ending, reason }: Verdict) => void this.#settlement.end(trade, plan, ending, reason);
    const ending = await this.#leg.write(trade, plan, place, found);
    if (isRejection(ending)) this.#ports.limits?.rejected(trade.command.key.client);
    if ('why' in ending) await this.#settlement.tellUnknown(trade, plan, ending);
    else await this.#settlement.end(trade, plan, ending);
  }

  /** A fault of the gateway's own, before anything was written or after the outcome was known. */
  async #stumble(trade: Trade, error: unknown): Promise<void> {
    this.#leg.raiseException(error);
    const { command } = trade;
    const internal = refusal('INTERNAL', 'the gateway failed while it worked on this command; nothing was sent');
    if (trade.stage === 'received') {
      this.#settlement.settle(trade, 'REFUSED', failure(internal));
    } else if (trade.stage === 'recorded') {
      await this.#settlement.end(trade, null, refused('REFUSED', internal.code, internal.message));
    } else if (command.answer === null) {
      command.tellPending(command.pendingAnswer('the gateway failed'), this.#ports.clock.nowMs());
    }
  }
}

/** So many commands may be at any step, also while the disk hangs; beyond it they are refused without a record. */
const MAX_UNDER_WAY = 5_000;

const SENT_AWAY = refusal('TRADING_SUSPENDED', 'trading was stopped while it waited; it was not sent');

function busy(waiting: number): Refusal {
  return refusal('BUSY', `${waiting} commands wait already; this one was not sent`);
}

function notTold(what: string): Refusal {
  return refusal('TERMINAL_TIMEOUT', `the terminal did not tell ${what} in time; nothing was sent`);
}

/** The terminal or its broker said no, in words of its own. */
function isRejection(ending: Ending | NotKnown): boolean {
  return ending.state === 'REJECTED' && ending.answer.retcode !== undefined;
}
