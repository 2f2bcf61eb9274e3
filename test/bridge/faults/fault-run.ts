import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { isFinal, newCommand, type SentCommand } from '../../faults/sent-command.ts';
import type { Violation } from '../../faults/violation.ts';
import type { Reply } from '../../faults/wire-client.ts';
import { askedOf, type Targets } from './asked-of.ts';
import { BridgeRig } from './bridge-rig.ts';
import type { FaultName } from './fault.ts';
import { FaultInjector } from './fault-injector.ts';
import { checkRun, isLeftToAPerson } from './run-check.ts';
import { drawPlan, type PlannedStep, type RunPlan } from './run-plan.ts';

/** What a run came to. */
export interface RunResult {
  readonly seed: number;
  readonly commands: number;
  readonly struck: readonly FaultName[];
  readonly succeeded: number;
  readonly refused: number;
  /** Commands whose outcome nothing can tell: they stay UNKNOWN, and a person decides. */
  readonly leftToAPerson: number;
  readonly violations: readonly Violation[];
  /** Where its folder is kept, when something was found. */
  readonly note: string | null;
}

const REPLY_WITHIN_MS = 30_000;
const READY_WITHIN_MS = 3_000;
const SETTLED_WITHIN_MS = 30_000;
/** Once all has been at rest for so long nothing more turns up about a command that has left no proof. */
const PROOF_WITHIN_MS = 3_000;
const ASK_EVERY_MS = 150;
const VERIFY_EVERY = 10;

const madeSchema = z.object({ ticket: z.number() });

/**
 * Plays the run of a seed: its commands among its faults, until everything is whole again and settled; then checks it.
 * `keepsFolder`: the data of a run in which something was found stays.
 */
export async function runFaults(seed: number, executable: string, keepsFolder = true): Promise<RunResult> {
  const rig = await BridgeRig.start(executable);
  const run = new FaultRun(drawPlan(seed), rig);
  try {
    await run.play();
    await run.settle();
    await run.check();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    rig.violations.add({ kind: 'contradicted', what });
  }
  const note = await rig.stop(keepsFolder);
  return { ...run.figures(), note };
}

class FaultRun implements Targets {
  readonly #plan: RunPlan;
  readonly #rig: BridgeRig;
  readonly #injector: FaultInjector;
  readonly #commands = new Map<number, SentCommand>();
  readonly #asking = new Set<Promise<unknown>>();
  #leftToAPerson: readonly SentCommand[] = [];
  #wasReady = true;

  constructor(plan: RunPlan, rig: BridgeRig) {
    this.#plan = plan;
    this.#rig = rig;
    this.#injector = new FaultInjector(rig);
  }

  /** All commands in their order, each fault before its own. */
  async play(): Promise<void> {
    const { steps, faults } = this.#plan;
    for (const [index, step] of steps.entries()) {
      await this.#rig.mend();
      if (step.isPatient) await this.#waitUntilReady();
      for (const fault of faults.filter(({ atStep }) => atStep === index)) await this.#injector.prepare(fault);
      await this.#take(index, step);
    }
    await Promise.all(this.#asking);
  }

  /** Takes the faults away, and asks until every command has an outcome or none can have one any more. */
  async settle(): Promise<void> {
    const startMs = performance.now();
    let restMs = Infinity;
    this.#injector.disarm();
    for (;;) {
      await this.#injector.freeProgram();
      await this.#rig.mend();
      await this.#rig.resume(0);
      restMs = (await this.#rig.isAtRest()) ? Math.min(restMs, performance.now()) : Infinity;
      const open = this.#sent.filter((command) => !command.replies.some(isFinal));
      await Promise.all(open.map((command) => this.#ask(command)));
      const nowMs = performance.now();
      const still = open.filter((command) => !command.replies.some(isFinal));
      if (still.length === 0 && this.#rig.account.isIdle) return;
      if (nowMs - startMs > SETTLED_WITHIN_MS) return;
      if (nowMs - restMs > PROOF_WITHIN_MS && still.every((command) => isLeftToAPerson(command, this.#rig))) return;
      await pause(ASK_EVERY_MS);
    }
  }

  /** Asks for everything once more, and compares all that was told with log, account and requests. */
  async check(): Promise<void> {
    await Promise.all(this.#sent.map((command) => this.#ask(command)));
    this.#rig.readLog();
    if (this.#plan.seed % VERIFY_EVERY === 0) await this.#rig.verifyLog();
    const { violations, leftToAPerson } = checkRun(this.#sent, this.#rig);
    this.#leftToAPerson = leftToAPerson;
    this.#rig.violations.add(...violations);
  }

  figures(): Omit<RunResult, 'note'> {
    const answered = (status: Reply['status']) =>
      this.#sent.filter(({ replies }) => replies.some((reply) => reply.status === status)).length;
    return {
      seed: this.#plan.seed,
      commands: this.#sent.length,
      struck: this.#injector.struck,
      succeeded: answered('SUCCESS'),
      refused: answered('ERROR'),
      leftToAPerson: this.#leftToAPerson.length,
      violations: this.#rig.violations.all,
    };
  }

  commandOf(step: number): SentCommand | null {
    return this.#commands.get(step) ?? null;
  }

  /** As the client was told, or as it would see it among its positions and orders. */
  ticketOf({ tag, replies }: SentCommand): number | null {
    const success = replies.find(({ status }) => status === 'SUCCESS');
    if (success !== undefined) return madeSchema.parse(success.data).ticket;
    return this.#rig.account.ordersOf(tag)[0]?.ticket ?? null;
  }

  /** Where it was waited for in vain, as while a person has to decide, it is not waited for again before it is there. */
  async #waitUntilReady(): Promise<void> {
    const isReady = await this.#rig.isReadyWithin(this.#wasReady ? READY_WITHIN_MS : 0);
    this.#wasReady = isReady || (await this.#rig.resume(0)) === null;
  }

  get #sent(): readonly SentCommand[] {
    return [...this.#commands.values()];
  }

  async #take(index: number, { client, reqId, isOverlapped, repeat }: PlannedStep): Promise<void> {
    const command = newCommand(client, askedOf(this.#plan, index, this), reqId);
    this.#commands.set(index, command);
    const asking = this.#ask(command);
    const again = repeat === 'at-once' ? this.#ask(command) : null;
    const all = Promise.all([asking, again]);
    this.#asking.add(all);
    if (!isOverlapped) await all;
    if (repeat === 'later') await this.#ask(command);
  }

  async #ask(command: SentCommand): Promise<void> {
    const { client, reqId } = command.key;
    const reply = await Promise.race([
      this.#rig.clientOf(client)?.ask(reqId, command.bytes) ?? null,
      pause(REPLY_WITHIN_MS, 'late' as const, { ref: false }),
    ]);
    if (reply === 'late') throw new Error(`${reqId} got no reply at all within ${REPLY_WITHIN_MS} ms`);
    if (reply !== null) command.replies.push(reply);
  }
}
