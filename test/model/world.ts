import type { NewOrder, Position } from '../../main/mt5/market.ts';
import { toTicket } from '../../main/protocol/ticket.ts';
import type { CauseKind } from '../../main/safety/trading-state.ts';
import { MemoryAuditLog } from '../fakes/memory-audit-log.ts';
import { MemoryToken } from '../fakes/memory-token.ts';
import type { SimulatedClock } from '../fakes/simulated-clock.ts';
import { Breach, type Property } from './breach.ts';
import { GatewayProcess } from './gateway-process.ts';
import { isAtLeast, Lattice } from './lattice.ts';
import { Ledger } from './ledger.ts';
import { ModelClock } from './model-clock.ts';
import { ModelTerminal } from './model-terminal.ts';
import type { Reached } from './reached.ts';
import { Requests } from './requests.ts';
import { askedByStart, type Ended, judgeStart } from './start-rules.ts';
import type { ModelOptions } from './steps.ts';
import { type ResumeUnderWay, Watch } from './watch.ts';

/** A start takes no longer than this while the terminal answers, in milliseconds. */
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 3_000;

/** A gateway with everything around it, and the model that it is held against. */
export class World {
  readonly clock: SimulatedClock;
  readonly terminal: ModelTerminal;
  readonly ledger: Ledger;
  readonly lattice = new Lattice();
  readonly requests: Requests;
  /** Interesting states that were reached. */
  readonly reached = new Set<Reached>();
  audit = new MemoryAuditLog();
  token = new MemoryToken();
  /** Why the last resume was refused. */
  lastRefusal = '';
  /** Disk or token have failed in this run. */
  hasTrouble = false;
  #process: GatewayProcess | null = null;
  #watch: Watch | null = null;
  #isStarting = true;
  #breach: Breach | null = null;

  constructor(options: ModelOptions) {
    this.clock = new ModelClock(() => this.fail('comes-to-rest', 'a loop asks without a pause'));
    this.terminal = new ModelTerminal(options, this.clock);
    const breach = (found: Breach) => void (this.#breach ??= found);
    this.ledger = new Ledger(this.terminal, breach);
    this.requests = new Requests(this.ledger, breach, (state) => this.reached.add(state));
    this.terminal.broker.onDone = (marks, isEntry) => this.ledger.done(marks, isEntry);
    this.terminal.broker.onChange = (position) => this.#process?.handle.transact(position);
  }

  /** The gateway of now. */
  get process(): GatewayProcess {
    if (this.#process === null) throw new Error('no gateway has been started');
    return this.#process;
  }

  get isStarting(): boolean {
    return this.#isStarting;
  }

  /** Throws the first breach. */
  check(): void {
    this.#compareStates();
    this.requests.checkOverdue(this.process);
    if (this.#breach !== null) throw this.#breach;
  }

  fail(property: Property, what: string): void {
    this.#breach ??= new Breach(property, what);
  }

  /** Starts the first gateway, or the next one after one that has ended so. */
  async start(before: Ended | null = null): Promise<void> {
    const { clock, terminal, audit, token, ledger, lattice } = this;
    const monoMs = () => clock.monoMs();
    lattice.restarted([STARTING], monoMs());
    this.hasTrouble = !token.canArm || !token.canDisarm;
    this.#isStarting = true;
    const watch = new Watch(ledger.highestEpoch, {
      ...{ lattice, ledger, monoMs },
      mayStillHappen: (call) => terminal.mayStillHappen(call),
      breach: (breach) => void (this.#breach ??= breach),
      reached: (state) => this.reached.add(state),
    });
    this.#watch = watch;
    const process = new GatewayProcess({ clock, terminal, audit, token }, watch);
    this.#process = process;
    watch.begin(process.safety.state());
    const judge = () => {
      const hasTrouble = this.hasTrouble || before?.hadTrouble === true;
      this.#breach ??= judgeStart(process.safety.state(), lattice, before, hasTrouble, monoMs());
    };
    const judged = Promise.withResolvers<boolean>();
    let isJudged = false;
    const started = process.start(
      (unknown) => {
        if (unknown > 0) this.reached.add('started with an unknown order');
        for (const asked of askedByStart(before, unknown)) lattice.ask(asked, monoMs());
      },
      () => {
        isJudged = true;
        judge();
        judged.resolve(true);
      },
    );
    void started.then(() => {
      if (process.isDead) return;
      judge();
      watch.started(process.safety.state());
      this.#isStarting = false;
    });
    // What comes next may come before start-up is over.
    const hasStarted = await Promise.race([judged.promise, this.#drive(() => isJudged, START_LIMIT_MS)]);
    if (!hasStarted) this.fail('restart', 'the start did not come to an end');
  }

  /** The process ends where it stands, and the next one starts. */
  async crash(downMs: number): Promise<void> {
    if (this.lattice.isFlatteningDue) this.reached.add('crashed while flattening');
    if (this.process.core.lane.inFlight > 0) this.reached.add('crashed with an order under way');
    await this.#next(downMs, false);
  }

  /** Ends in order, and the next process starts. */
  async stop(downMs: number): Promise<void> {
    if (this.lattice.isFlatteningDue) this.reached.add('stopped while flattening');
    if (this.lattice.mode(this.clock.monoMs()) === 'TRADING') this.reached.add('stopped while trading');
    let isStopped = false;
    void this.process.stop().then(() => (isStopped = true));
    await this.#drive(() => isStopped, STOP_LIMIT_MS);
    await this.#next(downMs, this.audit.rows.at(-1)?.type === 'SESSION_STOPPED');
  }

  /** A person asks to resume. */
  resume(reason: string): void {
    const { lattice, process } = this;
    const mode = lattice.mode(this.clock.monoMs());
    const isPossible = (mode === 'HALTED' || mode === 'REDUCE_ONLY') && reason.length >= 3;
    const resume: ResumeUnderWay = {
      raisesBefore: lattice.raises,
      mayEverWork: isPossible && !lattice.hasStanding() && !lattice.isFlatteningDue,
      hasWorked: false,
    };
    this.#watch?.resuming(resume);
    void process.safety.resume('operator', reason).then((result) => {
      const { ok } = result;
      if (process.isDead) return;
      this.lastRefusal = result.ok ? '' : result.message;
      if (!ok && lattice.raises > resume.raisesBefore) this.reached.add('a resume was overruled');
      this.#watch?.resumed(resume, ok);
    });
  }

  /** The link goes or comes back; the terminal program may have started anew meanwhile. */
  link(up: boolean, restarts: boolean): void {
    if (this.terminal.linked === up) return;
    if (restarts) this.terminal.restart();
    this.terminal.linked = up;
    this.#watch?.linkChanged();
    this.process.handle.changed();
  }

  autoTrading(on: boolean): void {
    this.terminal.autoTrading = on;
    this.process.handle.changed();
  }

  /** A person trades past the gateway. */
  openByHand(side: 'BUY' | 'SELL'): void {
    const order: NewOrder = { ...BY_HAND, side };
    this.terminal.broker.enter(order);
  }

  closeByHand(nth: number): void {
    const position = this.position(nth);
    if (position === undefined) return;
    const { ticket, symbol } = position;
    this.terminal.broker.exit({ ticket, symbol, deviationPoints: 0, magic: 0n, comment: '' });
  }

  /** A cause is gone. */
  clear(kind: CauseKind, actor?: string): void {
    this.process.safety.clear(kind, actor);
    this.lattice.clear(kind, actor, this.clock.monoMs());
  }

  position(nth: number): Position | undefined {
    const all = [...this.terminal.broker.positions.values()];
    return all[nth % Math.max(1, all.length)];
  }

  orderTicket(nth: number) {
    const all = [...this.terminal.broker.orders.keys()];
    return all[nth % Math.max(1, all.length)] ?? toTicket(1);
  }

  async #next(downMs: number, isClean: boolean): Promise<void> {
    const { lattice, process, audit, token } = this;
    const ended: Ended = {
      isClean,
      mode: lattice.mode(this.clock.monoMs()),
      flatten: lattice.flatten,
      isFlatteningDue: lattice.isFlatteningDue,
      wasRecorded: process.safety.state().recorded,
      hadTrouble: this.hasTrouble,
    };
    process.die();
    this.audit = audit.reopened();
    this.token = new MemoryToken();
    Object.assign(this.token, { content: token.content, canArm: token.canArm, canDisarm: token.canDisarm });
    await this.clock.advance(downMs);
    await this.start(ended);
  }

  #compareStates(): void {
    const { mode, flatten } = this.process.safety.state();
    const expected = this.lattice.mode(this.clock.monoMs());
    const isModeRight = this.#isStarting ? isAtLeast(mode, expected) : mode === expected;
    if (isModeRight && flatten === this.lattice.flatten) return;
    this.fail('lattice', `${mode} with flatten ${flatten} instead of ${expected} with flatten ${this.lattice.flatten}`);
  }

  /** Lets time pass until something is done; false where that takes too long. */
  async #drive(isDone: () => boolean, limitMs: number): Promise<boolean> {
    for (let passedMs = 0; ; passedMs += 250) {
      for (let turn = 0; turn < 4 && !isDone(); turn += 1) await endOfTurn();
      if (isDone() || passedMs >= limitMs) return isDone();
      await this.clock.advance(250);
    }
  }
}

/** Lets everything run that waits for nothing but the end of this turn of the event loop. */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const STARTING = { kind: 'STARTING', actor: 'gateway', mode: 'SUSPENDED', flatten: 'none', standing: true } as const;
const BY_HAND: NewOrder = {
  ...{ symbol: 'EURUSD', side: 'BUY', type: 'MARKET', volumeLots: 0.1 },
  ...{ deviationPoints: 0, magic: 0n, comment: '' },
};
